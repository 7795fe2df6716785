using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;

namespace ThirdParty.Tests.Augmentations;

// Adds a hum of the mains to every lead, each with its own phase. services.AddSignalCam().AddAugmentation<MainsHum,
// MainsHumOptions>("mains-hum");

public sealed class MainsHumOptions : AugmentationOptions
{
    [Range(0, 5)]
    public float Amplitude { get; set; } = 0.05f;
}

public sealed class MainsHum(MainsHumOptions options) : ProbabilisticAugmentation(options.Probability)
{
    public override string Name => "mains-hum";

    protected override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        for (var lead = 0; lead < layout.LeadCount; lead++)
        {
            var phase = random.Uniform(0, 2 * Math.PI);
            for (var t = 0; t < layout.Length; t++)
                samples[lead * layout.Length + t] += options.Amplitude
                    * (float)Math.Sin(2 * Math.PI * 50 * t / layout.SamplingRate + phase);
        }
    }
}
