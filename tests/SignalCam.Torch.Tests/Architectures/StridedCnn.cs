using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

public sealed class StridedCnnOptions
{
    public int Width { get; set; } = 32;
}

public sealed class StridedCnn : Backbone, ILayerGraphSource
{
    private readonly Sequential _layers;

    public StridedCnn(int leads, int width) : base(nameof(StridedCnn))
    {
        Channels = width;
        _layers = nn.Sequential(
            nn.Conv1d(leads, width, 15, stride: 4, padding: 7), nn.BatchNorm1d(width), nn.ReLU(),
            nn.Conv1d(width, width, 7, stride: 2, padding: 3), nn.BatchNorm1d(width), nn.ReLU());
        register_module("layers", _layers);
    }

    public override int Channels { get; }

    public override Tensor forward(Tensor input) => _layers.call(input);

    public string AddTo(LayerGraphBuilder graph, string input) => graph.AddModule("layers", _layers, input);
}

public sealed class StridedCnnArchitecture(StridedCnnOptions options) : IEcgArchitecture
{
    public string Name => "strided-cnn";

    public Backbone Create(SignalLayout input) => new StridedCnn(input.LeadCount, options.Width);
}
