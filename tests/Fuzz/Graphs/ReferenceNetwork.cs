using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Graphs;

/// <summary>
/// Computes a layer graph as its nodes are documented: one value after the other, in double precision, with nothing folded, fused or
/// shared. Slow, and plain enough to be believed.
/// </summary>
public sealed class ReferenceNetwork
{
    // Of single precision: a few times the distance of neighbouring numbers near one.
    private const double Rounding = 2e-7;

    private readonly ModelFile _file;
    private readonly LayerGraph _graph;
    private readonly Dictionary<string, double[][]> _values = new(StringComparer.Ordinal);

    /// <summary>Runs a network.</summary>
    /// <param name="file">The model.</param>
    /// <param name="prepared">Prepared samples, lead-major.</param>
    /// <param name="rounding">
    /// Errors such as fast convolutions in single precision make, which are as large beside a layer's largest value whatever stands next to
    /// it: drawn from here. Null for none.
    /// </param>
    public ReferenceNetwork(ModelFile file, ReadOnlySpan<float> prepared, EcgRandom? rounding = null)
    {
        _file = file;
        _graph = file.Graph!;
        var length = file.Manifest.Length;
        var signals = new double[_graph.Leads][];
        for (var lead = 0; lead < signals.Length; lead++)
            signals[lead] = [.. prepared.Slice(lead * length, length).ToArray().Select(x => (double)x)];
        _values.Add(LayerGraph.Signals, signals);
        foreach (var node in _graph.Nodes)
            if (node is not ProbabilityNode)
                _values.Add(node.Name, rounding is not null && node is ConvolutionNode ? Rounded(Compute(node), rounding) : Compute(node));
    }

    /// <summary>One per class.</summary>
    public double[] Logits => [.. _values[_graph.Probabilities!.Input].Select(row => row[0])];

    /// <summary>The maps of a kind (class, cell); empty where there are none.</summary>
    public double[] Maps(CamKind kind) => _graph.FindCam(kind) is { } cam ? [.. _values[cam.Name].SelectMany(row => row)] : [];

    private static double[][] Rounded(double[][] x, EcgRandom random)
    {
        var error = Rounding * x.Max(row => row.Max(Math.Abs));
        return Map(x, (c, t) => x[c][t] + error * random.Normal());
    }

    private double[][] Compute(LayerNode node)
    {
        var x = _values[node.Sources[0]];
        return node switch
        {
            ConvolutionNode n => Convolution(n, x),
            DenseNode n => Dense(n, x),
            BatchNormNode n => BatchNorm(n, x),
            LayerNormNode n => LayerNorm(n, x),
            GroupNormNode n => GroupNorm(n, x),
            ScaleNode n => Map(x, (c, t) => x[c][t] * Weights(n.Weight)[c]),
            ActivationNode n => Map(x, (c, t) => Activations.Of(n, x[c][t])),
            PoolNode n => Pool(n, x),
            GlobalAveragePoolNode => [.. x.Select(row => new[] { row.Average() })],
            AttentionNode => [.. x.Select(Attention)],
            AddNode n => Map(x, (c, t) => n.Inputs.Sum(input => _values[input][c][t])),
            MultiplyNode n => Product(n),
            ConcatNode n => [.. n.Inputs.SelectMany(input => _values[input])],
            CamNode n => Cam(n, x),
            _ => throw new NotSupportedException(node.GetType().Name),
        };
    }

    private double[] Weights(string name) => _file.FindWeight(name)!.ToDoubles();

    private double[][] Convolution(ConvolutionNode n, double[][] x)
    {
        var (inputs, outputs) = (x.Length / n.Groups, n.Channels / n.Groups);
        var (weights, biases) = (Weights($"{n.Name}.weight"), n.HasBias ? Weights($"{n.Name}.bias") : new double[n.Channels]);
        var span = (n.Kernel - 1) * n.Dilation + 1;
        var length = (x[0].Length + n.PaddingBefore + n.PaddingAfter - span) / n.Stride + 1;
        var y = new double[n.Channels][];
        for (var o = 0; o < n.Channels; o++)
        {
            y[o] = new double[length];
            for (var t = 0; t < length; t++)
            {
                var sum = biases[o];
                for (var i = 0; i < inputs; i++)
                    for (var k = 0; k < n.Kernel; k++)
                    {
                        var at = t * n.Stride + k * n.Dilation - n.PaddingBefore;
                        if (at >= 0 && at < x[0].Length)
                            sum += weights[(o * inputs + i) * n.Kernel + k] * x[o / outputs * inputs + i][at];
                    }
                y[o][t] = sum;
            }
        }
        return y;
    }

