using SignalCam.Abstractions;
using SignalCam.Formats.Sources;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>A format with good files, and how broken ones are made of them: the same number gives the same file.</summary>
internal sealed class FuzzedFormat(string name, IEcgFormat format, Func<IEnumerable<byte[]>> makeCorpus)
{
    private readonly Lazy<IReadOnlyList<byte[]>> _corpus = new(() => [.. makeCorpus()]);
    private readonly EcgFileReader _reader = new([new Always(format)]);
    private IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? _siblings;

    /// <summary>What it is called by.</summary>
    public string Name => name;

    /// <summary>
    /// Makes a mutated file consistent again (checksums), so that changes reach behind the first check; null for nothing.
    /// </summary>
    public Func<byte[], byte[]>? Repair { get; init; }

    /// <summary>Options of a case. Default: a random choice of strict or lenient, with or without patient.</summary>
    public Func<Mutator, EcgReadOptions> Options { get; init; } = mutator =>
        new EcgReadOptions { Lenient = mutator.Coin(), IncludePatient = mutator.Coin(), BridgeGaps = mutator.Coin() ? 1 : 0 };

    /// <summary>Files beside the mutated one; null for none.</summary>
    public Func<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>? Siblings { get; init; }

    /// <summary>Makes a broken file; the call that is returned reads it, and ends with a recording or an error.</summary>
    public Func<EcgRecording> Make(int seed)
    {
        var mutator = new Mutator(seed);
        var bytes = mutator.Mutate(mutator.Pick(_corpus.Value), mutator.Pick(_corpus.Value));
        if (Repair is not null && mutator.Coin())
            bytes = Repair(bytes);
        var options = Options(mutator);
        return () => _reader.Read(new MemorySource("mutated", bytes, _siblings ??= Siblings?.Invoke()), options);
    }

    /// <summary>Reads whatever it gets, after asking the format whether it recognizes it, which must not throw either.</summary>
    private sealed class Always(IEcgFormat format) : IEcgFormat
    {
        public string Name => format.Name;

        public bool Recognizes(EcgFileSource file) => format.Recognizes(file) || true;

        public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default) =>
            format.Read(file, options, cancellationToken);
    }
}
