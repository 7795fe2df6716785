namespace SignalCam.Distributed.Messages;

/// <summary>What a result is stored under. A second result of the same key changes nothing.</summary>
/// <param name="RecordingId">The recording's id, as it was submitted.</param>
/// <param name="ModelSha256">SHA-256 of the model file, 64 hexadecimal digits.</param>
/// <param name="Explainer">What made the maps, as <see cref="ExplainerNames"/> writes it; empty for scores alone.</param>
public readonly record struct ResultKey(string RecordingId, string ModelSha256, string Explainer);

/// <summary>What a model says of one recording.</summary>
/// <param name="Key">What it is stored under.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Scores">One for each class, in the model's order.</param>
public sealed record ScoringResult(ResultKey Key, string Model, IReadOnlyList<ResultScore> Scores);

/// <summary>What a model says of one class.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Probability">0 to 1; calibrated where the model file has a calibration.</param>
/// <param name="Logit">The network's output before the sigmoid or softmax, uncalibrated.</param>
/// <param name="Threshold">The probability above which the class is called present.</param>
/// <param name="IsPresent">The decision.</param>
/// <param name="Cells">
/// The raw map along time at the explainer's own resolution, signed; `CellMaps.Resample` gives one value per sample. Null where no explanation was wanted.
/// </param>
public sealed record ResultScore(string Class, double Probability, double Logit, double Threshold, bool IsPresent, float[]? Cells);
