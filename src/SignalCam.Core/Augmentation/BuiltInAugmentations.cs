using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>The built-in augmentations.</summary>
internal static class BuiltInAugmentations
{
    /// <summary>
    /// Adds "time-shift", "amplitude-scale", "gaussian-noise", "sine-pulse", "respiration-noise", "time-warp", "lead-dropout",
    /// "sequence" and "one-of" to a registry. The last two look up their parts in the same registry.
    /// </summary>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<IAugmentation> Register(PluginRegistry<IAugmentation> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<TimeShiftOptions>("time-shift", o => new TimeShift(o))
            .Add<AmplitudeScaleOptions>("amplitude-scale", o => new AmplitudeScale(o))
            .Add<GaussianNoiseOptions>("gaussian-noise", o => new GaussianNoise(o))
            .Add<SinePulseOptions>("sine-pulse", o => new SinePulse(o))
            .Add<RespirationNoiseOptions>("respiration-noise", o => new RespirationNoise(o))
            .Add<TimeWarpOptions>("time-warp", o => new TimeWarp(o))
            .Add<LeadDropoutOptions>("lead-dropout", o => new LeadDropout(o))
            .Add<AugmentationSequenceOptions>("sequence", o => new AugmentationSequence(o, registry))
            .Add<OneOfOptions>("one-of", o => new OneOf(o, registry));
    }
}
