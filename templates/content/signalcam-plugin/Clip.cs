using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace Ward1;

/// <summary>Options of the transform "ward1-clip".</summary>
public sealed class ClipOptions
{
    /// <summary>The largest magnitude that is kept, in the unit that the samples have by then. Default 3.</summary>
    [Range(0.1, 100)]
    public float Limit { get; set; } = 3;
}

/// <summary>Cuts off pacemaker spikes and artefacts.</summary>
public sealed class Clip(ClipOptions options) : ISignalTransform
{
    public string Name => "ward1-clip";

    public EcgSignal Apply(EcgSignal signal) => signal.MapLeads(samples =>
    {
        for (var t = 0; t < samples.Length; t++)
            samples[t] = Math.Clamp(samples[t], -options.Limit, options.Limit);
    });
}
