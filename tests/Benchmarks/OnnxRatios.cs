using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>
/// From raw samples to logits, probabilities, map and heat map: the compiled scorer against ONNX Runtime, which gives the same outputs from
/// samples that are prepared already, and against the TorchSharp path. One thread each, in processor time, which what else runs on the
/// machine does not prolong; what each gives is compared first.
/// </summary>
internal sealed class OnnxRatios : IDisposable
{
    private const CamKind Map = CamKind.Exact;
    private const float Tolerance = 1e-3f;
    private const int Rounds = 101;

    private static readonly string[] s_outputs =
        [OnnxExporter.LogitsOutput, OnnxExporter.ProbabilitiesOutput, OnnxExporter.CellsOutput(Map), OnnxExporter.SamplesOutput(Map)];

    private readonly Process _self = Process.GetCurrentProcess();
    private readonly int _batch;
    private readonly CompiledScorer _scorer;
    private readonly EcgModel _torch;
    private readonly EcgSignal[] _recordings;
    private readonly float[] _prepared;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtValue _input;
    private readonly OrtValue[] _outputs;
    private readonly float[][] _theirs;
    private readonly float[][] _ours;

    private OnnxRatios(ModelFile file, int batch)
    {
        _batch = batch;
        _scorer = CompiledScorer.Create(file);
        _torch = EcgModel.Load(file, "bench", new SignalCamComponents(), "cpu");
        var layout = _scorer.Input;
        var random = new EcgRandom(1);
        _recordings = [.. Enumerable.Range(0, batch).Select(
            _ => new EcgSignal([.. Enumerable.Range(0, layout.LeadCount * layout.Length).Select(_ => (float)random.Normal())], layout))];
        _prepared = [.. _recordings.SelectMany(r => _torch.Prepare(r).Samples.ToArray())];

        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        _session = new InferenceSession(OnnxExporter.Export(WithOneMap(file)), options);
        _input = OrtValue.CreateTensorValueFromMemory(_prepared, [batch, layout.LeadCount, layout.Length]);
        var (classes, cells) = (_scorer.Classes.Count, _scorer.CellCount(Map));
        long[][] shapes = [[batch, classes], [batch, classes], [batch, classes, cells], [batch, classes, layout.Length]];
        _theirs = [.. shapes.Select(shape => new float[shape.Aggregate(1L, (a, b) => a * b)])];
        _ours = [.. _theirs.Select(values => new float[values.Length])];
        _outputs = [.. shapes.Select((shape, i) => OrtValue.CreateTensorValueFromMemory(_theirs[i], shape))];
    }

    /// <summary>Measures and prints.</summary>
    public static void Print()
    {
        set_num_threads(1);
        RatioTable.PrintHead($"one thread, raw samples to heat map, against ONNX Runtime {OrtEnv.Instance().GetVersionString()} without "
            + "preprocessing; processor time of a recording");
        foreach (var (name, asked, torchs) in new[]
        {
            (PretrainedModels.NormalAbnormal, "at least 2.0", "at least 3"), ("super-large", "at least 1.2", ""),
        })
        {
            var file = PretrainedModels.Get(name).Read();
            foreach (var batch in (int[])[1, 32])
            {
                using var ratios = new OnnxRatios(file, batch);
                ratios.Compare();
                ratios.Print(name, asked, torchs);
            }
        }
    }

    public void Dispose()
    {
        foreach (var output in _outputs)
            output.Dispose();
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
        _torch.Dispose();
        _self.Dispose();
    }

    private void Print(string name, string asked, string torchAsked)
    {
        // A round of about the same length for all models and batches.
        var calls = Math.Max(1, 64 / _batch / (name == PretrainedModels.NormalAbnormal ? 1 : 8));
        var (ours, onnx, prepared, torch) = (new double[Rounds], new double[Rounds], new double[Rounds], new double[Rounds]);
        for (var round = -3; round < Rounds; round++)
        {
            var (a, b, c, d) = (Seconds(calls, Onnx), Seconds(calls, Compiled), Seconds(calls, Prepare), Seconds(calls, Torch));
            // The first rounds warm up.
            if (round >= 0)
                (onnx[round], ours[round], prepared[round], torch[round]) = (a, b, c, d);
        }
        RatioTable.Print($"{name}, {_batch} at a time, against ONNX Runtime", ours, onnx, asked);
        RatioTable.Print("  against TorchSharp", ours, torch, _batch == 1 ? torchAsked : "");
        var (all, part) = (ours.Order().ElementAt(Rounds / 2), prepared.Order().ElementAt(Rounds / 2));
        Console.WriteLine(FormattableString.Invariant($"  {"  of ours, the preprocessing",-58}{part * 1000,8:F3} ms{part / all,12:P0}"));
    }

    private double Seconds(int calls, Action action)
    {
        _self.Refresh();
        var start = _self.TotalProcessorTime;
        for (var i = 0; i < calls; i++)
            action();
        _self.Refresh();
        return (_self.TotalProcessorTime - start).TotalSeconds / calls / _batch;
    }

    private void Onnx() => _session.Run(_run, [OnnxExporter.PreparedInput], [_input], s_outputs, _outputs);

    private void Compiled()
    {
        for (var i = 0; i < _batch; i++)
            _scorer.Explain(_recordings[i].Samples.Span, Map, Part(0, i), Part(1, i), Part(2, i), Part(3, i));
    }

    private Span<float> Part(int output, int recording) =>
        _ours[output].AsSpan(recording * (_ours[output].Length / _batch), _ours[output].Length / _batch);

    private void Prepare()
    {
        foreach (var recording in _recordings)
            _torch.Prepare(recording);
    }

    private void Torch()
    {
        var size = _prepared.Length / _batch;
        var samples = new float[_prepared.Length];
        for (var i = 0; i < _batch; i++)
            _torch.Prepare(_recordings[i]).Samples.Span.CopyTo(samples.AsSpan(i * size));
        var output = _torch.Run(samples, _batch, Map);
        for (var i = 0; i < _batch; i++)
            for (var k = 0; k < output.ClassCount; k++)
                CellMaps.ToHeatMap(_scorer.Classes[k], output.Map(i, k), _scorer.Input.Length, Map);
    }

    /// <summary>The same work: each output of both.</summary>
    private void Compare()
    {
        Onnx();
        Compiled();
        for (var output = 0; output < s_outputs.Length; output++)
            for (var i = 0; i < _ours[output].Length; i++)
                if (!(Math.Abs(_ours[output][i] - _theirs[output][i]) <= Tolerance * Math.Max(1, Math.Abs(_theirs[output][i]))))
                    throw new InvalidOperationException(
                        $"{s_outputs[output]} at {i}: ours {_ours[output][i]}, ONNX Runtime's {_theirs[output][i]}");
    }

    // ONNX Runtime computes what the graph has, asked for or not.
    private static ModelFile WithOneMap(ModelFile file) => new(
        file.Manifest, file.Weights,
        graph: new LayerGraph(file.Graph!.Leads, [.. file.Graph.Nodes.Where(node => node is not CamNode cam || cam.Map == Map)]));
}
