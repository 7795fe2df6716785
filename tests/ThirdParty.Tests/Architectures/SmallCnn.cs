using System.ComponentModel.DataAnnotations;
using SignalCam.Torch.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ThirdParty.Tests.Architectures;

// services.AddSignalCam().AddArchitecture<SmallCnnOptions>("small-cnn", (input, options) => new SmallCnn(input.LeadCount, options));

public sealed class SmallCnnOptions
{
    [Range(1, 512)]
    public int Width { get; set; } = 16;
}

public sealed class SmallCnn : Backbone
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

    public override Tensor forward(Tensor input) => _layers.call(input);
}
