namespace SignalCam.Abstractions;

/// <summary>Where a class's evidence lies, for one recording and one class: the one form that every explainer's result has.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Cells">
/// The raw map along time, at the explainer's own resolution: cells of the feature maps, windows, or samples. Signed, in units of the logit
/// for the exact CAM.
/// </param>
/// <param name="Samples">The same resampled to the recording's length and post-processed: one value per sample, one strip for all leads.</param>
public sealed record HeatMap(string Class, float[] Cells, float[] Samples)
{
    /// <summary>
    /// The map by lead: (lead, time), lead-major, as long as the prepared recording. Null where the method cannot tell leads apart, as class
    /// activation maps cannot: their strip is the same for all leads, it says when and not in which lead.
    /// </summary>
    public float[]? LeadSamples { get; init; }

    /// <summary>What the values' sign means. Default <see cref="HeatMapSign.ForAndAgainst"/>.</summary>
    public HeatMapSign Sign { get; init; } = HeatMapSign.ForAndAgainst;

    /// <summary>
    /// |what the raw map adds up to - what it should| / max(1, |what it should|), for methods that promise a sum: the logit for the exact
    /// CAM, the logit's difference from the baseline for integrated gradients. Null where nothing is promised.
    /// </summary>
    public double? CompletenessError { get; init; }

    /// <summary>Name of the method that made it, such as "integrated-gradients". Default empty: it was not said.</summary>
    public string Method { get; init; } = "";
}

/// <summary>What the sign of a heat map's values means.</summary>
public enum HeatMapSign
{
    /// <summary>Positive speaks for the class, negative against it, zero for neither.</summary>
    ForAndAgainst,

    /// <summary>Not negative: how much a place matters, or how much it speaks for the class; what speaks against it does not show.</summary>
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
    /// Head weights times the last convolution's output before batch norm and activation, as the EMBC 2025 reference implementation computes it.
    /// </summary>
    Paper,
}
