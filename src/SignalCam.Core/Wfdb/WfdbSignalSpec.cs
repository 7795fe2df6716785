namespace SignalCam.Core.Wfdb;

/// <summary>
/// One signal line of a WFDB header: where the samples are and what they mean. See header(5) of the WFDB Applications Guide.
/// </summary>
internal sealed record WfdbSignalSpec
{
    /// <summary>The gain assumed if a header states none or zero.</summary>
    public const double DefaultGain = 200;

    /// <summary>Name of the signal file, in the header's own folder; "~" for a signal without samples.</summary>
    public required string FileName { get; init; }

    /// <summary>The storage format of the samples.</summary>
    public required WfdbFormat Format { get; init; }

    /// <summary>Samples of this signal in each frame, at least 1; its rate is this times the frame rate.</summary>
    public int SamplesPerFrame { get; init; } = 1;

    /// <summary>Frames at the start of the file that precede time zero of this signal: sample t is in frame t + skew.</summary>
    public int Skew { get; init; }

    /// <summary>Bytes before the first sample in the file; samples for the FLAC formats.</summary>
    public long ByteOffset { get; init; }

    /// <summary>Digital units per physical unit, as stated; null if the header states none. See <see cref="EffectiveGain"/>.</summary>
    public double? Gain { get; init; }

    /// <summary>
    /// The digital value of physical zero, nearly always a whole number; null if the header states none. See
    /// <see cref="EffectiveBaseline"/>.
    /// </summary>
    public double? Baseline { get; init; }

    /// <summary>The physical unit, as stated; null if the header states none, which means millivolt.</summary>
    public string? Units { get; init; }

    /// <summary>Bits of the digitizer; null if the header states none (then 12 is assumed, 10 for format 8).</summary>
    public int? AdcResolution { get; init; }

    /// <summary>The digital value in the middle of the digitizer's range; null if the header states none, which means 0.</summary>
    public int? AdcZero { get; init; }

    /// <summary>
    /// The digital value of the first sample; null if the header states none. In format 8 the differences start from it.
    /// </summary>
    public int? InitialValue { get; init; }

    /// <summary>Sum of all samples of the signal, modulo 65536, as a signed number; null if the header states none.</summary>
    public short? Checksum { get; init; }

    /// <summary>Bytes of a block for special devices; null if the header states none, and 0 for ordinary files.</summary>
    public int? BlockSize { get; init; }

    /// <summary>The signal's description, usually a lead's name; null if the header states none.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Digital units per physical unit: <see cref="Gain"/>, or 200 where it is absent or zero, as the specification says.
    /// </summary>
    public double EffectiveGain => Gain is null or 0 ? DefaultGain : Gain.Value;

    /// <summary>The digital value of physical zero: <see cref="Baseline"/>, else <see cref="AdcZero"/>, otherwise 0.</summary>
    public double EffectiveBaseline => Baseline ?? AdcZero ?? 0;

    /// <summary>The value from which format 8 sums its differences.</summary>
    internal int StartValue => InitialValue ?? AdcZero ?? 0;
}

/// <summary>One segment line of the header of a multi-segment recording.</summary>
/// <param name="Name">The segment's record name, or "~" for a gap.</param>
/// <param name="SampleCount">Frames in the segment; 0 marks the layout, which comes first.</param>
internal sealed record WfdbSegmentSpec(string Name, long SampleCount)
{
    /// <summary>Whether the segment is a gap: all its samples are invalid.</summary>
    public bool IsGap => Name == "~";
}
