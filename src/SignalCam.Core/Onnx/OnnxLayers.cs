using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>
/// Writes a layer graph as ONNX operators, with the weights under their names in the state dict: what folds batch norm is the runtime that
/// reads it. All values are (batch, channel, cell), one cell behind a global pooling; logits are (batch, class).
/// </summary>
internal sealed class OnnxLayers
{
    // No output of the graph, constant or step of preprocessing is called so, whatever a layer's name is.
    private const string Prefix = "layers/";

    // In the order in which ONNX takes them.
    private static readonly string[] s_statistics = ["weight", "bias", "running_mean", "running_var"];

    private readonly OnnxGraph _onnx;
    private readonly GraphWeights _weights;
    private readonly IReadOnlyDictionary<string, LayerShape> _shapes;
    private readonly OnnxNorms _norms;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public OnnxLayers(OnnxGraph onnx, GraphWeights weights, IReadOnlyDictionary<string, LayerShape> shapes, string signals)
    {
        (_onnx, _weights, _shapes) = (onnx, weights, shapes);
        _norms = new OnnxNorms(onnx, weights, shapes);
        _values.Add(LayerGraph.Signals, signals);
    }

    /// <summary>Adds a layer.</summary>
    public void Add(LayerNode node)
    {
        string output = Prefix + node.Name;
        string[] inputs = [.. node.Sources.Select(source => _values[source])];
        _values.Add(node.Name, output);
        switch (node)
        {
            case ConvolutionNode n:
                Add(n, output, inputs);
                break;
            case DenseNode n:
                Add(n, output, inputs);
                break;
            case BatchNormNode n:
                _onnx.Add("BatchNormalization", output, [.. inputs, .. Statistics(n)], OnnxAttribute.Of("epsilon", (float)n.Epsilon));
                break;
            case LayerNormNode or GroupNormNode or ScaleNode:
                _norms.Add(node, output, inputs[0]);
                break;
            case ActivationNode n:
                OnnxActivations.Add(_onnx, n, output, inputs[0]);
                break;
            case PoolNode n:
                _onnx.Add(n.Pool == PoolKind.Max ? "MaxPool" : "AveragePool", output, inputs,
                    OnnxAttribute.Of("kernel_shape", [n.Kernel]), OnnxAttribute.Of("strides", [n.Stride]),
                    OnnxAttribute.Of("pads", [n.Padding, PaddingAfter(n)]));
                break;
            case AddNode:
                _onnx.Add("Sum", output, inputs);
                break;
            case MultiplyNode:
                Multiply(node.Name, output, inputs);
                break;
            case ConcatNode:
                _onnx.Add("Concat", output, inputs, OnnxAttribute.Of("axis", 1L));
                break;
            case GlobalAveragePoolNode:
                _onnx.Add("ReduceMean", output, inputs, OnnxAttribute.Of("axes", [2L]), OnnxAttribute.Of("keepdims", 1L));
                break;
            case AttentionNode n:
                var shares = _onnx.Add("Softmax", OnnxGraph.Part(n.Name, "shares"), inputs, OnnxAttribute.Of("axis", 2L));
                _onnx.Add("Mul", output, [shares, _onnx.Constant(OnnxGraph.Part(n.Name, "cells"), [], [(float)_shapes[n.Name].Length])]);
                break;
            default:
                throw new OnnxExportException($"layer '{node.Name}': there is no operator for {node.GetType().Name} here");
        }
    }

    /// <summary>Adds the logits (batch, class), from the layer that gives them.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="isLast">Whether no other layer takes it, so that it is added here and not before.</param>
    /// <param name="called">What the logits are called.</param>
    public void AddLogits(LayerNode node, bool isLast, string called)
    {
        if (node is DenseNode dense && isLast)
        {
            string[] bias = dense.HasBias ? [Weight($"{dense.Name}.bias", dense.Channels)] : [];
            _onnx.Add("Gemm", called, [WithoutCells(_values[dense.Input], dense.Name), DenseWeights(dense), .. bias],
                OnnxAttribute.Of("transB", 1L));
            return;
        }
        if (isLast)
            Add(node);
        _onnx.Add("Squeeze", called, [_values[node.Name], Cells]);
    }

    /// <summary>Adds class activation maps (batch, class, cell): the dense layer's weights times feature maps.</summary>
    public string AddCam(CamNode cam, DenseNode dense, string called) =>
        _onnx.Add("MatMul", called, [DenseWeights(dense), _values[cam.Input]]);

    private string Cells => _onnx.Constant("layers/cells", 2L);

    private void Add(ConvolutionNode n, string output, string[] inputs)
    {
        var weight = Weight($"{n.Name}.weight", n.Channels, _shapes[n.Input].Channels / n.Groups, n.Kernel);
        string[] bias = n.HasBias ? [Weight($"{n.Name}.bias", n.Channels)] : [];
        _onnx.Add("Conv", output, [.. inputs, weight, .. bias],
            OnnxAttribute.Of("kernel_shape", [n.Kernel]), OnnxAttribute.Of("strides", [n.Stride]),
            OnnxAttribute.Of("pads", [n.PaddingBefore, n.PaddingAfter]), OnnxAttribute.Of("dilations", [n.Dilation]),
            OnnxAttribute.Of("group", (long)n.Groups));
    }

    /// <summary>On every cell: the matrix of weights times (batch, channel, cell).</summary>
    private void Add(DenseNode n, string output, string[] inputs)
    {
        var product = _onnx.Add("MatMul", n.HasBias ? OnnxGraph.Part(n.Name, "product") : output, [DenseWeights(n), inputs[0]]);
        if (n.HasBias)
            _onnx.Add("Add", output, [product, _norms.Column($"{n.Name}.bias", n.Channels)]);
    }

    private void Multiply(string name, string output, string[] inputs)
    {
        var product = inputs[0];
        for (var i = 1; i < inputs.Length; i++)
            product = _onnx.Add("Mul",
                i == inputs.Length - 1 ? output : OnnxGraph.Part(name, FormattableString.Invariant($"product {i}")), [product, inputs[i]]);
    }

    private string WithoutCells(string value, string name) => _onnx.Add("Squeeze", OnnxGraph.Part(name, "features"), [value, Cells]);

    private IEnumerable<string> Statistics(BatchNormNode n) =>
        s_statistics.Select(part => Weight($"{n.Name}.{part}", _shapes[n.Name].Channels));

    private string DenseWeights(DenseNode n) => Weight($"{n.Name}.weight", n.Channels, _shapes[n.Input].Channels);

    private string Weight(string name, params long[] shape) => _onnx.Constant(name, shape, _weights.Singles(name));

    /// <summary>
    /// As much as the last window reaches beyond the end. Stated instead of ONNX's ceil_mode, of which runtimes made different lengths.
    /// Padding is below everything for a maximum and left out of a mean, as in the layer graph.
    /// </summary>
    private long PaddingAfter(PoolNode n) =>
        Math.Max(0, (_shapes[n.Name].Length - 1L) * n.Stride + n.Kernel - _shapes[n.Input].Length - n.Padding);
}
