using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace Ward1;

/// <summary>Options of the transform "ward1-clip".</summary>
public sealed class ClipOptions
{
    /// <summary>The maximum magnitude, in the unit of the samples at this step. Default 3.</summary>
    [Range(0.1, 100)]
    public float Limit { get; set; } = 3;
}

/// <summary>Clips pacemaker spikes and artefacts.</summary>
public sealed class Clip(ClipOptions options) : ISignalTransform
{
    public string Name => "ward1-clip";

    public EcgSignal Apply(EcgSignal signal) => signal.MapLeads(samples =>
    {
        for (var t = 0; t < samples.Length; t++)
            samples[t] = Math.Clamp(samples[t], -options.Limit, options.Limit);
    });
}
