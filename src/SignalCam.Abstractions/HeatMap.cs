using System.Collections.Immutable;

namespace SignalCam.Abstractions;

/// <summary>The evidence for one class in one recording: the common result of all explainers.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Cells">
/// The raw map along time, at the explainer's own resolution: cells of the feature maps, windows, or samples, equally wide, over the
/// model's input. Where a recording was scored window by window, one value per sample: the merged maps of the windows, the mean where
/// they overlap.
/// </param>
/// <param name="Samples">
/// The same resampled and post-processed: one value per sample of the stretch that was scored, at the model's rate, one strip for all
/// leads. Empty in the results of workers, which send only cells.
/// </param>
public sealed record HeatMap(string Class, ImmutableArray<float> Cells, ImmutableArray<float> Samples)
{
    /// <summary>
    /// The map by lead, each as long as <see cref="Samples"/>, in the model's order. Null if the method does not distinguish leads, like
    /// class activation maps: their strip is the same for all leads and shows when, not in which lead.
    /// </summary>
    public IReadOnlyDictionary<string, ImmutableArray<float>>? LeadSamples { get; init; }

    /// <summary>The method, such as "cam" or "integrated-gradients". Default empty: unknown.</summary>
    public string Method { get; init; } = "";

    /// <summary>The kind of a class activation map; null for other methods.</summary>
    public CamKind? Kind { get; init; }

    /// <summary>The meaning of the values' sign. Default <see cref="HeatMapSign.ForAndAgainst"/>.</summary>
    public HeatMapSign Sign { get; init; } = HeatMapSign.ForAndAgainst;

    /// <summary>
    /// The unit of <see cref="Samples"/>, one of <see cref="HeatMapUnits"/> for the built-in methods. Default empty:
    /// it was not said.
    /// </summary>
    public string Unit { get; init; } = "";

    /// <summary>
    /// |what the raw map adds up to - what it should| / max(1, |what it should|), for methods that promise a sum: the logit for the exact
    /// CAM, the logit's difference from the baseline for integrated gradients; the largest for several windows. Null if nothing is
    /// promised.
    /// </summary>
    public double? CompletenessError { get; init; }
}

/// <summary>Units of heat maps.</summary>
public static class HeatMapUnits
{
    /// <summary>Parts of the logit: their mean (class activation maps) or sum, plus a constant, is the logit.</summary>
    public const string Logit = "logit";

    /// <summary>The logit's change for a change of one in the prepared sample.</summary>
    public const string LogitPerSample = "logit per prepared unit";

    /// <summary>The method's own scale, comparable only within one map.</summary>
    public const string Arbitrary = "arbitrary";

    /// <summary>Shares of the map's range or of its largest value: post-processing has scaled it.</summary>
    public const string Share = "share of the map";
}

/// <summary>The meaning of the sign of a heat map's values.</summary>
public enum HeatMapSign
{
    /// <summary>Positive is evidence for the class, negative against it, zero neutral.</summary>
    ForAndAgainst,

    /// <summary>
    /// Not negative: how much a position matters, or its evidence for the class; evidence against it is not shown.
    /// </summary>
    Magnitude,
}

/// <summary>The feature maps from which a class activation map is computed.</summary>
public enum CamKind
{
    /// <summary>
    /// Head weights times the feature maps that are pooled (Zhou et al. 2016, doi 10.1109/CVPR.2016.319, eq. 2):
    /// the mean over cells plus the bias is the logit, to rounding. Signed.
    /// </summary>
    Exact,

    /// <summary>
    /// Head weights times the last convolution's output before batch norm and activation, as the EMBC 2025 reference implementation
    /// computes it.
    /// </summary>
    Paper,
}