    private double[][] Dense(DenseNode n, double[][] x)
    {
        var (weights, biases) = (Weights($"{n.Name}.weight"), n.HasBias ? Weights($"{n.Name}.bias") : new double[n.Channels]);
        var y = new double[n.Channels][];
        for (var o = 0; o < n.Channels; o++)
        {
            y[o] = new double[x[0].Length];
            for (var t = 0; t < y[o].Length; t++)
            {
                y[o][t] = biases[o];
                for (var i = 0; i < x.Length; i++)
                    y[o][t] += weights[o * x.Length + i] * x[i][t];
            }
        }
        return y;
    }

    private double[][] BatchNorm(BatchNormNode n, double[][] x)
    {
        var (weight, bias) = (Weights($"{n.Name}.weight"), Weights($"{n.Name}.bias"));
        var (mean, variance) = (Weights($"{n.Name}.running_mean"), Weights($"{n.Name}.running_var"));
        return Map(x, (c, t) => (x[c][t] - mean[c]) / Math.Sqrt(variance[c] + n.Epsilon) * weight[c] + bias[c]);
    }

    private double[][] LayerNorm(LayerNormNode n, double[][] x)
    {
        var (weight, bias) = n.HasWeights ? (Weights($"{n.Name}.weight"), Weights($"{n.Name}.bias")) : (null, null);
        if (n.OverTime)
        {
            var all = Statistics(x.SelectMany(row => row));
            return Map(x, (c, t) => (x[c][t] - all.Mean) / Math.Sqrt(all.Variance + n.Epsilon) * At(weight, c * x[0].Length + t, 1)
                + At(bias, c * x[0].Length + t, 0));
        }
        var cells = Enumerable.Range(0, x[0].Length).Select(t => Statistics(x.Select(row => row[t]))).ToArray();
        return Map(x, (c, t) => (x[c][t] - cells[t].Mean) / Math.Sqrt(cells[t].Variance + n.Epsilon) * At(weight, c, 1) + At(bias, c, 0));
    }

    private double[][] GroupNorm(GroupNormNode n, double[][] x)
    {
        var (weight, bias) = n.HasWeights ? (Weights($"{n.Name}.weight"), Weights($"{n.Name}.bias")) : (null, null);
        var size = x.Length / n.Groups;
        var groups = x.Chunk(size).Select(rows => Statistics(rows.SelectMany(row => row))).ToArray();
        return Map(x, (c, t) => (x[c][t] - groups[c / size].Mean) / Math.Sqrt(groups[c / size].Variance + n.Epsilon) * At(weight, c, 1)
            + At(bias, c, 0));
    }

    private static double[][] Pool(PoolNode n, double[][] x)
    {
        var length = x[0].Length;
        var room = length + 2 * n.Padding - n.Kernel;
        var windows = (room + (n.RoundUp ? n.Stride - 1 : 0)) / n.Stride + 1;
        if (n.RoundUp && (windows - 1) * n.Stride >= length + n.Padding)
            windows--;
        return [.. x.Select(row => Enumerable.Range(0, windows).Select(w => Window(row, w)).ToArray())];

        double Window(double[] row, int w)
        {
            var inside = Enumerable.Range(w * n.Stride - n.Padding, n.Kernel).Where(t => t >= 0 && t < length).Select(t => row[t]);
            return n.Pool == PoolKind.Max ? inside.Max() : inside.Average();
        }
    }

    private static double[] Attention(double[] scores)
    {
        var exponentials = scores.Select(score => Math.Exp(score - scores.Max())).ToArray();
        return [.. exponentials.Select(e => e / exponentials.Sum() * scores.Length)];
    }

    private double[][] Product(MultiplyNode n)
    {
        var inputs = n.Inputs.Select(input => _values[input]).ToArray();
        var y = new double[inputs.Max(input => input.Length)][];
        for (var c = 0; c < y.Length; c++)
        {
            y[c] = new double[inputs.Max(input => input[0].Length)];
            for (var t = 0; t < y[c].Length; t++)
                y[c][t] = inputs.Aggregate(
                    1.0, (product, input) => product * input[input.Length == 1 ? 0 : c][input[0].Length == 1 ? 0 : t]);
        }
        return y;
    }

    private double[][] Cam(CamNode n, double[][] x)
    {
        var weights = Weights($"{n.Dense}.weight");
        var classes = weights.Length / x.Length;
        return [.. Enumerable.Range(0, classes)
            .Select(k => Enumerable.Range(0, x[0].Length)
                .Select(t => Enumerable.Range(0, x.Length).Sum(c => weights[k * x.Length + c] * x[c][t])).ToArray())];
    }

    private static double At(double[]? weights, int index, double otherwise) => weights is null ? otherwise : weights[index];

    private static (double Mean, double Variance) Statistics(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return (mean, all.Average(value => (value - mean) * (value - mean)));
    }

    private static double[][] Map(double[][] like, Func<int, int, double> at) =>
        [.. like.Select((row, c) => row.Select((_, t) => at(c, t)).ToArray())];
}
