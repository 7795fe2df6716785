namespace SignalCam.Abstractions;

/// <summary>Classifies raw recordings with one trained model, and shows where in time the evidence lies.</summary>
/// <remarks>
/// <para>A recording may have any sampling rate and more leads than the model takes, in any order: leads are found by name, limb leads
/// derived where they can be, and the signal resampled. What cannot be mapped is refused.</para>
/// <para>Safe for concurrent callers: each call gives the same result as it would alone.</para>
/// </remarks>
public interface IEcgClassifier
{
    /// <summary>The model's name, as it was added.</summary>
    string Name { get; }

    /// <summary>Names of the model's classes, in the order of the results. A binary model has one: the positive class.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>What recordings are turned into: leads, samples per lead and rate.</summary>
    SignalLayout Input { get; }

    /// <summary>Classifies one recording.</summary>
    /// <param name="recording">Samples in millivolt.</param>
    /// <param name="explain">Whether to make a heat map for each class as well.</param>
    /// <exception cref="SignalCamException">The recording cannot be turned into the model's input (a lead is missing, it is too short, a sample is no number), or the model file cannot be read.</exception>
    EcgClassification Classify(EcgSignal recording, bool explain = false);

    /// <summary>Classifies recordings as they arrive, several in one pass; results come in the order of the recordings.</summary>
    /// <param name="recordings">Samples in millivolt; read only as fast as results are taken, one batch at a time, so memory does not grow with their number.</param>
    /// <param name="explain">Whether to make a heat map for each class as well.</param>
    /// <param name="cancellationToken">Stops before the next batch.</param>
    /// <exception cref="SignalCamException">
    /// As for <see cref="Classify"/>; the message says which recording of the stream. The results of those before it have been given by then.
    /// </exception>
    IAsyncEnumerable<EcgClassification> ClassifyAsync(IAsyncEnumerable<EcgSignal> recordings, bool explain = false, CancellationToken cancellationToken = default);
}

/// <summary>Finds classifiers by name, for hosts that learn at run time which model to use.</summary>
public interface IEcgClassifiers
{
    /// <summary>Names of all models, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The classifier of a model.</summary>
    /// <param name="name">The model's name (case-insensitive); null for the default one, or the only one.</param>
    /// <exception cref="SignalCamException">There is none of this name, or several and no default; the message lists them.</exception>
    IEcgClassifier GetClassifier(string? name = null);
}

/// <summary>What a model says of one recording.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Scores">One for each class, in the model's order.</param>
public sealed record EcgClassification(string Model, IReadOnlyList<ClassScore> Scores)
{
    /// <summary>The score of a class.</summary>
    /// <param name="class">The class's name (case-insensitive).</param>
    /// <exception cref="ArgumentException">There is no such class; the message lists the classes there are.</exception>
    public ClassScore this[string @class] =>
        Scores.FirstOrDefault(s => s.Class.Equals(@class, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"no class '{@class}'; there are {string.Join(", ", Scores.Select(s => s.Class))}", nameof(@class));
}

/// <summary>What a model says of one class.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Probability">0 to 1; calibrated where the model file has a calibration.</param>
/// <param name="Logit">The network's output before the sigmoid or softmax, uncalibrated: what an exact heat map adds up to.</param>
/// <param name="Threshold">The probability above which the class is called present; of a multiclass model it does not count.</param>
/// <param name="IsPresent">The decision: the probability is above the threshold; of a multiclass model, it is the highest of all.</param>
/// <param name="HeatMap">
/// Where in time the evidence lies, one value per sample of the recording as the model saw it (its length and rate); null where none was asked for.
/// </param>
public sealed record ClassScore(string Class, double Probability, double Logit, double Threshold, bool IsPresent, HeatMap? HeatMap);
