using SignalCam.Abstractions;
using SignalCam.Core.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// Makes the layers of a graph from torch modules, so that a backbone's <see cref="ILayerGraphSource.AddTo"/> need not repeat their sizes.
/// </summary>
public static class ModuleGraph
{
    /// <summary>
    /// Adds what a module computes in evaluation mode. It knows Sequential, Conv1d, BatchNorm1d, GroupNorm, InstanceNorm1d, LayerNorm over
    /// channels and time, MaxPool1d, AvgPool1d, AdaptiveAvgPool1d to one cell, ReLU, LeakyReLU, ReLU6, ELU, GELU, SiLU, Sigmoid, Tanh,
    /// Hardsigmoid, Hardswish, and Dropout and Identity, which add nothing.
    /// </summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="name">The module's name in the state dict.</param>
    /// <param name="module">The module; (batch, channel, time) in and out.</param>
    /// <param name="input">The layer that it takes.</param>
    /// <returns>The layer that gives its output.</returns>
    /// <exception cref="ModelNotSupportedException">
    /// The module, or an option of it, has no counterpart; the message names it. Add nodes of your own for it.
    /// </exception>
    public static string AddModule(this LayerGraphBuilder graph, string name, nn.Module module, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(module);
        if (module is Sequential sequential)
        {
            foreach (var (child, layer) in sequential.named_children())
                input = graph.AddModule($"{name}.{child}", layer, input);
            return input;
        }
        if (module is Dropout or Dropout1d or Identity)
            return input;
        return graph.Add(Activation(name, module, input) ?? Node(name, module, input));
    }

    private static LayerNode Node(string name, nn.Module module, string input) => module switch
    {
        Conv1d convolution => Convolution(name, convolution, input),
        BatchNorm1d { affine: true, track_running_stats: true } norm => new BatchNormNode(name, input, norm.eps),
        GroupNorm norm => new GroupNormNode(name, input, (int)norm.num_groups, norm.eps, norm.affine),
        InstanceNorm1d { track_running_stats: false } norm => new GroupNormNode(name, input, (int)norm.num_features, norm.eps, norm.affine),
        LayerNorm { normalized_shape: [_, _] } norm => new LayerNormNode(name, input, norm.eps, OverTime: true, norm.elementwise_affine),
        LayerNorm norm => throw Error(name, norm, "is over the last dimension, which is time; for one over channels, add a LayerNormNode"),
        MaxPool1d pool when (pool.dilation ?? 1) == 1 =>
            new PoolNode(name, input, PoolKind.Max, (int)pool.kernel_size, (int)(pool.stride ?? pool.kernel_size),
                (int)(pool.padding ?? 0), pool.ceil_mode),
        AvgPool1d pool when (pool.padding ?? 0) == 0 || !pool.count_include_pad =>
            new PoolNode(name, input, PoolKind.Average, (int)pool.kernel_size, (int)(pool.stride ?? pool.kernel_size),
                (int)(pool.padding ?? 0), pool.ceil_mode),
        AdaptiveAvgPool1d { output_size: 1 } => new GlobalAveragePoolNode(name, input),
        _ => throw Error(name, module, "or one of its options has no counterpart in a layer graph"),
    };

    private static ActivationNode? Activation(string name, nn.Module module, string input) => module switch
    {
        ReLU => new(name, input),
        LeakyReLU leaky => new(name, input, leaky.negative_slope),
        ReLU6 => new(name, input, Function: ActivationFunction.Relu6),
        ELU elu => new(name, input, Function: ActivationFunction.Elu, Alpha: elu.alpha),
        GELU => new(name, input, Function: ActivationFunction.Gelu),
        SiLU => new(name, input, Function: ActivationFunction.Silu),
        Sigmoid => new(name, input, Function: ActivationFunction.Sigmoid),
        Tanh => new(name, input, Function: ActivationFunction.Tanh),
        Hardsigmoid => new(name, input, Function: ActivationFunction.HardSigmoid),
        Hardswish => new(name, input, Function: ActivationFunction.HardSwish),
        _ => null,
    };

    private static ConvolutionNode Convolution(string name, Conv1d convolution, string input)
    {
        if (convolution.padding_mode != PaddingModes.Zeros)
            throw Error(name, convolution, $"pads with {convolution.padding_mode}; a layer graph knows zeros");
        var (kernel, dilation) = ((int)convolution.kernel_size[0], (int)convolution.dilation[0]);
        var (before, after) = convolution.padding_type switch
        {
            // As much as keeps the length; the odd one behind.
            Padding.Same => (dilation * (kernel - 1) / 2, dilation * (kernel - 1) - dilation * (kernel - 1) / 2),
            Padding.Valid => (0, 0),
            _ => ((int)convolution.padding![0], (int)convolution.padding[0]),
        };
        return new ConvolutionNode(
            name, input, (int)convolution.out_channels, kernel, (int)convolution.stride[0], before, after, convolution.bias is not null,
            (int)convolution.groups, dilation);
    }

    private static ModelNotSupportedException Error(string name, nn.Module module, string problem) =>
        new($"module '{name}', {module.GetName()}, {problem}");
}
