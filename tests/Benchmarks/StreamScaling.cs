using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Benchmarks;

/// <summary>The stream of a classifier on one core and on two, in turns, over the recordings of fold 9 in memory.</summary>
internal static class StreamScaling
{
    private const int Rounds = 15;

    public static async Task PrintAsync(string? ptbXl)
    {
        if (ptbXl is null)
            throw new InvalidOperationException("set SIGNALCAM_PTBXL to the folder of PTB-XL");
        var dataset = PtbXlDataset.Open(ptbXl);
        var recordings = new List<EcgStreamItem>();
        foreach (var entry in dataset.Entries.Where(entry => entry.Fold == 9))
            recordings.Add(new EcgStreamItem(entry.Id, await dataset.ReadAsync(entry)));
        // Two processors are seen by the classifier when it is made; the system binds it to one of them in half of the rounds.
        using var process = Process.GetCurrentProcess();
        await using var services = new ServiceCollection().AddSignalCam(options => options.Device = "cpu").Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var explain = new ClassifyOptions { Explain = true };
        await RunAsync();
        var (one, two) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            Bind(process, 1);
            one.Add(await RunAsync());
            Bind(process, 3);
            two.Add(await RunAsync());
        }
        var ratios = one.Zip(two, (a, b) => a / b).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"stream of {recordings.Count} recordings, two cores against one: {one.Min() / two.Min():F2} times as fast (best of {Rounds}; {one.Min() * 1e3:F0} and {two.Min() * 1e3:F0} ms), median of pairs {ratios[Rounds / 2]:F2}, quartiles {ratios[Rounds / 4]:F2} to {ratios[Rounds * 3 / 4]:F2}; asked: 1.8"));

        async Task<double> RunAsync()
        {
            var start = Stopwatch.GetTimestamp();
            await foreach (var answer in classifier.ClassifyAsync(recordings, explain))
                answer.GetAnswer();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static void Bind(Process process, nint cores)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            process.ProcessorAffinity = cores;
        else
            throw new PlatformNotSupportedException("a process can be bound to cores on Linux and Windows");
    }
}
