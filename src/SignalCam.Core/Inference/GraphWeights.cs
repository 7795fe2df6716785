using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>A dense layer.</summary>
/// <param name="Weights">(output, channel).</param>
/// <param name="Biases">One per output.</param>
internal sealed record DenseWeights(float[] Weights, float[] Biases)
{
    public int Channels => Weights.Length / Biases.Length;

    public ReadOnlySpan<float> Of(int output) => Weights.AsSpan(output * Channels, Channels);
}

/// <summary>The weights of a graph's layers, held to the shapes that the graph asks for; what is folded is computed in double.</summary>
internal sealed class GraphWeights
{
    private readonly ModelFile _file;
    private readonly string _name;
    private readonly Dictionary<string, GraphTensor> _needed;

    public GraphWeights(ModelFile file, LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        _file = file;
        _name = file.Manifest.Name ?? file.Manifest.Architecture.Name;
        // Two layers may scale by the same tensor.
        _needed = GraphTensors.Of(graph.Nodes, shapes).DistinctBy(tensor => tensor.Name)
            .ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>
    /// Weights (output channel, tap) and biases of a convolution, or of a dense layer on cells, with the scale and shift of a batch norm
    /// that follows.
    /// </summary>
    public (double[] Weights, double[] Biases) Convolution(LayerNode node, double[]? scales, double[]? shifts)
    {
        var (weights, biases) = Raw(node);
        if (scales is null || shifts is null)
            return (weights, biases);
        var taps = weights.Length / biases.Length;
        for (var c = 0; c < biases.Length; c++)
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
        var (weight, bias) = (Doubles($"{node.Name}.weight"), Doubles($"{node.Name}.bias"));
        var (mean, variance) = (Doubles($"{node.Name}.running_mean"), Doubles($"{node.Name}.running_var"));
        for (var c = 0; c < weight.Length; c++)
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
    public DenseWeights Dense(DenseNode node) => new(
        Singles($"{node.Name}.weight"), node.HasBias ? Singles($"{node.Name}.bias") : new float[node.Channels]);

    /// <summary>Weights and biases of a norm; ones and zeros where it has none.</summary>
    public (float[] Weights, float[] Biases) Norm(string name, bool hasWeights, int channels)
    {
        if (hasWeights)
            return (Singles($"{name}.weight"), Singles($"{name}.bias"));
        var ones = new float[channels];
        Array.Fill(ones, 1);
        return (ones, new float[channels]);
    }

    /// <summary>A weight as it is.</summary>
    public float[] Singles(string name) => Find(name).ToSingles();

    private (double[] Weights, double[] Biases) Raw(LayerNode node)
    {
        var (channels, hasBias) = node is ConvolutionNode convolution
            ? (convolution.Channels, convolution.HasBias)
            : (((DenseNode)node).Channels, ((DenseNode)node).HasBias);
        return (Doubles($"{node.Name}.weight"), hasBias ? Doubles($"{node.Name}.bias") : new double[channels]);
    }

    private double[] Doubles(string name) => Find(name).ToDoubles();

    private NamedTensor Find(string name) => GraphTensors.Require(_needed[name], _file.FindWeight, _name);
}
