namespace SignalCam.Abstractions;

/// <summary>A recording: the signal and the metadata of its file.</summary>
/// <remarks>
/// Immutable by convention, like <see cref="EcgSignal"/>. Safe for concurrent readers. A record so that a changed copy is made with
/// <c>with</c>; two recordings are equal when they hold the same instances.
/// </remarks>
public sealed record EcgRecording
{
    /// <summary>Combines a signal with its source.</summary>
    /// <param name="signal">The ECG leads in millivolts; a missing sample is NaN.</param>
    /// <param name="format">Name of the format it was read from (<see cref="IEcgFormat.Name"/>).</param>
    public EcgRecording(EcgSignal signal, string format)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentException.ThrowIfNullOrWhiteSpace(format);
        Signal = signal;
        Format = format;
    }

    /// <summary>Format name of recordings that were not read from a file: "samples".</summary>
    public const string SamplesFormat = "samples";

    /// <summary>Wraps a signal that does not come from a file.</summary>
    public static implicit operator EcgRecording(EcgSignal signal) => FromEcgSignal(signal);

    /// <summary>Wraps a signal that does not come from a file.</summary>
    public static EcgRecording FromEcgSignal(EcgSignal signal) => new(signal, SamplesFormat);

    /// <summary>
    /// The ECG leads in millivolts at their native rate; a missing sample is NaN. What reads a file by content (EcgFile) puts the twelve
    /// standard leads in their usual order and the others behind them, in the file's order; a format may leave the file's order.
    /// </summary>
    public EcgSignal Signal { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); }

    /// <summary>Name of the format, such as "dicom".</summary>
    public string Format { get; init; }

    /// <summary>
    /// When the recording began, as the file states it: local time unless the offset is known. Null if it is not stated or not readable.
    /// </summary>
    public EcgStart? Start { get; init; }

    /// <summary>
    /// The unit of each lead as the file states it ("uV"), in the order of the leads; null if it states none. Empty, or one for each
    /// lead.
    /// </summary>
    public IReadOnlyList<string?> Units { get; init; } = [];

    /// <summary>
    /// Channels that are not ECG leads, or ECG leads with another sampling rate than <see cref="Signal"/>; as stored, in their own unit.
    /// </summary>
    public IReadOnlyList<EcgChannel> OtherChannels { get; init; } = [];

    /// <summary>Device, filters and the like, by name. Contains no patient field.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Fields that may identify the patient, by name; empty unless <see cref="EcgReadOptions.IncludePatient"/> is set. Not logged by the
    /// SDK.
    /// </summary>
    public IReadOnlyDictionary<string, string> Patient { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations and measurements that the file holds, in its order.</summary>
    public IReadOnlyList<EcgAnnotation> Annotations { get; init; } = [];

    /// <summary>The representative (median) beat that the file holds, in millivolts; null if there is none.</summary>
    public EcgSignal? MedianBeat { get; init; }

    /// <summary>Irregularities that did not prevent reading, such as a date that cannot be parsed: one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>When a recording began.</summary>
/// <param name="Local">Date and time of the place of recording.</param>
/// <param name="Offset">Offset from UTC; null if the file does not state it.</param>
public readonly record struct EcgStart(DateTime Local, TimeSpan? Offset = null)
{
    /// <summary>ISO 8601, with the offset where it is known.</summary>
    public override string ToString() => Offset is { } offset
        ? new DateTimeOffset(DateTime.SpecifyKind(Local, DateTimeKind.Unspecified), offset)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", System.Globalization.CultureInfo.InvariantCulture)
        : Local.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A channel of a recording that is not part of its signal.</summary>
/// <param name="Name">Its name as the file states it.</param>
/// <param name="Unit">Its unit as the file states it; null if it states none.</param>
/// <param name="SamplingRate">Samples per second.</param>
/// <param name="Samples">Values in <paramref name="Unit"/>; a missing sample is NaN.</param>
public sealed record EcgChannel(string Name, string? Unit, double SamplingRate, ReadOnlyMemory<float> Samples);

/// <summary>An annotation or measurement of a recording.</summary>
/// <param name="Text">What it says, such as "QRS duration" or an interpretation.</param>
/// <param name="Seconds">Where it is, in seconds from the start; null for the recording as a whole.</param>
public sealed record EcgAnnotation(string Text, double? Seconds = null)
{
    /// <summary>How long it lasts in seconds; null for a point or where that is not stated.</summary>
    public double? Duration { get; init; }

    /// <summary>The lead it belongs to; null for all.</summary>
    public string? Lead { get; init; }

    /// <summary>A measured value with its unit, such as "94 ms"; null if there is none.</summary>
    public string? Value { get; init; }
}
