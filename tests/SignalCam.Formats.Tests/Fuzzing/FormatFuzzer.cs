using System.Diagnostics;
using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Sources;

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

    /// <summary>Runs the cases.</summary>
    /// <param name="format">The format under test; a file that it no longer recognizes is read all the same.</param>
    /// <param name="corpus">Good files.</param>
    /// <param name="repair">Makes a mutated file consistent again (checksums), so that changes reach behind the first check; null for
    /// none.</param>
    /// <param name="options">Options of a case; null for a random choice of strict or lenient, with or without patient.</param>
    /// <param name="siblings">Files beside the mutated one.</param>
    public static void Run(
        IEcgFormat format, IReadOnlyList<byte[]> corpus, Func<byte[], byte[]>? repair = null, Func<Mutator, EcgReadOptions>? options = null,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? siblings = null)
    {
        Assert.NotEmpty(corpus);
        var current = new CaseClock();
        Exception? failure = null;
        var worker = new Thread(() =>
            failure = Record.Exception(() => RunCases(format, corpus, repair, options ?? AnyOptions, siblings, current)), 16 << 20)
        {
            IsBackground = true,
        };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
            Assert.True(current.Elapsed < Hang, $"{format.Name}, seed {current.Seed}: still reading after {current.Elapsed}");
        Assert.True(failure is null, failure?.ToString());
    }

    private static EcgReadOptions AnyOptions(Mutator mutator) =>
        new() { Lenient = mutator.Coin(), IncludePatient = mutator.Coin(), BridgeGaps = mutator.Coin() ? 1 : 0 };

    private static void RunCases(
        IEcgFormat format, IReadOnlyList<byte[]> corpus, Func<byte[], byte[]>? repair, Func<Mutator, EcgReadOptions> options,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? siblings, CaseClock current)
    {
        var reader = new EcgFileReader([new Always(format)]);
        for (var seed = FirstSeed; seed < FirstSeed + Cases; seed++)
        {
            var mutator = new Mutator(seed);
            var bytes = mutator.Mutate(mutator.Pick(corpus), mutator.Pick(corpus));
            if (repair is not null && mutator.Coin())
                bytes = repair(bytes);
            var chosen = options(mutator);
            current.Start(seed);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => reader.Read(new MemorySource("mutated", bytes, siblings), chosen));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var elapsed = current.Elapsed;
            Assert.True(error is null or EcgFormatException, $"{format.Name}, seed {seed}: {error}");
            Assert.True(allocated <= MostBytes, $"{format.Name}, seed {seed}: {allocated} bytes allocated for a file of {bytes.Length}");
            Assert.True(elapsed < Hang, $"{format.Name}, seed {seed}: {elapsed}");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : otherwise;

    /// <summary>Reads whatever it gets, after asking the format whether it recognizes it, which must not throw either.</summary>
    private sealed class Always(IEcgFormat format) : IEcgFormat
    {
        public string Name => format.Name;

        public bool Recognizes(EcgFileSource file) => format.Recognizes(file) || true;

        public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default) =>
            format.Read(file, options, cancellationToken);
    }

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
