namespace SignalCam.Core.Wfdb;

/// <summary>How to store a recording.</summary>
public sealed class WfdbWriteOptions
{
    /// <summary>
    /// Whether format and gain are chosen so that reading gives the same samples to the bit, a gain for each lead; default false.
    /// <see cref="Format"/>, <see cref="Gain"/> and <see cref="Baseline"/> are then ignored. Samples that were read from integers have
    /// such a gain; a recording without one is refused.
    /// </summary>
    public bool Exact { get; init; }

    /// <summary>The storage format of the samples; default 16 bits.</summary>
    public WfdbFormat Format { get; init; } = WfdbFormat.Format16;

    /// <summary>Digital units per millivolt; default 1000, a resolution of 1 microvolt.</summary>
    public double Gain { get; init; } = 1000;

    /// <summary>The digital value of 0 mV; default 0.</summary>
    public int Baseline { get; init; }

    /// <summary>Lines of free text for the header; default none.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>Time of day of the first sample; default null, unknown.</summary>
    public TimeSpan? BaseTime { get; init; }

    /// <summary>Date of the first sample; default null, unknown.</summary>
    public DateOnly? BaseDate { get; init; }
}
