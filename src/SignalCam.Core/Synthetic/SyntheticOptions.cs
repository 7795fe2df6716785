namespace SignalCam.Core.Synthetic;

/// <summary>Options of <see cref="SyntheticEcg.Generate"/>. Null values are drawn at random.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Samples per second and lead, at least 50; 100 by default.</summary>
    public double SamplingRate { get; set; } = 100;

    /// <summary>Length in seconds, 1 to 3600; 10 by default.</summary>
    public double Seconds { get; set; } = 10;

    /// <summary>The abnormalities to plant, from <see cref="SyntheticEcg.Statements"/>; none by default, which is a normal ECG.</summary>
    public IReadOnlyList<string> Statements { get; set; } = [];

    /// <summary>
    /// How marked the abnormalities are: 0 hardly at all, 1 as in a textbook (bundle branch blocks are complete in any case); random
    /// between 0.3 and 1 by default.
    /// </summary>
    public double? Strength { get; set; }

    /// <summary>
    /// Share of the beats that show the abnormalities, above 0 and at most 1, where all show them (the default). Which ones is drawn, and
    /// at least one does, as in an intermittent bundle branch block: a heat map can then be requested the beats and not just for parts of
    /// each beat.
    /// </summary>
    public double AffectedBeats { get; set; } = 1;

    /// <summary>Beats a minute, 30 to 200; random between 55 and 95 by default.</summary>
    public double? HeartRate { get; set; }

    /// <summary>Amplitude of the baseline wander at each electrode in millivolts, 0 to 5; random between 0.01 and 0.2 by default.</summary>
    public double? BaselineWander { get; set; }

    /// <summary>
    /// Standard deviation of the muscle noise at each electrode in millivolts, 0 to 5; random between 0.004 and 0.03 by default.
    /// </summary>
    public double? MuscleNoise { get; set; }

    /// <summary>
    /// The same seed gives the same heart and chest: electrical axis, voltages, intervals, electrode positions. Random by default.
    /// </summary>
    public ulong? PatientSeed { get; set; }
}
