namespace SignalCam.Abstractions;

/// <summary>What a model says of one recording, and what it looked at. <see cref="EcgAnswerJson"/> is its JSON.</summary>
/// <remarks>Immutable; safe for concurrent readers.</remarks>
public sealed record EcgClassification
{
    /// <summary>What the recording is called: the id of a stream's item, the name of a file; null where the caller did not say.</summary>
    public string? Recording { get; init; }

    /// <summary>The model's name, as it was added.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, 64 hexadecimal digits in lower case: says which weights answered.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>The task that the model was trained for, such as "normal-abnormal".</summary>
    public required string Task { get; init; }

    /// <summary>How the classes relate to each other.</summary>
    public required TaskKind TaskKind { get; init; }

    /// <summary>What computed the logits: "compiled", or "torch" and the device, such as "torch cuda:0".</summary>
    public required string Backend { get; init; }

    /// <summary>
    /// What made the heat maps: the explainer's name, followed by its options as JSON where there are any. Null where none were asked for.
    /// </summary>
    public string? Explainer { get; init; }

    /// <summary>
    /// Which part of the recording was looked at. Less than the whole where it was cropped; the whole where it was padded or slid over.
    /// </summary>
    public required EcgStretch Stretch { get; init; }

    /// <summary>Samples per second of the heat maps: the rate that the model takes.</summary>
    public required double SamplingRate { get; init; }

    /// <summary>One for each class, in the model's order.</summary>
    public required IReadOnlyList<ClassScore> Scores { get; init; }

    /// <summary>What the checks found. With an unusable one, every decision is <see cref="ClassDecision.Undecided"/>.</summary>
    public IReadOnlyList<EcgFinding> Findings { get; init; } = [];

    /// <summary>The answers of the windows where a long recording was slid over, in their order; empty where one window holds it.</summary>
    public IReadOnlyList<EcgWindow> Windows { get; init; } = [];

    /// <summary>The score of a class.</summary>
    /// <param name="class">The class's name (case-insensitive).</param>
    /// <exception cref="ArgumentException">There is no such class; the message lists the classes there are.</exception>
    public ClassScore this[string @class] =>
        Scores.FirstOrDefault(s => s.Class.Equals(@class, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"no class '{@class}'; there are {string.Join(", ", Scores.Select(s => s.Class))}", nameof(@class));
}

/// <summary>What a model says of one window of a long recording.</summary>
/// <param name="Stretch">Where the window is.</param>
/// <param name="Scores">One for each class, in the model's order.</param>
public sealed record EcgWindow(EcgStretch Stretch, IReadOnlyList<ClassScore> Scores);

/// <summary>What a model says of one class.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Probability">
/// 0 to 1; calibrated where the model file has a calibration. Of several windows, combined as the model's options say.
/// </param>
/// <param name="Logit">
/// The network's output before the sigmoid or softmax, uncalibrated: what an exact heat map adds up to. Of several windows the mean, or
/// that of the most probable window where they are combined by maximum or noisy-or.
/// </param>
/// <param name="Threshold">The probability above which the class is called present; of a multiclass model it does not count.</param>
/// <param name="Decision">Whether the class is called present.</param>
/// <param name="HeatMap">Where in time the evidence lies; null where none was asked for.</param>
public sealed record ClassScore(
    string Class, double Probability, double Logit, double Threshold, ClassDecision Decision, HeatMap? HeatMap = null);

/// <summary>What is decided of a class.</summary>
public enum ClassDecision
{
    /// <summary>Nothing: a finding says that the recording cannot be believed. Neither present nor absent.</summary>
    Undecided,

    /// <summary>The probability is not above the threshold; of a multiclass model, another class's is higher.</summary>
    Absent,

    /// <summary>The probability is above the threshold; of a multiclass model, it is the highest of all.</summary>
    Present,
}
