using System.Diagnostics;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Signals;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>
/// From raw samples, and from WFDB files, to probabilities and heat maps as published: the compiled scorer against Python and TorchSharp.
/// What each gives is compared as well, so that it is the same work.
/// </summary>
internal sealed class EndToEnd : IDisposable
{
    private const CamKind Map = CamKind.Paper;
    private const double Tolerance = 1e-4;
    private const int SyntheticRecordings = 2000;
    private const int OnceRounds = 15;
    private const int FoldRounds = 3;
    private const int FastFoldRounds = 7;

    private readonly string _folder = Directory.CreateTempSubdirectory("signalcam-bench-").FullName;
    private readonly PtbXlDataset _dataset;
    private readonly IReadOnlyList<PtbXlEntry> _fold;
    private readonly ModelFile _file;
    private readonly CompiledScorer _scorer;
    private readonly string _model;

    private EndToEnd(string? ptbXl)
    {
        if (ptbXl is null)
            SyntheticDataset.WriteAsync(ptbXl = Path.Combine(_folder, "data"),
                new SyntheticDatasetOptions { Records = SyntheticRecordings }).GetAwaiter().GetResult();
        _dataset = PtbXlDataset.Open(ptbXl);
        _fold = [.. _dataset.Entries.Where(e => Name != "PTB-XL" || e.Fold == 9)];
        var shipped = PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read();
        // The published preprocessing, and no calibration, which the Python program does not know.
        _file = new ModelFile(shipped.Manifest with { Preprocessing = PreprocessingPresets.Paper, Calibration = null },
            shipped.Weights, graph: shipped.Graph);
        _scorer = CompiledScorer.Create(_file);
        _file.Save(_model = Path.Combine(_folder, "model.safetensors"));
    }

    private string Name => _dataset.Folder.StartsWith(_folder, StringComparison.Ordinal) ? "synthetic recordings" : "PTB-XL";

