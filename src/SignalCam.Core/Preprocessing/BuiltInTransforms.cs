using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>The built-in transforms.</summary>
internal static class BuiltInTransforms
{
    /// <summary>
    /// Adds to a registry the scalers "max-abs", "z-score", "robust", "min-max" and "fixed-scale"; "detrend" and "median-baseline"; the
    /// filters "band-pass", "high-pass", "low-pass" and "notch"; "resample" and "select-leads".
    /// </summary>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<ISignalTransform> Register(PluginRegistry<ISignalTransform> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<PolynomialDetrendOptions>("detrend", o => new PolynomialDetrend(o))
            .Add("max-abs", () => new MaxAbsScaler())
            .Add("z-score", () => new ZScoreScaler())
            .Add("robust", () => new RobustScaler())
            .Add("min-max", () => new MinMaxScaler())
            .Add<FixedScaleOptions>("fixed-scale", o => new FixedScale(o))
            .Add<BandPassOptions>("band-pass", SectionFilter.BandPass)
            .Add<HighPassOptions>("high-pass", SectionFilter.HighPass)
            .Add<LowPassOptions>("low-pass", SectionFilter.LowPass)
            .Add<NotchOptions>("notch", SectionFilter.Notch)
            .Add<MedianBaselineOptions>("median-baseline", o => new MedianBaseline(o))
            .Add<ResampleOptions>("resample", o => new Resample(o))
            .Add<SelectLeadsOptions>("select-leads", o => new SelectLeads(o));
    }

    /// <summary>Creates the preprocessing of a model file that names built-in transforms alone.</summary>
    internal static Preprocessor CreatePreprocessor(IReadOnlyList<ComponentSpec> specs) =>
        new(specs, Register(new PluginRegistry<ISignalTransform>("transform")));
}
