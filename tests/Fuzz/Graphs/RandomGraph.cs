using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Graphs;

/// <summary>Draws valid layer graphs of all kinds of layers with weights of a size that keeps values near one.</summary>
public sealed class RandomGraph
{
    // Of one layer's output, so that the reference takes a millisecond.
    private const int MostCells = 2500;
    private const int MostChannels = 24;

    private readonly EcgRandom _random;
    private readonly List<LayerNode> _nodes = [];
    private readonly Dictionary<string, NamedTensor> _weights = new(StringComparer.Ordinal);
    private readonly List<(string Name, LayerShape Shape)> _values = [];

    private RandomGraph(EcgRandom random) => _random = random;

    /// <summary>A model with a random graph; the same seed gives the same.</summary>
    public static ModelFile Create(ulong seed)
    {
        var random = new EcgRandom(seed);
        // A long one now and then, where convolutions are computed another way.
        var (leads, length) = (1 + random.Below(4), random.Chance(0.15) ? 100 + random.Below(200) : 1 + random.Below(70));
        return new RandomGraph(random).Build(leads, length);
    }

    private ModelFile Build(int leads, int length)
    {
        _values.Add((LayerGraph.Signals, new LayerShape(leads, length)));
        for (int layers = 1 + _random.Below(9), i = 0; i < layers; i++)
            AddLayer();
        // Pooled values have nothing left to show.
        var features = _random.Chance(0.8) ? _values[^1] : Any();
        var classes = 1 + _random.Below(5);
        var kind = classes == 1 ? TaskKind.Binary : _random.Chance(0.5) ? TaskKind.Multiclass : TaskKind.Multilabel;
        AddHead(features, classes, kind == TaskKind.Multiclass);
        var manifest = new ModelManifest
        {
            Name = "random",
            Architecture = new ComponentSpec("none"),
            Head = new ComponentSpec("none"),
            Task = "test",
            TaskKind = kind,
            Classes = [.. Enumerable.Range(0, classes).Select(c => FormattableString.Invariant($"class {c}"))],
            Leads = [.. SignalLayout.StandardLeads.Take(leads)],
            SamplingRate = 100,
            Length = length,
            Preprocessing = [],
        };
        return new ModelFile(manifest, [.. _weights.Values], graph: new LayerGraph(leads, _nodes));
    }

    private void AddHead((string Name, LayerShape Shape) features, int classes, bool isSoftmax)
    {
        _nodes.Add(new GlobalAveragePoolNode("pool", features.Name));
        var hasBias = _random.Chance(0.8);
        _nodes.Add(new DenseNode("logits", "pool", classes, hasBias));
        Weigh("logits.weight", 1 / Math.Sqrt(features.Shape.Channels), classes, features.Shape.Channels);
        if (hasBias)
            Weigh("logits.bias", 0.5, classes);
        _nodes.Add(new ProbabilityNode("probabilities", "logits", isSoftmax));
        if (_random.Chance(0.8))
            _nodes.Add(new CamNode("exact", features.Name, "logits", CamKind.Exact));
        var candidates = _nodes.OfType<ConvolutionNode>().Where(n => n.Channels == features.Shape.Channels).Select(n => n.Name)
            .Append(features.Name).ToArray();
        if (_random.Chance(0.5))
            _nodes.Add(new CamNode("paper", candidates[_random.Below(candidates.Length)], "logits", CamKind.Paper));
    }

    private (string Name, LayerShape Shape) Any() => _values[_random.Below(_values.Count)];

    private void AddLayer()
    {
        // The last value mostly, so that graphs are deep; an earlier one now and then, so that they branch.
        var (input, shape) = _random.Chance(0.7) ? _values[^1] : Any();
        var name = FormattableString.Invariant($"layer{_nodes.Count}");
        switch (_random.Below(16))
        {
            case <= 4:
                AddConvolution(name, input, shape);
                break;
            case 5:
                AddBatchNorm(name, input, shape);
                break;
            case 6 or 7:
                Give(Activation(name, input), shape);
                break;
            case 8:
                AddPool(name, input, shape);
                break;
            case 9:
                AddNorm(name, input, shape);
                break;
            case 10:
                Weigh($"{name}.gamma", 0.7, shape.Channels, 1);
                Give(new ScaleNode(name, input, $"{name}.gamma"), shape);
                break;
            case 11:
                AddSqueezeAndExcitation(name, input, shape);
                break;
            case 12:
                AddAttention(name, input, shape);
                break;
            case 13:
                AddDense(name, input, shape, 1 + _random.Below(12));
                break;
            default:
                AddJoin(name, input, shape);
                break;
        }
    }

