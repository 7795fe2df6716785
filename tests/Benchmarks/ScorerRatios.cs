using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>
/// The compiled scorer against the TorchSharp path, its convolutions against the multiply-add peak of one core, all in one run.
/// </summary>
internal static class ScorerRatios
{
    private const int Batch = 32;

    public static void Print()
    {
        // One core for both: the scorer runs on the caller's thread.
        set_num_threads(1);
        using var model = TestModels.Create(TestModels.Manifest with { Preprocessing = PreprocessingPresets.Paper });
        var scorer = CompiledScorer.Create(model.ToFile());
        PrintLayers(scorer, model.Input);

        var recording = Recording(model.Input);
        var (logits, probabilities, cells, heat) = (
            new float[1], new float[1], new float[scorer.CellCount(CamKind.Exact)], new float[1000]);
        PairedRatio.Print("raw recording to probability and heat map, compiled against TorchSharp", 201,
            () => Torch(model, recording, 1), () => Compiled(recording));
        PairedRatio.Print("one recording's probability alone, compiled against TorchSharp", 201,
            () => model.Run(Prepared(model, recording, 1), 1), () => scorer.Score(recording.Samples.Span, logits, probabilities));
        PairedRatio.Print($"{Batch} recordings to probabilities and heat maps, compiled against one batch of TorchSharp", 51,
            () => Torch(model, recording, Batch), () =>
            {
                for (var i = 0; i < Batch; i++)
                    Compiled(recording);
            });
        PairedRatio.Print("detrend and scale of one recording, all leads and by selection, against lead by lead and by sorting", 201,
            () => PlainPreprocessing.Run(recording), () => model.Preprocessor.Apply(recording));

        void Compiled(EcgSignal signal) => scorer.Explain(signal.Samples.Span, CamKind.Exact, logits, probabilities, cells, heat);
    }

    private static void Torch(EcgModel model, EcgSignal recording, int count)
    {
        var output = model.Run(Prepared(model, recording, count), count, CamKind.Exact);
        for (var i = 0; i < count; i++)
            CellMaps.ToHeatMap("abnormal", output.Map(i, 0), model.Input.Length, CamKind.Exact);
    }

    private static float[] Prepared(EcgModel model, EcgSignal recording, int count)
    {
        var size = model.Input.LeadCount * model.Input.Length;
        var samples = new float[count * size];
        for (var i = 0; i < count; i++)
            model.Prepare(recording).Samples.Span.CopyTo(samples.AsSpan(i * size));
        return samples;
    }

    private static void PrintLayers(CompiledScorer scorer, SignalLayout input)
    {
        var width = Vector512.IsHardwareAccelerated
            ? VectorWidth.V512
            : Vector256.IsHardwareAccelerated ? VectorWidth.V256 : VectorWidth.V128;
        var peak = MultiplyAddPeak.Measure(width);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"multiply-add peak of one core, {(int)width} floats a vector: {peak / 1e9:F1} G/s"));
        var (seconds, total, inner) = (0.0, 0L, 0L);
        foreach (var layer in scorer.Convolutions)
        {
            var best = Best(scorer.Isolate(layer));
            (seconds, total, inner) = (seconds + best, total + layer.Plan.MultiplyAdds, inner + layer.InnerMultiplyAdds);
            PrintRow(layer.Plan.Name, layer.Plan.MultiplyAdds, layer.InnerMultiplyAdds, best);
        }
        PrintRow($"all convolutions of {input.Length} samples", total, inner, seconds);

        void PrintRow(string name, long work, long computed, double best) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-36} {work,10} multiply-adds {best * 1e6,8:F1} us {work / best / peak,6:P0} of peak; {computed,10} computed, "
            + $"{computed / best / peak,6:P0}"));
    }

    private static double Best(Action action)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 2000; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static EcgSignal Recording(SignalLayout layout)
    {
        var random = new EcgRandom(1);
        return new EcgSignal([.. Enumerable.Range(0, layout.LeadCount * layout.Length).Select(_ => (float)random.Normal())], layout);
    }
}
