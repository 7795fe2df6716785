namespace SignalCam.Abstractions;

/// <summary>A model's answer for one recording, and the stretch that it scored. <see cref="EcgAnswerJson"/> is its JSON.</summary>
/// <remarks>Immutable; safe for concurrent readers.</remarks>
public sealed record EcgClassification
{
    /// <summary>The recording's name: the id of a stream's item or the name of a file; null if the caller stated none.</summary>
    public string? Recording { get; init; }

    /// <summary>The model's name, as it was added.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, 64 hexadecimal digits in lower case: states which weights answered.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The task that the model was trained for, such as "normal-abnormal".</summary>
    public required string Task { get; init; }

    /// <summary>How the classes relate to each other.</summary>
    public required TaskKind TaskKind { get; init; }

    /// <summary>The backend that computed the logits: "compiled", or "torch" and the device, such as "torch cuda:0".</summary>
    public required string Backend { get; init; }

    /// <summary>
    /// The explainer that made the heat maps: its name, followed by its options as JSON if there are any. Null if none were requested.
    /// </summary>
    public string? Explainer { get; init; }

    /// <summary>
    /// The part of the recording that was scored: less than the whole if it was cropped, the whole if it was padded or scored window by
    /// window.
    /// </summary>
    public required EcgStretch Stretch { get; init; }

    /// <summary>Samples per second of the heat maps: the rate of the model's input.</summary>
    public required double SamplingRate { get; init; }

    /// <summary>One for each class, in the model's order.</summary>
    public required IReadOnlyList<ClassScore> Scores { get; init; }

    /// <summary>The findings of the checks. With an unusable one, every decision is <see cref="ClassDecision.Undecided"/>.</summary>
    public IReadOnlyList<EcgFinding> Findings { get; init; } = [];

    /// <summary>The answers for the windows of a long recording, in order; empty if one window holds it.</summary>
    public IReadOnlyList<EcgWindow> Windows { get; init; } = [];

    /// <summary>The score of a class.</summary>
    /// <param name="class">The class's name (case-insensitive).</param>
    /// <exception cref="ArgumentException">There is no such class; the message lists the available classes.</exception>
    public ClassScore this[string @class] =>
        Scores.FirstOrDefault(s => s.Class.Equals(@class, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"no class '{@class}'; available: {string.Join(", ", Scores.Select(s => s.Class))}", nameof(@class));
}

/// <summary>A model's answer for one window of a long recording.</summary>
/// <param name="Stretch">Where the window is.</param>
/// <param name="Scores">One for each class, in the model's order.</param>
public sealed record EcgWindow(EcgStretch Stretch, IReadOnlyList<ClassScore> Scores);

/// <summary>A model's answer for one class.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Probability">
/// 0 to 1; calibrated where the model file has a calibration. For several windows, combined as the model's options say.
/// </param>
/// <param name="Logit">
/// The network's output before the sigmoid or softmax, uncalibrated: what an exact heat map adds up to. For several windows the mean, or
/// that of the most probable window where they are combined by maximum or noisy-or.
/// </param>
/// <param name="Threshold">The probability above which the class is called present; for a multiclass model, it does not count.</param>
/// <param name="Decision">Whether the class is called present.</param>
/// <param name="HeatMap">The evidence over time; null if not requested.</param>
public sealed record ClassScore(
    string Class, double Probability, double Logit, double Threshold, ClassDecision Decision, HeatMap? HeatMap = null);

/// <summary>The decision on a class.</summary>
public enum ClassDecision
{
    /// <summary>Undecided: a finding makes the recording unusable. Neither present nor absent.</summary>
    Undecided,

    /// <summary>The probability is not above the threshold; for a multiclass model, another class's is higher.</summary>
    Absent,

    /// <summary>The probability is above the threshold; for a multiclass model, it is the highest of all.</summary>
    Present,
}
