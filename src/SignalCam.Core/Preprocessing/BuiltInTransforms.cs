using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>The transforms that come with the SDK.</summary>
internal static class BuiltInTransforms
{
    /// <summary>Adds "detrend", "max-abs", "z-score", "robust", "min-max" and "fixed-scale" to a registry.</summary>
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
            .Add<FixedScaleOptions>("fixed-scale", o => new FixedScale(o));
    }

    /// <summary>Makes the preprocessing of a model file that names built-in transforms alone.</summary>
    internal static Preprocessor CreatePreprocessor(IReadOnlyList<ComponentSpec> specs) =>
        new(specs, Register(new PluginRegistry<ISignalTransform>("transform")));
}
