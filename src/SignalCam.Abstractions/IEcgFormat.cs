namespace SignalCam.Abstractions;

/// <summary>A file format that recordings are read from: the plug-in kind "format".</summary>
/// <remarks>
/// Implementations are stateless and thread-safe. They treat every byte as hostile: they check sizes before they reserve
/// memory.
/// </remarks>
public interface IEcgFormat
{
    /// <summary>The name it is looked up by (case-insensitive), such as "dicom".</summary>
    string Name { get; }

    /// <summary>Whether a file is of this format, judged by its content; the name may only decide where the content cannot.</summary>
    /// <param name="file">The file; <see cref="EcgFileSource.Head"/> is usually enough.</param>
    bool Recognizes(EcgFileSource file);

    /// <summary>Reads the recording.</summary>
    /// <param name="file">A file that <see cref="Recognizes"/> accepts.</param>
    /// <param name="options">What to read, and how strictly.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="EcgFormatException">The file is corrupt, holds no ECG, or uses a feature that is not supported; the message names
    /// it.</exception>
    EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default);
}

/// <summary>What to read from a file, and how strictly.</summary>
public sealed class EcgReadOptions
{
    /// <summary>Whether <see cref="EcgRecording.Patient"/> is filled. Default false.</summary>
    public bool IncludePatient { get; init; }

    /// <summary>Whether a checksum or an initial value that does not match becomes a warning instead of an error. Default false.</summary>
    public bool Lenient { get; init; }

    /// <summary>
    /// Gaps of at most this many seconds are bridged by a straight line, with a warning. Default 0: gaps stay NaN. EcgFile and
    /// EcgFileReader do it for every format; an <see cref="IEcgFormat"/> leaves NaN.
    /// </summary>
    public double BridgeGaps { get; init; }

    /// <summary>Samples per second, for files that do not state it (arrays, tables). Default null: required from the file.</summary>
    public double? SamplingRate { get; init; }

    /// <summary>
    /// Lead names in the order of the file's channels, for files that do not state them. Default null: required from the file.
    /// </summary>
    public IReadOnlyList<string>? Leads { get; init; }

    /// <summary>
    /// The unit of the samples, for files that do not state it: "mV", "uV", "nV", "V" or a number of millivolt per unit. Default null:
    /// required from the file.
    /// </summary>
    public string? Unit { get; init; }

    /// <summary>Which recording of a file that holds several (an array of recordings), from 0. Default 0.</summary>
    public int Index { get; init; }

    /// <summary>The maximum size of a file, in bytes. Default 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Largest number of values (leads x samples) that a recording may have. Default 2^27, which is 512 MB.</summary>
    public long MaxValues { get; init; } = 1L << 27;
}
