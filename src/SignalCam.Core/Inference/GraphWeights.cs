using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>The dense layer of a head.</summary>
/// <param name="Weights">(class, channel).</param>
/// <param name="Biases">One per class.</param>
internal sealed record DenseWeights(float[] Weights, float[] Biases)
{
    public int Channels => Weights.Length / Biases.Length;

    public ReadOnlySpan<float> Of(int @class) => Weights.AsSpan(@class * Channels, Channels);
}

/// <summary>The weights of a graph's layers, held to the shapes that the graph asks for; what is folded is computed in double.</summary>
internal sealed class GraphWeights(ModelFile file, LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes)
{
    /// <summary>Weights (output channel, input channel, kernel) and biases of a convolution, with the scale and shift of a batch norm that follows.</summary>
    public (double[] Weights, double[] Biases) Convolution(ConvolutionNode node, double[]? scales, double[]? shifts)
    {
        var (weights, biases) = Raw(node);
        if (scales is null || shifts is null)
            return (weights, biases);
        var taps = weights.Length / node.Channels;
        for (var c = 0; c < node.Channels; c++)
        {
            biases[c] = biases[c] * scales[c] + shifts[c];
            for (var tap = 0; tap < taps; tap++)
                weights[c * taps + tap] *= scales[c];
        }
        return (weights, biases);
    }

    /// <summary>A convolution that gives, for each class, the class's weights times the convolution's output.</summary>
    public (double[] Weights, double[] Biases) Combined(ConvolutionNode node, DenseWeights dense)
    {
        var (weights, biases) = Raw(node);
        var (classes, taps) = (dense.Biases.Length, weights.Length / node.Channels);
        var (combined, sums) = (new double[classes * taps], new double[classes]);
        for (var k = 0; k < classes; k++)
            for (var c = 0; c < node.Channels; c++)
            {
                double weight = dense.Of(k)[c];
                sums[k] += weight * biases[c];
                for (var tap = 0; tap < taps; tap++)
                    combined[k * taps + tap] += weight * weights[c * taps + tap];
            }
        return (combined, sums);
    }

    /// <summary>A batch norm as x * scale + shift.</summary>
    public (double[] Scales, double[] Shifts) Fold(BatchNormNode node)
    {
        var channels = shapes[node.Name].Channels;
        var (weight, bias) = (Read($"{node.Name}.weight", channels), Read($"{node.Name}.bias", channels));
        var (mean, variance) = (Read($"{node.Name}.running_mean", channels), Read($"{node.Name}.running_var", channels));
        for (var c = 0; c < channels; c++)
        {
            weight[c] /= Math.Sqrt(variance[c] + node.Epsilon);
            bias[c] -= mean[c] * weight[c];
        }
        return (weight, bias);
    }

    /// <summary>The same in single precision.</summary>
    public (float[] Scales, float[] Shifts) ScaleAndShift(BatchNormNode node)
    {
        var (scales, shifts) = Fold(node);
        return ([.. scales.Select(s => (float)s)], [.. shifts.Select(s => (float)s)]);
    }

    /// <summary>The dense layer.</summary>
    public DenseWeights Dense(DenseNode node)
    {
        var inputs = shapes[node.Input].Channels;
        return new([.. Read($"{node.Name}.weight", node.Channels, inputs).Select(w => (float)w)], [.. Read($"{node.Name}.bias", node.Channels).Select(b => (float)b)]);
    }

    /// <summary>A weight as it is.</summary>
    public float[] Singles(string name, params ReadOnlySpan<long> shape) => Find(name, shape).ToSingles();

    private (double[] Weights, double[] Biases) Raw(ConvolutionNode node) => (
        Read($"{node.Name}.weight", node.Channels, shapes[node.Input].Channels, node.Kernel),
        node.HasBias ? Read($"{node.Name}.bias", node.Channels) : new double[node.Channels]);

    private double[] Read(string name, params ReadOnlySpan<long> shape) => Find(name, shape).ToDoubles();

    private NamedTensor Find(string name, ReadOnlySpan<long> shape)
    {
        var tensor = file.FindWeight(name);
        if (tensor is not null && shape.SequenceEqual(tensor.Shape))
            return tensor;
        throw new ModelFormatException(
            file.Manifest.Name ?? file.Manifest.Architecture.Name, $"tensor '{name}'",
            tensor is null ? "nothing" : $"shape [{string.Join(", ", tensor.Shape)}]",
            $"[{string.Join(", ", shape.ToArray())}], as the layer graph of {graph.Nodes.Count} layers has it");
    }
}