    /// <summary>Measures and prints.</summary>
    /// <param name="ptbXl">PTB-XL's folder; null for synthetic recordings in its place.</param>
    /// <param name="part">one, fold or reading; null for all.</param>
    public static void Print(string? ptbXl, string? part = null)
    {
        using var work = new EndToEnd(ptbXl);
        RatioTable.PrintHead($"end to end, {work.Name}; rows of several recordings on {Environment.ProcessorCount} cores");
        if (part is null or "one")
            work.PrintOneRecording();
        if (part is null or "fold")
            work.PrintFold();
        if (part is null or "reading")
            work.PrintReading();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void PrintOneRecording()
    {
        set_num_threads(1);
        using var python = new PythonBaseline(_model, WriteList(_fold.Take(1)), threads: 1);
        using var torch = EcgModel.Load(_file, "bench", new SignalCamComponents(), "cpu");
        var raw = _dataset.ReadAsync(_fold[0]).AsTask().GetAwaiter().GetResult();
        var result = new Results(_scorer, 1);
        var (ours, theirs, torchs) = (new double[OnceRounds], new double[OnceRounds], new double[OnceRounds]);
        for (var round = -1; round < OnceRounds; round++)
        {
            var p = python.Seconds("one 20") / 20;
            var t = Seconds(60, () => CellMaps.ToHeatMap(
                "abnormal", torch.Run(torch.Prepare(raw).Samples.ToArray(), 1, Map).Map(0, 0), _scorer.Input.Length, Map));
            var o = Seconds(200, () => result.Explain(0, raw));
            // The first round warms up.
            if (round >= 0)
                (ours[round], theirs[round], torchs[round]) = (o, p, t);
        }
        RatioTable.Print("one recording, one core, against Python", ours, theirs, "at least 20");
        RatioTable.Print("the same against TorchSharp", ours, torchs, "at least 3");
    }

    private void PrintFold()
    {
        using var python = new PythonBaseline(_model, WriteList(_fold), Environment.ProcessorCount);
        var result = new Results(_scorer, _fold.Count);
        var reader = new RecordingReader(_dataset);
        var adapter = new SignalAdapter(_scorer.Input);
        double Ours() => Seconds(
            1, () => reader.ForEachAsync(_fold, (index, signal) => result.Explain(index, adapter.Adapt(signal))).GetAwaiter().GetResult());

        Ours();
        var (ours, published) = (new double[FoldRounds], new double[FoldRounds]);
        for (var round = 0; round < FoldRounds; round++)
        {
            published[round] = python.Seconds("published", out var theirs);
            ours[round] = Ours();
            result.MustBe(theirs, "one by one in Python");
        }
        RatioTable.Print($"{_fold.Count} recordings, files to heat maps, against Python", ours, published, "at least 25");
        var (again, batched) = (new double[FastFoldRounds], new double[FastFoldRounds]);
        for (var round = 0; round < FastFoldRounds; round++)
        {
            batched[round] = python.Seconds("batched", out var theirs);
            again[round] = Ours();
            result.MustBe(theirs, "in batches in Python");
        }
        RatioTable.Print("the same against Python in batches", again, batched, "at least 5");
    }

    private void PrintReading()
    {
        using var python = new PythonBaseline(_model, WriteList(_dataset.Entries), Environment.ProcessorCount);
        var paths = _dataset.Entries.Select(PathOf).ToArray();
        var cache = CachedDataset.Create(_dataset, Path.Combine(_folder, "cache"));
        using var mapped = (IDisposable)cache;
        double Ours(IEcgDataset dataset) =>
            Seconds(1, () => new RecordingReader(dataset).ForEachAsync(dataset.Entries, (_, _) => { }).GetAwaiter().GetResult());

        RawReading.Run(paths);
        Ours(_dataset);
        Ours(cache);
        var (ours, cached, byTable, lean, raw) = (
            new double[FoldRounds], new double[FoldRounds], new double[FoldRounds], new double[FoldRounds], new double[FoldRounds]);
        for (var round = 0; round < FoldRounds; round++)
        {
            byTable[round] = python.Seconds("read-by-table");
            lean[round] = python.Seconds("read");
            ours[round] = Ours(_dataset);
            raw[round] = Seconds(1, () => RawReading.Run(paths));
            cached[round] = Ours(cache);
        }
        RatioTable.Print($"reading {paths.Length} recordings, against the wfdb way", ours, byTable, "at least 10");
        RatioTable.Print("the same, without the header fields it does not need", ours, lean, "");
        RatioTable.Print("the same against reading the bytes raw", ours, raw, "at least 0.5");
        RatioTable.Print("from a cache, against the wfdb way", cached, byTable, "");
        RatioTable.Print("from a cache, against reading the bytes raw", cached, raw, "");
    }

    private string PathOf(PtbXlEntry entry) => Path.Combine(_dataset.Folder, entry.FilenameLr!);

    private string WriteList(IEnumerable<PtbXlEntry> entries)
    {
        var list = Path.Combine(_folder, "list.txt");
        File.WriteAllText(list, string.Join('\n', entries.Select(PathOf)));
        return list;
    }

    private static double Seconds(int times, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / times;
    }

    /// <summary>Probability and heat map of each recording, as the Python program writes them.</summary>
    private sealed class Results(CompiledScorer scorer, int count)
    {
        private readonly int _size = 1 + scorer.Input.Length;
        private readonly float[] _values = new float[count * (1 + scorer.Input.Length)];

        public void Explain(int index, EcgSignal signal)
        {
            var values = _values.AsSpan(index * _size, _size);
            scorer.Explain(signal.Samples.Span, Map, stackalloc float[1], values[..1],
                stackalloc float[scorer.CellCount(Map)], values[1..]);
        }

        public void MustBe(float[] others, string whose)
        {
            if (others.Length != _values.Length)
                throw new InvalidOperationException($"{whose}: {others.Length} values, expected {_values.Length}");
            var largest = 0f;
            for (var i = 0; i < others.Length; i++)
                largest = float.MaxNumber(largest, float.IsNaN(others[i]) ? float.PositiveInfinity : Math.Abs(others[i] - _values[i]));
            if (!(largest <= Tolerance))
                throw new InvalidOperationException($"{whose}: probabilities or heat maps differ by {largest}, more than {Tolerance}");
        }
    }
}
