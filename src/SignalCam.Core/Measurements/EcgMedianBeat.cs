using SignalCam.Abstractions;

namespace SignalCam.Core.Measurements;

/// <summary>The median of a recording's beats of the prevailing form, lead by lead, on which intervals and axes are measured.</summary>
/// <param name="Signal">
/// In millivolt, without the baseline: the leads that have a signal, by their canonical names, at the recording's rate or at 500 Hz where
/// that is too coarse or too fine.
/// </param>
/// <param name="Before">Seconds from the first sample to the mark by which the beats are aligned, within QRS.</param>
/// <param name="Beats">The beats that it is from: indices into <see cref="EcgMeasurements.BeatTimes"/>, ascending.</param>
/// <param name="Times">Seconds from the recording's first sample to the mark of each of these beats.</param>
public sealed record EcgMedianBeat(EcgSignal Signal, double Before, IReadOnlyList<int> Beats, IReadOnlyList<double> Times)
{
    /// <summary>Seconds from the first sample to the onset of P; null where no P wave was found.</summary>
    public double? POnset { get; init; }

    /// <summary>Seconds to the end of P; null where no P wave was found.</summary>
    public double? PEnd { get; init; }

    /// <summary>Seconds to the onset of QRS; null where it was not found.</summary>
    public double? QrsOnset { get; init; }

    /// <summary>Seconds to the end of QRS; null where it was not found.</summary>
    public double? QrsEnd { get; init; }

    /// <summary>Seconds to the end of T; null where it was not found.</summary>
    public double? TEnd { get; init; }
}
