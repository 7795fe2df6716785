using System.Diagnostics;
using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Torch;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>A forward pass of each architecture, relative to the first: the column `time` of docs/architectures.md.</summary>
internal static class ArchitectureTimes
{
    public static void Print()
    {
        var components = new SignalCamComponents();
        var unit = ForwardTime(components, "signal-cnn");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"signal-cnn: {unit.TotalMilliseconds:F1} ms for 32 recordings"));
        foreach (var name in components.Architectures.Names)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-24}{ForwardTime(components, name) / unit,8:F1}"));
    }

    private static TimeSpan ForwardTime(SignalCamComponents components, string name, int batch = 32, int rounds = 10)
    {
        using var backbone = components.Architectures.Create(new ComponentSpec(name))
            .Create(new SignalLayout(SignalLayout.StandardLeads, 1000, 100));
        backbone.eval();
        using var inference = inference_mode();
        using var signals = randn(batch, 12, 1000);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            backbone.call(signals).Dispose();
            var time = Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
        }
        return best;
    }
}
