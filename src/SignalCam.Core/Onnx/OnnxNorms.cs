using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Onnx;

/// <summary>Writes norms that are computed from the values themselves, for which opset 13 has no operator, and scales.</summary>
internal sealed class OnnxNorms(OnnxGraph onnx, GraphWeights weights, IReadOnlyDictionary<string, LayerShape> shapes)
{
    /// <summary>Adds a norm or a scale.</summary>
    /// <param name="node">The layer.</param>
    /// <param name="output">What its value is called.</param>
    /// <param name="x">What it takes.</param>
    public void Add(LayerNode node, string output, string x)
    {
        var (channels, length) = shapes[node.Name];
        switch (node)
        {
            case ScaleNode n:
                onnx.Add("Mul", output, [x, Column(n.Weight, channels)]);
                break;
            case LayerNormNode { OverTime: false } n:
                Weigh(n.Name, Normalise(n.Name, x, n.Epsilon, 1), n.HasWeights, output, name => Column(name, channels));
                break;
            case LayerNormNode n:
                Weigh(n.Name, Normalise(n.Name, x, n.Epsilon, 1, 2), n.HasWeights, output,
                    name => onnx.Constant(name, [channels, length], weights.Singles(name)));
                break;
            case GroupNormNode n:
                // A zero keeps the batch as it is.
                var grouped = onnx.Add("Reshape", OnnxGraph.Part(n.Name, "grouped"),
                    [x, onnx.Constant(OnnxGraph.Part(n.Name, "groups"), 0L, n.Groups, (long)channels / n.Groups * length)]);
                var normal = onnx.Add("Reshape", OnnxGraph.Part(n.Name, "normal"),
                    [Normalise(n.Name, grouped, n.Epsilon, 2), onnx.Constant(OnnxGraph.Part(n.Name, "channels"), 0L, channels, length)]);
                Weigh(n.Name, normal, n.HasWeights, output, name => Column(name, channels));
                break;
        }
    }

    /// <summary>Weights of channels, for every cell: a constant (channel, 1).</summary>
    public string Column(string name, int channels) => onnx.Constant($"columns/{name}", [channels, 1], weights.Singles(name));

    private string Normalise(string name, string x, double epsilon, params long[] axes)
    {
        var over = OnnxAttribute.Of("axes", axes);
        var centred =
            onnx.Add("Sub", OnnxGraph.Part(name, "centred"), [x, onnx.Add("ReduceMean", OnnxGraph.Part(name, "mean"), [x], over)]);
        var variance = onnx.Add("ReduceMean", OnnxGraph.Part(name, "variance"),
            [onnx.Add("Mul", OnnxGraph.Part(name, "squares"), [centred, centred])], over);
        var raised = onnx.Add("Add", OnnxGraph.Part(name, "raised"),
            [variance, onnx.Constant(OnnxGraph.Part(name, "epsilon"), [], [(float)epsilon])]);
        return onnx.Add("Div", OnnxGraph.Part(name, "normalised"),
            [centred, onnx.Add("Sqrt", OnnxGraph.Part(name, "deviation"), [raised])]);
    }

    private void Weigh(string name, string normal, bool hasWeights, string output, Func<string, string> constant)
    {
        if (!hasWeights)
            onnx.Add("Identity", output, [normal]);
        else
            onnx.Add("Add", output,
            [
                onnx.Add("Mul", OnnxGraph.Part(name, "weighted"), [normal, constant($"{name}.weight")]), constant($"{name}.bias"),
            ]);
    }
}
