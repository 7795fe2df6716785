using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ThirdParty.Tests.Architectures;

// services.AddSignalCam().AddArchitecture<ConvNext1dOptions>("convnext1d", (input, options) => new ConvNext1d(input.LeadCount, options));

public sealed class ConvNext1dOptions
{
    [Range(1, 512)]
    public int Width { get; set; } = 24;

    [Range(1, 32)]
    public int Blocks { get; set; } = 3;
}

// After ConvNeXt (Liu et al. 2022): depthwise convolutions, layer norm over channels, GELU.
public sealed class ConvNext1d : Backbone, ILayerGraphSource
{
    private readonly Conv1d _stem;
    private readonly ChannelNorm _norm;
    private readonly ConvNextBlock[] _blocks;

    public ConvNext1d(int leads, ConvNext1dOptions options)
        : base(nameof(ConvNext1d))
    {
        Channels = options.Width;
        _stem = Conv1d(leads, Channels, 4, stride: 4);
        _norm = new ChannelNorm(Channels);
        _blocks = [.. Enumerable.Range(0, options.Blocks).Select(i => new ConvNextBlock(Channels, dilation: 1 << (i % 3)))];
        register_module("stem", _stem);
        register_module("stem_norm", _norm);
        for (var i = 0; i < _blocks.Length; i++)
            register_module($"block{i}", _blocks[i]);
    }

    public override int Channels { get; }

    public override int ShortestInput => 4;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _norm.call(_stem.call(input));
        foreach (var block in _blocks)
            x = block.call(x);
        return x.MoveToOuterDisposeScope();
    }

    public string AddTo(LayerGraphBuilder graph, string input)
    {
        var x = _norm.AddTo(graph, "stem_norm", graph.AddModule("stem", _stem, input));
        for (var i = 0; i < _blocks.Length; i++)
            x = _blocks[i].AddTo(graph, $"block{i}", x);
        return x;
    }
}

public sealed class ConvNextBlock : Module<Tensor, Tensor>
{
    private readonly Conv1d _depthwise;
    private readonly ChannelNorm _norm;
    private readonly Linear _widen;
    private readonly GELU _activation = GELU();
    private readonly Linear _narrow;
    private readonly Dropout _dropout = Dropout(0.1);
    private readonly Parameter _scale;

    public ConvNextBlock(int channels, int dilation)
        : base(nameof(ConvNextBlock))
    {
        _depthwise = Conv1d(channels, channels, 7, padding: 3 * dilation, dilation: dilation, groups: channels);
        _norm = new ChannelNorm(channels);
        _widen = Linear(channels, 4 * channels);
        _narrow = Linear(4 * channels, channels);
        _scale = Parameter(full(channels, 1, 0.5f));
        register_module("depthwise", _depthwise);
        register_module("norm", _norm);
        register_module("widen", _widen);
        register_module("narrow", _narrow);
        register_module("dropout", _dropout);
        register_parameter("scale", _scale);
    }

    public override Tensor forward(Tensor input)
    {
        var x = _norm.call(_depthwise.call(input)).transpose(1, 2);
        x = _narrow.call(_activation.call(_widen.call(x))).transpose(1, 2);
        return input + _dropout.call(x * _scale);
    }

    public string AddTo(LayerGraphBuilder graph, string name, string input)
    {
        var x = _norm.AddTo(graph, $"{name}.norm", graph.AddModule($"{name}.depthwise", _depthwise, input));
        x = graph.Add(new DenseNode($"{name}.widen", x, (int)_widen.out_features));
        x = graph.AddModule($"{name}.activation", _activation, x);
        x = graph.Add(new DenseNode($"{name}.narrow", x, (int)_narrow.out_features));
        x = graph.Add(new ScaleNode($"{name}.scaled", x, $"{name}.scale"));
        x = graph.AddModule($"{name}.dropout", _dropout, x);
        return graph.Add(new AddNode($"{name}.sum", [input, x]));
    }

    // The default adds every field that is a module once more, under the field's name.
    protected override void RegisterComponents()
    {
    }
}

public sealed class ChannelNorm : Module<Tensor, Tensor>
{
    private readonly LayerNorm _norm;

    public ChannelNorm(int channels)
        : base(nameof(ChannelNorm))
    {
        _norm = LayerNorm(channels, eps: 1e-6);
        register_module("over_channels", _norm);
    }

    public override Tensor forward(Tensor input) => _norm.call(input.transpose(1, 2)).transpose(1, 2);

    public string AddTo(LayerGraphBuilder graph, string name, string input) =>
        graph.Add(new LayerNormNode($"{name}.over_channels", input, _norm.eps));

    protected override void RegisterComponents()
    {
    }
}
