using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ward1;

/// <summary>Options of the architecture "ward1-cnn".</summary>
public sealed class SmallCnnOptions
{
    /// <summary>Channels of both convolutions. Default 16.</summary>
    [Range(1, 512)]
    public int Width { get; set; } = 16;
}

/// <summary>
/// Two convolutions. As an <see cref="ILayerGraphSource"/> it can be scored without libtorch and exported.
/// </summary>
public sealed class SmallCnn : Backbone, ILayerGraphSource
{
    private readonly Sequential _layers;

    public SmallCnn(int leads, SmallCnnOptions options)
        : base(nameof(SmallCnn))
    {
        Channels = options.Width;
        _layers = Sequential(
            Conv1d(leads, Channels, 15, padding: 7), BatchNorm1d(Channels), ReLU(), MaxPool1d(4),
            Conv1d(Channels, Channels, 7, padding: 3), BatchNorm1d(Channels), ReLU());
        register_module("layers", _layers);
    }

    public override int Channels { get; }

    // The fewest samples that give a cell.
    public override int ShortestInput => 4;

    public override Tensor forward(Tensor input) => _layers.call(input);

    public string AddTo(LayerGraphBuilder graph, string input) => graph.AddModule("layers", _layers, input);

    // The base implementation would register the field a second time, under its name.
    protected override void RegisterComponents()
    {
    }
}
