using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;

namespace SignalCam.Torch.Tests.Training;

/// <summary>Small, easily separable recordings: those of class 1 carry a bump at a random place.</summary>
internal static class Recordings
{
    public static readonly SignalLayout Layout = new(["I", "II", "V1"], 128, 100);

    public static LabeledRecordings Make(int count, ulong seed)
    {
        var random = new EcgRandom(seed);
        var size = Layout.LeadCount * Layout.Length;
        var (samples, targets) = (new float[count * size], new float[count]);
        for (var i = 0; i < count; i++)
        {
            targets[i] = i % 2;
            var place = random.Below(Layout.Length - 12);
            for (var lead = 0; lead < Layout.LeadCount; lead++)
                for (var t = 0; t < Layout.Length; t++)
                    samples[i * size + lead * Layout.Length + t] =
                        (float)(0.3 * random.Normal() + (i % 2 == 1 && t >= place && t < place + 12 ? 2 : 0));
        }
        var entries = Enumerable.Range(0, count).Select(i => new EcgEntry { Id = i.ToString(CultureInfo.InvariantCulture) }).ToArray();
        return new LabeledRecordings(entries, Layout, samples, targets, 1);
    }

    public static EcgNetwork Network()
    {
        TorchSharp.torch.manual_seed(1);
        var backbone = new SignalCnn(Layout.LeadCount, new SignalCnnOptions { Channels = [8, 8, 16], FirstKernel = 7, Kernel = 5 });
        return new EcgNetwork(backbone, new SigmoidHead(backbone.Channels, 1));
    }

    public static TrainingOptions Options() => new() { Epochs = 4, BatchSize = 32, Device = "cpu" };
}

/// <summary>Adds noise, so that the order of random numbers shows.</summary>
internal sealed class Jitter : IAugmentation
{
    public string Name => "jitter";

    public void Apply(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        foreach (ref var sample in samples)
            sample += (float)(0.1 * random.Normal());
    }
}
