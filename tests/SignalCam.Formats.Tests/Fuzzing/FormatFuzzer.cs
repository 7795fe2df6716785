using System.Diagnostics;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>
/// Reads mutated files of one format and asserts what holds for every input: a recording or an <see cref="EcgFormatException"/>, no hang,
/// no large allocation. SIGNALCAM_FUZZ_CASES sets the number of cases a format (default 3000), SIGNALCAM_FUZZ_SEED the first seed.
/// </summary>
internal static class FormatFuzzer
{
    private const int DefaultCases = 3000;
    private const long MostBytes = 256L << 20;

    /// <summary>
    /// A case that takes longer is a hang. A short run tolerates a busy machine; a long run, which is started by hand, does not.
    /// </summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(CasesAreSet ? 2 : 20);

    private static bool CasesAreSet => Environment.GetEnvironmentVariable("SIGNALCAM_FUZZ_CASES") is { Length: > 0 };

    private static int Cases => Number("SIGNALCAM_FUZZ_CASES", DefaultCases);

    private static int FirstSeed => Number("SIGNALCAM_FUZZ_SEED", 1);

    /// <summary>Runs the cases; a file that the format no longer recognizes is read all the same.</summary>
    public static void Run(FuzzedFormat format)
    {
        var current = new CaseClock();
        Exception? failure = null;
        var worker = new Thread(() => failure = Record.Exception(() => RunCases(format, current)), 16 << 20) { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
            Assert.True(current.Elapsed < Hang, $"{format.Name}, seed {current.Seed}: still reading after {current.Elapsed}");
        Assert.True(failure is null, failure?.ToString());
    }

    private static void RunCases(FuzzedFormat format, CaseClock current)
    {
        for (var seed = FirstSeed; seed < FirstSeed + Cases; seed++)
        {
            var read = format.Make(seed);
            current.Start(seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(read);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var elapsed = current.Elapsed;
            Assert.True(error is null or EcgFormatException, $"{format.Name}, seed {seed}: {error}");
            Assert.True(allocated <= MostBytes, $"{format.Name}, seed {seed}: {allocated} bytes allocated");
            Assert.True(elapsed < Hang, $"{format.Name}, seed {seed}: {elapsed}");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : otherwise;

    private sealed class CaseClock
    {
        private long _start = Stopwatch.GetTimestamp();

        public int Seed { get; private set; }

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Volatile.Read(ref _start));

        public void Start(int seed)
        {
            Seed = seed;
            Volatile.Write(ref _start, Stopwatch.GetTimestamp());
        }
    }
}
