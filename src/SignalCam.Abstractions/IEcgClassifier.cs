namespace SignalCam.Abstractions;

/// <summary>Classifies raw recordings with one trained model, and shows when the evidence occurs.</summary>
/// <remarks>
/// <para>A recording may have any sampling rate and more leads than the model takes, in any order: leads are matched by name, limb leads
/// derived if possible, and the signal resampled. Anything that cannot be mapped is refused.</para>
/// <para>Thread-safe: each call gives the same result as it would alone.</para>
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

    /// <summary>The model's input, to which recordings are converted: leads, samples per lead and rate.</summary>
    SignalLayout Input { get; }

    /// <summary>Classifies one recording.</summary>
    /// <param name="recording">Samples in millivolts; an <see cref="EcgSignal"/> will do.</param>
    /// <param name="options">Options; null for scores only.</param>
    /// <param name="cancellationToken">Stops before the next pass through the network: a long recording takes several.</param>
    /// <exception cref="SignalCamException">
    /// The recording cannot be converted to the model's input (a lead is missing, it is too short, a sample is not a number), the options
    /// name something that does not exist, the model file cannot be read, or a score is not a finite number (<see
    /// cref="NonFiniteScoreException"/>).
    /// </exception>
    EcgClassification Classify(EcgRecording recording, ClassifyOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Classifies recordings as they arrive, several at a time on all processors; results come in the order of the recordings, each as
    /// soon as it is available. A recording that cannot be read or classified yields an error in its place, and the stream continues.
    /// </summary>
    /// <param name="recordings">
    /// Recordings with their ids; taken only as fast as results are, so that memory does not grow with their number.
    /// </param>
    /// <param name="options">Options; null for scores only.</param>
    /// <param name="cancellationToken">Stops within the time of one recording.</param>
    /// <exception cref="SignalCamException">The model file cannot be read, or the options name something that does not exist.</exception>
    IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(
        IAsyncEnumerable<EcgStreamItem> recordings, ClassifyOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Returns the model's view of a recording: the stretch that it scores, and its preprocessed input.</summary>
    /// <param name="recording">Samples in millivolts; an <see cref="EcgSignal"/> will do.</param>
    /// <exception cref="SignalCamException">
    /// The recording cannot be converted to the model's input, or the model file cannot be read.
    /// </exception>
    EcgView View(EcgRecording recording);
}

/// <summary>A model's view of a recording.</summary>
/// <param name="Stretch">The stretch of the recording that it scores.</param>
/// <param name="Signal">That part in millivolts, in the model's leads and rate: as long as the heat maps, for drawing below them.</param>
/// <param name="Inputs">
/// The network's input: one, or one for each window of a recording that is scored window by window. Each has the model's length,
/// zeros behind a recording that is padded.
/// </param>
public sealed record EcgView(EcgStretch Stretch, EcgSignal Signal, IReadOnlyList<EcgInput> Inputs);

/// <summary>One input of a network.</summary>
/// <param name="Start">Seconds from the recording's first sample.</param>
/// <param name="Adapted">In millivolt, in the model's leads, rate and length.</param>
/// <param name="Prepared">The same after the model's preprocessing.</param>
public sealed record EcgInput(double Start, EcgSignal Adapted, EcgSignal Prepared);

/// <summary>Finds classifiers by name, for hosts that choose the model at run time.</summary>
public interface IEcgClassifiers
{
    /// <summary>Names of all models, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The classifier of a model.</summary>
    /// <param name="name">The model's name (case-insensitive); null for the default one, or the only one.</param>
    /// <exception cref="SignalCamException">There is none with this name, or there are several and no default; the message lists
    /// them.</exception>
    IEcgClassifier GetClassifier(string? name = null);
}

/// <summary>Extension methods of classifiers.</summary>
public static class EcgClassifierExtensions
{
    /// <summary>
    /// Classifies a sequence of recordings, in its order; one that cannot be classified yields its error and does not affect the others.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="recordings">Recordings with their ids; taken only as fast as results are.</param>
    /// <param name="options">Options; null for scores only.</param>
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
