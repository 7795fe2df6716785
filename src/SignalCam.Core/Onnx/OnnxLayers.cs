using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>
/// Writes a layer graph as ONNX operators, one for one, with the weights under their names in the state dict: what folds batch norm is the
/// runtime that reads it.
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
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pooled = new(StringComparer.Ordinal);

    public OnnxLayers(OnnxGraph onnx, GraphWeights weights, IReadOnlyDictionary<string, LayerShape> shapes, string signals)
    {
        (_onnx, _weights, _shapes) = (onnx, weights, shapes);
        _values.Add(LayerGraph.Signals, signals);
    }

    /// <summary>Adds a layer; its value is called as given.</summary>
    /// <exception cref="OnnxExportException">There is no operator for it there.</exception>
    public void Add(LayerNode node, string? called = null)
    {
        var output = called ?? Prefix + node.Name;
        _values.Add(node.Name, output);
        string[] inputs = [.. node.Sources.Select(source => _values[source])];
        // Behind the pooling there is no time: values are (batch, channel), before it (batch, channel, cell).
        if (node is GlobalAveragePoolNode or DenseNode || node.Sources.All(_pooled.Contains))
            _pooled.Add(node.Name);
        if (node is ConvolutionNode or PoolNode or GlobalAveragePoolNode && _pooled.Contains(node.Sources[0]))
            throw new OnnxExportException($"layer '{node.Name}' works along time, behind the global pooling that takes it away; that is not exported");
        switch (node)
        {
            case ConvolutionNode n:
                _onnx.Add("Conv", output, [.. inputs, .. Kernel(n)],
                    OnnxAttribute.Of("kernel_shape", [n.Kernel]), OnnxAttribute.Of("strides", [n.Stride]), OnnxAttribute.Of("pads", [n.PaddingBefore, n.PaddingAfter]));
                break;
            case BatchNormNode n:
                _onnx.Add("BatchNormalization", output, [.. inputs, .. Statistics(n)], OnnxAttribute.Of("epsilon", (float)n.Epsilon));
                break;
            case ActivationNode { NegativeSlope: 0 }:
                _onnx.Add("Relu", output, inputs);
                break;
            case ActivationNode n:
                _onnx.Add("LeakyRelu", output, inputs, OnnxAttribute.Of("alpha", (float)n.NegativeSlope));
                break;
            case PoolNode n:
                _onnx.Add(n.Pool == PoolKind.Max ? "MaxPool" : "AveragePool", output, inputs,
                    OnnxAttribute.Of("kernel_shape", [n.Kernel]), OnnxAttribute.Of("strides", [n.Stride]), OnnxAttribute.Of("pads", [n.Padding, PaddingAfter(n)]));
                break;
            case AddNode:
                _onnx.Add("Sum", output, inputs);
                break;
            case ConcatNode:
                _onnx.Add("Concat", output, inputs, OnnxAttribute.Of("axis", 1L));
                break;
            case GlobalAveragePoolNode:
                _onnx.Add("ReduceMean", output, inputs, OnnxAttribute.Of("axes", [2L]), OnnxAttribute.Of("keepdims", 0L));
                break;
            case DenseNode n:
                _onnx.Add("Gemm", output, [.. inputs, DenseWeights(n), Weight($"{n.Name}.bias", n.Channels)], OnnxAttribute.Of("transB", 1L));
                break;
            default:
                throw new OnnxExportException($"layer '{node.Name}': there is no operator for {node.GetType().Name} here");
        }
    }

    /// <summary>Adds class activation maps (batch, class, cell): the dense layer's weights times feature maps.</summary>
    public string AddCam(CamNode cam, DenseNode dense, string called) =>
        _onnx.Add("MatMul", called, [DenseWeights(dense), _values[cam.Input]]);

    private string[] Kernel(ConvolutionNode n)
    {
        var weight = Weight($"{n.Name}.weight", n.Channels, _shapes[n.Input].Channels, n.Kernel);
        return n.HasBias ? [weight, Weight($"{n.Name}.bias", n.Channels)] : [weight];
    }

    private IEnumerable<string> Statistics(BatchNormNode n) =>
        s_statistics.Select(part => Weight($"{n.Name}.{part}", _shapes[n.Name].Channels));

    private string DenseWeights(DenseNode n) => Weight($"{n.Name}.weight", n.Channels, _shapes[n.Input].Channels);

    private string Weight(string name, params long[] shape) => _onnx.Constant(name, shape, _weights.Singles(name, shape));

    /// <summary>
    /// As much as the last window reaches beyond the end. Stated instead of ONNX's ceil_mode, of which runtimes made different lengths. Padding is
    /// below everything for a maximum and left out of a mean, as in the layer graph.
    /// </summary>
    private long PaddingAfter(PoolNode n) =>
        Math.Max(0, (_shapes[n.Name].Length - 1) * n.Stride + n.Kernel - _shapes[n.Input].Length - n.Padding);
}
