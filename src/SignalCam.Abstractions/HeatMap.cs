namespace SignalCam.Abstractions;

/// <summary>Where in time a class's evidence lies, for one recording and one class.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Cells">The map at the resolution of the feature maps; signed, in units of the logit for the exact CAM.</param>
/// <param name="Samples">The same resampled to the recording's length, one value per sample; one strip for all leads.</param>
public sealed record HeatMap(string Class, float[] Cells, float[] Samples);

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
