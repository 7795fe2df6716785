using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace ThirdParty.Tests.Transforms;

// Clips pacemaker spikes and artefacts.
// services.AddSignalCam().AddTransform<Clip, ClipOptions>("clip");

public sealed class ClipOptions
{
    [Range(0.1, 100)]
    public float Millivolt { get; set; } = 3;
}

public sealed class Clip(ClipOptions options) : ISignalTransform
{
    public string Name => "clip";

    public EcgSignal Apply(EcgSignal signal) =>
        signal.MapLeads(samples => TensorPrimitives.Clamp(samples, -options.Millivolt, options.Millivolt, samples));
}
