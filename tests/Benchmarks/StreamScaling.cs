using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Benchmarks;

/// <summary>
/// The stream of a classifier on one core and on two, over the recordings of fold 9 in memory: processes bound to cores (by taskset), in
/// turns.
/// </summary>
internal static class StreamScaling
{
    /// <summary>The argument of a process that measures once.</summary>
    public const string Argument = "stream-once";

    private const int Rounds = 7;
    private const int Passes = 7;

    public static void Print()
    {
        var (one, two) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
            (one[round], two[round]) = (Measure("0"), Measure("0,1"));
        var ratios = one.Zip(two, (a, b) => a / b).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"stream over fold 9, two cores against one: {one.Min() / two.Min():F2} times as fast (best of {Rounds * Passes} passes: "
            + $"{two.Min() * 1e3:F0} and {one.Min() * 1e3:F0} ms), median of {Rounds} pairs {ratios[Rounds / 2]:F2}, quartiles "
            + $"{ratios[Rounds / 4]:F2} to {ratios[Rounds * 3 / 4]:F2}; asked: 1.8"));
    }

    /// <summary>Prints the seconds of the fastest pass.</summary>
    public static async Task MeasureAsync(string ptbXl)
    {
        var dataset = PtbXlDataset.Open(ptbXl);
        var recordings = new List<EcgStreamItem>();
        foreach (var entry in dataset.Entries.Where(entry => entry.Fold == 9))
            recordings.Add(new EcgStreamItem(entry.Id, await dataset.ReadAsync(entry)));
        await using var services = new ServiceCollection().AddSignalCam(options => options.Device = "cpu").Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var (explain, best) = (new ClassifyOptions { Explain = true }, double.PositiveInfinity);
        for (var pass = 0; pass <= Passes; pass++)
        {
            var start = Stopwatch.GetTimestamp();
            await foreach (var answer in classifier.ClassifyAsync(recordings, explain))
                answer.GetAnswer();
            // The first pass is compiled while it runs.
            if (pass > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        Console.WriteLine(best.ToString("R", CultureInfo.InvariantCulture));
    }

    private static double Measure(string cores)
    {
        var start = new ProcessStartInfo("taskset",
            ["-c", cores, Environment.ProcessPath!, Environment.GetCommandLineArgs()[0], Argument]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"the process on cores {cores} ended with {process.ExitCode}");
    }
}
