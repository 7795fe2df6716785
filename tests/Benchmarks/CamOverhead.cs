using BenchmarkDotNet.Attributes;
using SignalCam.Abstractions;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>What the class activation map adds to a forward pass of 128 recordings.</summary>
public class CamOverhead : IDisposable
{
    private const int Batch = 128;

    /// <summary>Outputs of the network, each with a map.</summary>
    [Params(1, 5)]
    public int Classes { get; set; } = 1;

    private EcgNetwork _network = null!;
    private Tensor _signals = null!;

    [GlobalSetup]
    public void Setup()
    {
        manual_seed(1);
        _network = new EcgNetwork(new SignalCnn(12), new SigmoidHead(64, Classes));
        _network.Evaluate();
        _signals = randn(Batch, 12, 1000);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _signals.Dispose();
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public float Forward()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        return _network.Forward(_signals).data<float>().ToArray()[0];
    }

    [Benchmark]
    public float ForwardWithExactCam() => WithCam(CamKind.Exact);

    [Benchmark]
    public float ForwardWithPaperCam() => WithCam(CamKind.Paper);

    private float WithCam(CamKind kind)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (logits, cam) = _network.ForwardWithCam(_signals, kind);
        return logits.data<float>().ToArray()[0] + cam.data<float>().ToArray()[0];
    }
}
