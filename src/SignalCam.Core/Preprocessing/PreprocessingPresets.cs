using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>The chains of transforms of the two presets, as a model file stores them.</summary>
internal static class PreprocessingPresets
{
    /// <summary>
    /// As published (doi 10.1109/EMBC58623.2025.11253260): a polynomial of degree 10 and the median are subtracted from each lead,
    /// which is then divided by its largest absolute value.
    /// </summary>
    public static IReadOnlyList<ComponentSpec> Paper =>
        [Detrend, new("max-abs")];

    /// <summary>The same detrending, but amplitudes are kept: all leads times 2 (per millivolt), clipped to -8 .. 8.</summary>
    public static IReadOnlyList<ComponentSpec> Recommended =>
        [Detrend, new("fixed-scale", PluginOptions.Write(new FixedScaleOptions { Factor = 2, Clip = 8, SubtractMedian = true }))];

    // Options are written out although they are the defaults: a model file must not change its meaning with a default.
    private static ComponentSpec Detrend => new("detrend", PluginOptions.Write(new PolynomialDetrendOptions { Degree = 10 }));
}
