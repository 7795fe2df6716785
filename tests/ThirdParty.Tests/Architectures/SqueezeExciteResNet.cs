using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ThirdParty.Tests.Architectures;

// services.AddSignalCam().AddArchitecture<SqueezeExciteOptions>("se-resnet", (input, options) => new SqueezeExciteResNet(input.LeadCount,
// options));

public sealed class SqueezeExciteOptions
{
    [Range(8, 512)]
    public int Width { get; set; } = 16;

    [Range(1, 16)]
    public int Blocks { get; set; } = 3;
}

// Residual blocks whose channels are weighed by what the whole recording holds (Hu et al. 2018).
public sealed class SqueezeExciteResNet : Backbone, ILayerGraphSource
{
    private readonly Sequential _stem;
    private readonly SqueezeExciteBlock[] _blocks;

    public SqueezeExciteResNet(int leads, SqueezeExciteOptions options)
        : base(nameof(SqueezeExciteResNet))
    {
        Channels = options.Width;
        _stem = Sequential(Conv1d(leads, Channels, 15, stride: 2, padding: 7, bias: false),
            BatchNorm1d(Channels), SiLU(), MaxPool1d(3, 2, 1));
        _blocks = [.. Enumerable.Range(0, options.Blocks).Select(i => new SqueezeExciteBlock(Channels, i % 2 == 0 ? SiLU() : Hardswish()))];
        register_module("stem", _stem);
        for (var i = 0; i < _blocks.Length; i++)
            register_module($"block{i}", _blocks[i]);
    }

    public override int Channels { get; }

    public override int ShortestInput => 8;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _stem.call(input);
        foreach (var block in _blocks)
            x = block.call(x);
        return x.MoveToOuterDisposeScope();
    }

    public string AddTo(LayerGraphBuilder graph, string input)
    {
        var x = graph.AddModule("stem", _stem, input);
        for (var i = 0; i < _blocks.Length; i++)
            x = _blocks[i].AddTo(graph, $"block{i}", x);
        return x;
    }
}

public sealed class SqueezeExciteBlock : Module<Tensor, Tensor>
{
    private readonly Sequential _body;
    private readonly Sequential _excite;
    private readonly Module<Tensor, Tensor> _activation;

    public SqueezeExciteBlock(int channels, Module<Tensor, Tensor> activation)
        : base(nameof(SqueezeExciteBlock))
    {
        _activation = activation;
        // TorchSharp leaves the weights of group and instance norms as memory happens to be.
        var (group, norm) = (GroupNorm(2, channels), InstanceNorm1d(channels, affine: true));
        foreach (var weight in (Tensor[])[group.weight!, norm.weight!])
            init.ones_(weight);
        foreach (var bias in (Tensor[])[group.bias!, norm.bias!])
            init.zeros_(bias);
        _body = Sequential(
            Conv1d(channels, channels, 5, padding: 2, groups: 4, bias: false), group, activation, Dropout(0.1),
            Conv1d(channels, channels, 3, padding: 2, dilation: 2, bias: false), norm);
        _excite = Sequential(AdaptiveAvgPool1d(1), Conv1d(channels, channels / 4, 1), ReLU6(),
            Conv1d(channels / 4, channels, 1), Hardsigmoid());
        register_module("body", _body);
        register_module("excite", _excite);
    }

    public override Tensor forward(Tensor input)
    {
        var x = _body.call(input);
        return _activation.call(input + x * _excite.call(x));
    }

    public string AddTo(LayerGraphBuilder graph, string name, string input)
    {
        var x = graph.AddModule($"{name}.body", _body, input);
        var weighed = graph.Add(new MultiplyNode($"{name}.weighed", [x, graph.AddModule($"{name}.excite", _excite, x)]));
        return graph.AddModule($"{name}.activation", _activation, graph.Add(new AddNode($"{name}.sum", [input, weighed])));
    }

    // The default adds every field that is a module once more, under the field's name.
    protected override void RegisterComponents()
    {
    }
}
