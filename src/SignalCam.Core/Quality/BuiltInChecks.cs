using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>The checks that come with the SDK.</summary>
public static class BuiltInChecks
{
    private static readonly Lazy<IReadOnlyList<IRecordingCheck>> s_all = new(
        () => CreateAll(Register(new PluginRegistry<IRecordingCheck>("check"))));

    /// <summary>All of them with their defaults: what a model uses that is told no others.</summary>
    public static IReadOnlyList<IRecordingCheck> All => s_all.Value;

    /// <summary>Every check of a registry with its defaults: the built-in ones and a host's own.</summary>
    internal static IRecordingCheck[] CreateAll(PluginRegistry<IRecordingCheck> registry) =>
        [.. registry.Names.Select(name => registry.Create(new ComponentSpec(name)))];

    /// <summary>
    /// Adds "no-signal", "amplitude", "clipping", "noise", "burst-noise", "baseline", "mains-hum", "beats", "sampling-rate", "limb-leads",
    /// "duplicate-leads" and "electrodes" to a registry.
    /// </summary>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<IRecordingCheck> Register(PluginRegistry<IRecordingCheck> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<SignalPresenceOptions>("no-signal", o => new SignalPresenceCheck(o))
            .Add<AmplitudeOptions>("amplitude", o => new AmplitudeCheck(o))
            .Add<ClippingOptions>("clipping", o => new ClippingCheck(o))
            .Add<NoiseOptions>("noise", o => new NoiseCheck(o))
            .Add<BurstNoiseOptions>("burst-noise", o => new BurstNoiseCheck(o))
            .Add<BaselineOptions>("baseline", o => new BaselineCheck(o))
            .Add<MainsHumOptions>("mains-hum", o => new MainsHumCheck(o))
            .Add<BeatsOptions>("beats", o => new BeatsCheck(o))
            .Add<SamplingRateOptions>("sampling-rate", o => new SamplingRateCheck(o))
            .Add<LimbLeadsOptions>("limb-leads", o => new LimbLeadsCheck(o))
            .Add("duplicate-leads", () => new DuplicateLeadsCheck())
            .Add<ElectrodesOptions>("electrodes", o => new ElectrodesCheck(o));
    }
}
