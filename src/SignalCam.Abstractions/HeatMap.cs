using System.Collections.Immutable;

namespace SignalCam.Abstractions;

/// <summary>Where a class's evidence lies, for one recording and one class: the one form that every explainer's result has.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Cells">
/// The raw map along time, at the explainer's own resolution: cells of the feature maps, windows, or samples, equally wide, over the
/// model's input. Where a recording was scored window by window, one value per sample: the windows' maps put together, the mean where
/// they overlap.
/// </param>
/// <param name="Samples">
/// The same resampled and post-processed: one value per sample of the stretch that was scored, at the model's rate, one strip for all
/// leads. Empty in the results of workers, which send cells alone.
/// </param>
public sealed record HeatMap(string Class, ImmutableArray<float> Cells, ImmutableArray<float> Samples)
{
    /// <summary>
    /// The map by lead, each as long as <see cref="Samples"/>, in the model's order. Null if the method cannot tell leads apart, as
    /// class activation maps cannot: their strip is the same for all leads, it says when and not in which lead.
    /// </summary>
    public IReadOnlyDictionary<string, ImmutableArray<float>>? LeadSamples { get; init; }

    /// <summary>Name of the method that made it, such as "cam" or "integrated-gradients". Default empty: it was not said.</summary>
    public string Method { get; init; } = "";

    /// <summary>Which feature maps a class activation map is made from; null for other methods.</summary>
    public CamKind? Kind { get; init; }

    /// <summary>The meaning of the values' sign. Default <see cref="HeatMapSign.ForAndAgainst"/>.</summary>
    public HeatMapSign Sign { get; init; } = HeatMapSign.ForAndAgainst;

    /// <summary>
    /// What <see cref="Samples"/> are measured in, one of <see cref="HeatMapUnits"/> for the methods that come with the SDK. Default empty:
    /// it was not said.
    /// </summary>
    public string Unit { get; init; } = "";

    /// <summary>
    /// |what the raw map adds up to - what it should| / max(1, |what it should|), for methods that promise a sum: the logit for the exact
    /// CAM, the logit's difference from the baseline for integrated gradients; of several windows the largest. Null if nothing is
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

    /// <summary>The method's own scale, to be compared within one map alone.</summary>
    public const string Arbitrary = "arbitrary";

    /// <summary>Shares of the map's range or of its largest value: post-processing has scaled it.</summary>
    public const string Share = "share of the map";
}

/// <summary>The meaning of the sign of a heat map's values.</summary>
public enum HeatMapSign
{
    /// <summary>Positive speaks for the class, negative against it, zero for neither.</summary>
    ForAndAgainst,

    /// <summary>
    /// Not negative: how much a place matters, or how much it speaks for the class; what speaks against it does not show.
    /// </summary>
    Magnitude,
}

/// <summary>Which feature maps a class activation map is made from.</summary>
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
