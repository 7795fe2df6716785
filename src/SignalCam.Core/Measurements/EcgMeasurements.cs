using SignalCam.Abstractions;

namespace SignalCam.Core.Measurements;

/// <summary>A value that software has measured in a recording.</summary>
/// <param name="Value">The value, in <paramref name="Unit"/>.</param>
/// <param name="Unit">"1/min", "ms" or "deg".</param>
/// <param name="Beats">The beats that it is from: indices into <see cref="EcgMeasurements.BeatTimes"/>, ascending.</param>
public sealed record EcgMeasurement(double Value, string Unit, IReadOnlyList<int> Beats);

/// <summary>
/// Rate, intervals and axes of a recording, measured by software on its median beat. What cannot be found is null: no value is guessed.
/// </summary>
/// <remarks>
/// <para>Beats are found by the slopes of all leads together, with levels that follow the recording (after Pan and Tompkins 1985,
/// doi 10.1109/TBME.1985.325532). Beats of the prevailing form are aligned and their median is taken, lead by lead. On it QRS begins and
/// ends where the spatial velocity of all leads falls to a share of its peak, so that the earliest onset and the latest end of any lead
/// count, as the CSE working party recommends (1985, doi 10.1093/oxfordjournals.eurheartj.a061771). P and T are found in windows before and
/// after it on the projection of all leads that shows them best; T ends where it has fallen to a twentieth of its height.</para>
/// <para>docs/measurements.md has the errors on recordings whose intervals are known. Research use. Not a medical device.</para>
/// </remarks>
public sealed record EcgMeasurements
{
    /// <summary>Seconds from the recording's first sample to the beats that were found, ascending.</summary>
    public IReadOnlyList<double> BeatTimes { get; init; } = [];

    /// <summary>Beats a minute: 60 over the mean R-R interval.</summary>
    public EcgMeasurement? HeartRate { get; init; }

    /// <summary>Onset of P to onset of QRS in ms; null if no P wave recurs before the beats, as in atrial fibrillation.</summary>
    public EcgMeasurement? PrInterval { get; init; }

    /// <summary>Onset to end of QRS in ms.</summary>
    public EcgMeasurement? QrsDuration { get; init; }

    /// <summary>Onset of QRS to the end of T in ms.</summary>
    public EcgMeasurement? QtInterval { get; init; }

    /// <summary>QT / sqrt(RR) in ms, RR in seconds (Bazett 1920).</summary>
    public EcgMeasurement? QtcBazett { get; init; }

    /// <summary>QT / cbrt(RR) in ms, RR in seconds (Fridericia 1920).</summary>
    public EcgMeasurement? QtcFridericia { get; init; }

    /// <summary>Frontal axis of the P wave's area in degrees, -180 to 180: 0 to the left, 90 to the feet.</summary>
    public EcgMeasurement? PAxis { get; init; }

    /// <summary>Frontal axis of the QRS complex's area in degrees.</summary>
    public EcgMeasurement? QrsAxis { get; init; }

    /// <summary>Frontal axis of the T wave's area in degrees.</summary>
    public EcgMeasurement? TAxis { get; init; }

    /// <summary>Standard deviation of the R-R intervals in ms.</summary>
    public EcgMeasurement? RrDeviation { get; init; }

    /// <summary>Root mean square of the differences of successive R-R intervals in ms.</summary>
    public EcgMeasurement? RrSuccessiveDifference { get; init; }

    /// <summary>What intervals and axes were measured on; null where fewer than three beats look alike.</summary>
    public EcgMedianBeat? MedianBeat { get; init; }

    /// <summary>The values that were found, with their names as in JSON, in the order that they are read in.</summary>
    public IEnumerable<(string Name, EcgMeasurement Measurement)> Found()
    {
        (string Name, EcgMeasurement? Value)[] all =
        [
            ("heart_rate", HeartRate), ("pr_interval", PrInterval), ("qrs_duration", QrsDuration), ("qt_interval", QtInterval),
            ("qtc_bazett", QtcBazett), ("qtc_fridericia", QtcFridericia), ("p_axis", PAxis), ("qrs_axis", QrsAxis), ("t_axis", TAxis),
            ("rr_deviation", RrDeviation), ("rr_successive_difference", RrSuccessiveDifference),
        ];
        foreach (var (name, value) in all)
            if (value is not null)
                yield return (name, value);
    }

    /// <summary>Measures a recording.</summary>
    /// <param name="recording">
    /// Samples in millivolts at its own rate, any leads; axes need I and aVF or II. Leads with missing samples or without a signal are left
    /// out.
    /// </param>
    /// <returns>What was found; a recording of fewer than three beats has no values.</returns>
    public static EcgMeasurements Of(EcgSignal recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return MeasuredLeads.TryCreate(recording) is { } leads ? RecordingMeasurer.Measure(leads) : new EcgMeasurements();
    }
}
