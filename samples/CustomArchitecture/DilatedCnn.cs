using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CustomArchitecture;

// Each convolution has twice the reach of the previous one (van den Oord et al. 2016), so that three of them cover a whole beat.

public sealed class DilatedCnnOptions
{
    [Range(1, 512)]
    public int Width { get; set; } = 24;
}

public sealed class DilatedCnn : Backbone, ILayerGraphSource
{
    private readonly Sequential _layers;

    public DilatedCnn(int leads, DilatedCnnOptions options)
        : base(nameof(DilatedCnn))
    {
        Channels = options.Width;
        _layers = Sequential(Layer(leads, 1), MaxPool1d(2), Layer(Channels, 2), MaxPool1d(2), Layer(Channels, 4));
        register_module("layers", _layers);
    }

    public override int Channels { get; }

    // (batch, lead, time) to (batch, channel, cell). The SDK handles head, loss, maps and model file.
    public override Tensor forward(Tensor input) => _layers.call(input);

    // The same as a layer graph, for the compiled scorer and ONNX export.
    public string AddTo(LayerGraphBuilder graph, string input) => graph.AddModule("layers", _layers, input);

    private Sequential Layer(int from, int dilation) =>
        Sequential(Conv1d(from, Channels, 7, padding: 3 * dilation, dilation: dilation), BatchNorm1d(Channels), ReLU());
}
