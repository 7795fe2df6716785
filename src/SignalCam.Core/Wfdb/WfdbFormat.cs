namespace SignalCam.Core.Wfdb;

/// <summary>How the samples of a signal file are stored, by the numbers of the WFDB signal specification, signal(5).</summary>
public enum WfdbFormat
{
    /// <summary>
    /// No samples are stored; every sample of the signal is invalid. Used by the layout of a variable multi-segment recording.
    /// </summary>
    Null = 0,

    /// <summary>First differences, 8 bits two's complement; has no value for an invalid sample.</summary>
    Format8 = 8,

    /// <summary>16 bits two's complement, least significant byte first.</summary>
    Format16 = 16,

    /// <summary>24 bits two's complement, least significant byte first.</summary>
    Format24 = 24,

    /// <summary>32 bits two's complement, least significant byte first.</summary>
    Format32 = 32,

    /// <summary>16 bits two's complement, most significant byte first.</summary>
    Format61 = 61,

    /// <summary>8 bits offset binary (128 is subtracted).</summary>
    Format80 = 80,

    /// <summary>16 bits offset binary (32768 is subtracted), least significant byte first.</summary>
    Format160 = 160,

    /// <summary>12 bits two's complement, two samples in three bytes.</summary>
    Format212 = 212,

    /// <summary>10 bits two's complement, three samples in two 16-bit words, the third spread over both.</summary>
    Format310 = 310,

    /// <summary>10 bits two's complement, three samples in one 32-bit word.</summary>
    Format311 = 311,

    /// <summary>FLAC (RFC 9639) with at most 8 bits per sample and a channel for each signal, at most eight. Read, not written.</summary>
    Format508 = 508,

    /// <summary>FLAC with at most 16 bits per sample. Read, not written.</summary>
    Format516 = 516,

    /// <summary>FLAC with at most 24 bits per sample. Read, not written.</summary>
    Format524 = 524,
}

/// <summary>Properties of each format: its packing and the value that marks an invalid sample.</summary>
internal static class WfdbFormats
{
    /// <summary>A number of frames that fills whole packing units in every format: the least common multiple of 1, 2 and 3.</summary>
    public const int FrameAlignment = 6;

    public static string Known { get; } = string.Join(", ", Enum.GetValues<WfdbFormat>().Select(f => (int)f));

    /// <summary>Bits of a sample; of a first difference for format 8.</summary>
    public static int Bits(this WfdbFormat format) => format switch
    {
        WfdbFormat.Format8 or WfdbFormat.Format80 or WfdbFormat.Format508 => 8,
        WfdbFormat.Format24 or WfdbFormat.Format524 => 24,
        WfdbFormat.Format32 => 32,
        WfdbFormat.Format212 => 12,
        WfdbFormat.Format310 or WfdbFormat.Format311 => 10,
        _ => 16,
    };

    /// <summary>
    /// The value that marks an invalid sample: the most negative one. Format 8 has none; there int.MinValue stands for "never".
    /// </summary>
    public static int InvalidSample(this WfdbFormat format) =>
        format == WfdbFormat.Format8 ? int.MinValue : (int)(-1L << (format.Bits() - 1));

    /// <summary>Whether the samples are in a FLAC stream, in which a byte offset counts samples instead.</summary>
    public static bool IsFlac(this WfdbFormat format) => format is WfdbFormat.Format508 or WfdbFormat.Format516 or WfdbFormat.Format524;

    /// <summary>The size in bytes of a number of samples, with the last unit truncated after its last sample.</summary>
    public static long BytesFor(this WfdbFormat format, long samples)
    {
        var (unitSamples, unitBytes) = Unit(format);
        var rest = samples % unitSamples;
        var restBytes = (format, rest) switch
        {
            (_, 0) => 0,
            (WfdbFormat.Format310, 2) => 4,
            (WfdbFormat.Format311, 2) => 3,
            _ => 2,
        };
        return samples / unitSamples * unitBytes + restBytes;
    }

    /// <summary>Complete samples in a number of bytes.</summary>
    public static long SamplesIn(this WfdbFormat format, long bytes)
    {
        var (unitSamples, unitBytes) = Unit(format);
        var rest = bytes % unitBytes;
        var restSamples = unitSamples == 1 || rest < 2 ? 0 : format == WfdbFormat.Format311 && rest == 3 ? 2 : 1;
        return bytes / unitBytes * unitSamples + restSamples;
    }

    /// <summary>The smallest group of samples that fills whole bytes.</summary>
    private static (int Samples, int Bytes) Unit(WfdbFormat format) => format switch
    {
        WfdbFormat.Format212 => (2, 3),
        WfdbFormat.Format310 or WfdbFormat.Format311 => (3, 4),
        _ => (1, format.Bits() / 8),
    };
}