    private void AddConvolution(string name, string input, LayerShape shape)
    {
        var groups = Divisors(shape.Channels);
        var group = groups[_random.Below(groups.Length)];
        if (_random.Chance(0.6))
            group = 1;
        var channels = group * (1 + _random.Below(Math.Max(1, MostChannels / group)));
        var (kernel, dilation) = (1 + _random.Below(_random.Chance(0.1) ? 40 : 9), _random.Chance(0.7) ? 1 : 1 + _random.Below(6));
        var (before, after) = (_random.Below(kernel * dilation / 2 + 2), _random.Below(kernel * dilation / 2 + 2));
        var stride = _random.Chance(0.6) ? 1 : 1 + _random.Below(5);
        var room = shape.Length + before + after - ((kernel - 1) * dilation + 1);
        if (room < 0 || channels * (room / stride + 1) > MostCells)
            return;
        var hasBias = _random.Chance(0.5);
        var inputs = shape.Channels / group;
        Weigh($"{name}.weight", 1.2 / Math.Sqrt(inputs * kernel), channels, inputs, kernel);
        if (hasBias)
            Weigh($"{name}.bias", 0.5, channels);
        Give(new ConvolutionNode(name, input, channels, kernel, stride, before, after, hasBias, group, dilation),
            new LayerShape(channels, room / stride + 1));
        // What a convolution is computed together with.
        if (_random.Chance(0.5))
            AddBatchNorm(name + ".norm", name, _values[^1].Shape);
        if (_random.Chance(0.5))
            Give(Activation(name + ".act", _values[^1].Name), _values[^1].Shape);
        if (_random.Chance(0.3) && _values[^1].Shape.Length >= 2)
            Give(new PoolNode(name + ".pool", _values[^1].Name, PoolKind.Max, 2, 2),
                _values[^1].Shape with { Length = _values[^1].Shape.Length / 2 });
    }

    private void AddBatchNorm(string name, string input, LayerShape shape)
    {
        Weigh($"{name}.weight", 0.7, shape.Channels);
        Weigh($"{name}.bias", 0.5, shape.Channels);
        Weigh($"{name}.running_mean", 0.5, shape.Channels);
        _weights.Add($"{name}.running_var", new NamedTensor(
            $"{name}.running_var", [shape.Channels], [.. Enumerable.Range(0, shape.Channels).Select(_ => (float)_random.Uniform(0.3, 2))]));
        Give(new BatchNormNode(name, input, _random.Chance(0.5) ? 1e-5 : 1e-3), shape);
    }

    private ActivationNode Activation(string name, string input)
    {
        var functions = Enum.GetValues<ActivationFunction>();
        var function = functions[_random.Below(functions.Length)];
        var slope = function == ActivationFunction.Relu && _random.Chance(0.5) ? _random.Uniform() : 0;
        return new ActivationNode(name, input, slope, function, function == ActivationFunction.Elu ? _random.Uniform(0.5, 2) : 1);
    }

    private void AddPool(string name, string input, LayerShape shape)
    {
        var kernel = 1 + _random.Below(6);
        var pool = new PoolNode(name, input, _random.Chance(0.5) ? PoolKind.Max : PoolKind.Average, kernel, 1 + _random.Below(4),
            _random.Below(kernel / 2 + 1), _random.Chance(0.5));
        var room = shape.Length + 2 * pool.Padding - kernel;
        if (room < 0)
            return;
        var windows = (room + (pool.RoundUp ? pool.Stride - 1 : 0)) / pool.Stride + 1;
        if (pool.RoundUp && (windows - 1) * pool.Stride >= shape.Length + pool.Padding)
            windows--;
        Give(pool, shape with { Length = windows });
    }

