using System.Diagnostics;
using System.Globalization;

namespace SignalCam.Benchmarks;

/// <summary>
/// Training steps and forward passes a second of this build, and against another build of the same benchmark where one is named: both
/// programs run side by side and take turns, call group by call group, so that a machine whose speed drifts slows both alike.
/// </summary>
internal static class EngineRatios
{
    // Short groups: an interruption then spoils one of many.
    private const int CallsOfATurn = 4;

    /// <summary>Measures and prints.</summary>
    /// <param name="args">[--threads N] [--rounds N] [--work PREFIX] [--against DLL], the benchmark program of another build.</param>
    public static void Print(string[] args)
    {
        var threads = int.Parse(Value(args, "--threads") ?? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        var rounds = int.Parse(Value(args, "--rounds") ?? "20", CultureInfo.InvariantCulture);
        using var ours = new Worker(Path.Combine(AppContext.BaseDirectory, "Benchmarks.dll"), threads);
        using var other = Value(args, "--against") is { } path ? new Worker(path, threads) : null;
        Console.WriteLine(
            $"batches of 128 recordings, {threads} thread(s), {rounds} turns of {CallsOfATurn} calls; milliseconds, smallest and median");
        foreach (var work in EngineWorker.Works.Where(work => work.StartsWith(Value(args, "--work") ?? "", StringComparison.Ordinal)))
        {
            // The first calls choose kernels and make the allocator grow.
            ours.Run(work, CallsOfATurn);
            other?.Run(work, CallsOfATurn);
            var (mine, theirs) = (new Sample(), new Sample());
            for (var round = 0; round < rounds; round++)
            {
                if (round % 2 == 0)
                    mine.Add(ours.Run(work, CallsOfATurn));
                if (other is not null)
                    theirs.Add(other.Run(work, CallsOfATurn));
                if (round % 2 == 1)
                    mine.Add(ours.Run(work, CallsOfATurn));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work,-20} {mine}; {1000 / mine.Wall.Min():F1} a second"));
            if (other is not null)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{"  the other build",-20} {theirs}; ratio of wall {mine.Wall.Min() / theirs.Wall.Min():F3} and "
                    + $"{Median(mine.Wall) / Median(theirs.Wall):F3}, "
                    + $"of processor {mine.Processor.Min() / theirs.Processor.Min():F3} and "
                    + $"{Median(mine.Processor) / Median(theirs.Processor):F3}"));
        }
    }

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : null;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>The times of all calls, in milliseconds.</summary>
    private sealed class Sample
    {
        public List<double> Wall { get; } = [];

        public List<double> Processor { get; } = [];

        public void Add(double[] pairs)
        {
            for (var i = 0; i < pairs.Length; i += 2)
            {
                Wall.Add(pairs[i]);
                Processor.Add(pairs[i + 1]);
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"wall {Wall.Min(),6:F1} {Median(Wall),6:F1}  processor {Processor.Min(),6:F1} {Median(Processor),6:F1}");
    }

    /// <summary>A process that works when it is told to.</summary>
    private sealed class Worker : IDisposable
    {
        private readonly Process _process;

        public Worker(string program, int threads) =>
            _process = Process.Start(new ProcessStartInfo("dotnet", [program, EngineWorker.Argument, $"{threads}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;

        public double[] Run(string work, int count)
        {
            _process.StandardInput.WriteLine($"{work} {count}");
            var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the worker ended; what it says is above");
            return [.. line.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
