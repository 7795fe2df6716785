namespace SignalCam.Core.Labels;

/// <summary>
/// The decisions that turn statements into targets. The defaults are those of <see cref="Benchmark"/>.
/// </summary>
/// <remarks>
/// In PTB-XL nearly half of all likelihoods are 0, most of them of statements about form and rhythm: the likelihood is unknown, the
/// statement holds.
/// </remarks>
public sealed record LabelPolicy
{
    private readonly double _minimumLikelihood;

    /// <summary>
    /// The PTB-XL benchmark (Strodthoff et al. 2021, doi 10.1109/JBHI.2020.3022989), and the default: every listed statement counts, a
    /// recording without a statement of the task is dropped, NORM with another class is abnormal.
    /// </summary>
    public static LabelPolicy Benchmark { get; } = new();

    /// <summary>
    /// The paper (Augustauskas et al. 2025, doi 10.1109/EMBC58623.2025.11253260): normal is whose diagnostic classes are exactly {NORM},
    /// everything else is abnormal, including recordings without a diagnostic statement.
    /// </summary>
    public static LabelPolicy Paper { get; } = new() { Unlabelled = UnlabelledRecordings.Keep };

    /// <summary>A statement with a known likelihood below this many percent does not count; 0 (default) for any.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to 100.</exception>
    public double MinimumLikelihood
    {
        get => _minimumLikelihood;
        init => _minimumLikelihood = value is >= 0 and <= 100
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MinimumLikelihood)} is from 0 to 100 percent");
    }

    /// <summary>
    /// Whether a statement with likelihood 0, that is, of unknown likelihood, counts whatever the <see cref="MinimumLikelihood"/>; default
    /// true.
    /// </summary>
    public bool UnknownLikelihoodCounts { get; init; } = true;

    /// <summary>
    /// How a recording without a statement that counts for the task is handled; default <see cref="UnlabelledRecordings.Drop"/>.
    /// </summary>
    public UnlabelledRecordings Unlabelled { get; init; } = UnlabelledRecordings.Drop;

    /// <summary>
    /// How NORM together with another diagnostic class is labelled in the task normal-abnormal; default <see
    /// cref="NormalWithOther.Abnormal"/>. Other tasks do not ask.
    /// </summary>
    public NormalWithOther NormalWithOther { get; init; } = NormalWithOther.Abnormal;

    /// <summary>Whether a statement of this likelihood counts.</summary>
    /// <param name="likelihood">0 to 100 percent; 0 for unknown.</param>
    public bool Counts(double likelihood) => likelihood == 0 ? UnknownLikelihoodCounts : likelihood >= MinimumLikelihood;
}

/// <summary>How a recording without any statement of a task is handled.</summary>
public enum UnlabelledRecordings
{
    /// <summary>It is left out.</summary>
    Drop,

    /// <summary>It is kept: abnormal, because not normal, for the task normal-abnormal; a target of zeros for every other task.</summary>
    Keep,
}

/// <summary>How NORM together with another diagnostic class is labelled.</summary>
public enum NormalWithOther
{
    /// <summary>Abnormal.</summary>
    Abnormal,

    /// <summary>Normal.</summary>
    Normal,

    /// <summary>Left out.</summary>
    Drop,
}
