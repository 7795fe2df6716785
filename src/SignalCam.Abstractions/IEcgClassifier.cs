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

    /// <summary>SHA-256 of the model file, 64 hexadecimal digits in lower case.</summary>
    string Sha256 { get; }

    /// <summary>The task that the model was trained for, such as "normal-abnormal".</summary>
    string Task { get; }

    /// <summary>Names of the model's classes, in the order of the results. A binary model has one: the positive class.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>What recordings are turned into: leads, samples per lead and rate.</summary>
    SignalLayout Input { get; }

    /// <summary>Classifies one recording.</summary>
    /// <param name="recording">Samples in millivolt; an <see cref="EcgSignal"/> will do.</param>
    /// <param name="options">What to give besides the scores; null for nothing.</param>
    /// <param name="cancellationToken">Stops before the next pass through the network: a long recording takes several.</param>
    /// <exception cref="SignalCamException">
    /// The recording cannot be turned into the model's input (a lead is missing, it is too short, a sample is no number), the options ask
    /// for what there is not, the model file cannot be read, or a score is no finite number (<see cref="NonFiniteScoreException"/>).
    /// </exception>
    EcgClassification Classify(EcgRecording recording, ClassifyOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Classifies recordings as they arrive, several at a time on all processors; results come in the order of the recordings, each as soon
    /// as it is there. A recording that cannot be read or classified gives an error in its place, and the stream goes on.
    /// </summary>
    /// <param name="recordings">
    /// Recordings with their ids; taken only as fast as results are, so that memory does not grow with their number.
    /// </param>
    /// <param name="options">What to give besides the scores; null for nothing.</param>
    /// <param name="cancellationToken">Stops within the time of one recording.</param>
    /// <exception cref="SignalCamException">The model file cannot be read, or the options ask for what there is not.</exception>
    IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(
        IAsyncEnumerable<EcgStreamItem> recordings, ClassifyOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>What the model sees of a recording: the stretch that it looks at, and what its preprocessing makes of that.</summary>
    /// <param name="recording">Samples in millivolt; an <see cref="EcgSignal"/> will do.</param>
    /// <exception cref="SignalCamException">
    /// The recording cannot be turned into the model's input, or the model file cannot be read.
    /// </exception>
    EcgView View(EcgRecording recording);
}

/// <summary>What a model sees of a recording.</summary>
/// <param name="Stretch">Which part of the recording it looks at.</param>
/// <param name="Signal">That part in millivolt, in the model's leads and rate: as long as the heat maps, for drawing below them.</param>
/// <param name="Inputs">
/// What the network takes: one input, or one for each window of a recording that is slid over. Each has the model's length, zeros behind a
/// recording that is padded.
/// </param>
public sealed record EcgView(EcgStretch Stretch, EcgSignal Signal, IReadOnlyList<EcgInput> Inputs);

/// <summary>One input of a network.</summary>
/// <param name="Start">Seconds from the recording's first sample.</param>
/// <param name="Adapted">In millivolt, in the model's leads, rate and length.</param>
/// <param name="Prepared">The same after the model's preprocessing.</param>
public sealed record EcgInput(double Start, EcgSignal Adapted, EcgSignal Prepared);

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

/// <summary>Calls of classifiers in other forms.</summary>
public static class EcgClassifierExtensions
{
    /// <summary>
    /// Classifies a sequence of recordings, in its order; one that cannot be classified gives its error and does not end the others.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="recordings">Recordings with their ids; taken only as fast as results are.</param>
    /// <param name="options">What to give besides the scores; null for nothing.</param>
    /// <param name="cancellationToken">Stops within the time of one recording.</param>
    /// <exception cref="SignalCamException">The model file cannot be read, or the options name something that does not exist.</exception>
    public static IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(
        this IEcgClassifier classifier, IEnumerable<EcgStreamItem> recordings, ClassifyOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(recordings);
        return classifier.ClassifyAsync(recordings.ToAsyncEnumerable(), options, cancellationToken);
    }
}