    private void AddNorm(string name, string input, LayerShape shape)
    {
        // Of one value, or of two that are nearly the same, there is nothing to normalise: rounding would be blown up.
        var (hasWeights, epsilon, which) = (_random.Chance(0.7), _random.Chance(0.5) ? 1e-3 : 0.1, _random.Below(3));
        var divisors = Divisors(shape.Channels);
        LayerNode norm = which switch
        {
            0 => new LayerNormNode(name, input, epsilon, OverTime: false, hasWeights),
            1 => new LayerNormNode(name, input, epsilon, OverTime: true, hasWeights),
            _ => new GroupNormNode(name, input, divisors[_random.Below(divisors.Length)], epsilon, hasWeights),
        };
        if (hasWeights)
        {
            int[] size = which == 1 ? [shape.Channels, shape.Length] : [shape.Channels];
            Weigh($"{name}.weight", 0.7, size);
            Weigh($"{name}.bias", 0.5, size);
        }
        Give(norm, shape);
    }

    private void AddSqueezeAndExcitation(string name, string input, LayerShape shape)
    {
        _nodes.Add(new GlobalAveragePoolNode(name + ".squeeze", input));
        var hidden = 1 + _random.Below(6);
        var pooled = new LayerShape(shape.Channels, 1);
        if (_random.Chance(0.5))
        {
            AddDense(name + ".down", name + ".squeeze", pooled, hidden, keep: false);
        }
        else
        {
            Weigh($"{name}.down.weight", 1 / Math.Sqrt(shape.Channels), hidden, shape.Channels, 1);
            _nodes.Add(new ConvolutionNode(name + ".down", name + ".squeeze", hidden, 1, 1, 0, 0, false));
        }
        _nodes.Add(Activation(name + ".middle", name + ".down"));
        AddDense(name + ".up", name + ".middle", new LayerShape(hidden, 1), shape.Channels, keep: false);
        _nodes.Add(new ActivationNode(
            name + ".gate", name + ".up", Function: _random.Chance(0.5) ? ActivationFunction.Sigmoid : ActivationFunction.HardSigmoid));
        Give(new MultiplyNode(name, _random.Chance(0.5) ? [input, name + ".gate"] : [name + ".gate", input]), shape);
    }

    private void AddAttention(string name, string input, LayerShape shape)
    {
        var channels = _random.Chance(0.5) ? 1 : shape.Channels;
        Weigh($"{name}.score.weight", 1 / Math.Sqrt(shape.Channels), channels, shape.Channels);
        _nodes.Add(new DenseNode(name + ".score", input, channels, HasBias: false));
        _nodes.Add(new AttentionNode(name + ".attention", name + ".score"));
        Give(new MultiplyNode(name, [input, name + ".attention"]), shape);
    }

    private void AddDense(string name, string input, LayerShape shape, int channels, bool keep = true)
    {
        var hasBias = _random.Chance(0.5);
        Weigh($"{name}.weight", 1.2 / Math.Sqrt(shape.Channels), channels, shape.Channels);
        if (hasBias)
            Weigh($"{name}.bias", 0.5, channels);
        var node = new DenseNode(name, input, channels, hasBias);
        if (keep)
            Give(node, new LayerShape(channels, shape.Length));
        else
            _nodes.Add(node);
    }

    private void AddJoin(string name, string input, LayerShape shape)
    {
        var same = _values.Where(value => value.Shape == shape).ToArray();
        var asLong = _values.Where(value => value.Shape.Length == shape.Length).ToArray();
        var others = 1 + _random.Below(2);
        if (_random.Chance(0.4))
        {
            string[] joined = [input, .. Enumerable.Range(0, others).Select(_ => asLong[_random.Below(asLong.Length)].Name)];
            var channels = joined.Sum(source => _values.First(value => value.Name == source).Shape.Channels);
            if (channels <= 2 * MostChannels && channels * shape.Length <= MostCells)
                Give(new ConcatNode(name, joined), shape with { Channels = channels });
            return;
        }
        string[] sources = [input, .. Enumerable.Range(0, others).Select(_ => same[_random.Below(same.Length)].Name)];
        Give(_random.Chance(0.7) ? new AddNode(name, sources) : new MultiplyNode(name, sources[..2]), shape);
    }

    private void Give(LayerNode node, LayerShape shape)
    {
        _nodes.Add(node);
        _values.Add((node.Name, shape));
    }

    private void Weigh(string name, double size, params int[] shape)
    {
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(size * _random.Normal());
        _weights.Add(name, new NamedTensor(name, [.. shape.Select(s => (long)s)], values));
    }

    private static int[] Divisors(int channels) => [.. Enumerable.Range(1, channels).Where(d => channels % d == 0)];
}
