using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>Turns a layer graph with its weights into the steps of a <see cref="CompiledScorer"/>.</summary>
internal sealed class ScorerCompiler
{
    private readonly LayerGraph _graph;
    private readonly GraphWeights _weights;
    private readonly IReadOnlyDictionary<string, LayerShape> _shapes;
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RowSlot> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly RowSlots _slots;
    private readonly Scratch _scratch = new();
    private readonly List<ScorerStep> _steps = [];

    private ScorerCompiler(LayerGraph graph, ModelFile file, int length)
    {
        _graph = graph;
        _shapes = graph.ShapesFor(length);
        _weights = new GraphWeights(file, graph, _shapes);
        foreach (var source in graph.Nodes.SelectMany(ReadBy))
            _readers[source] = _readers.GetValueOrDefault(source) + 1;
        var convolutions = graph.Nodes.OfType<ConvolutionNode>().ToArray();
        _slots = new RowSlots(
            RowSlot.RoundUp(convolutions.Select(c => c.PaddingBefore).Append(0).Max()),
            // A block may begin up to 15 samples behind the last one, and reads its whole kernel; rows are written in up to four whole vectors.
            RowSlot.RoundUp(convolutions.Select(c => c.PaddingAfter).Append(0).Max()) + 3 * RowSlot.Alignment);
        Signals = _slots.Take(graph.Leads, length);
        _values.Add(LayerGraph.Signals, Signals);
    }

    public RowSlot Signals { get; }

    public IReadOnlyList<ScorerStep> Steps => _steps;

    /// <summary>The feature maps that are pooled, and how many there are.</summary>
    public (RowSlot Slot, int Channels) Features { get; private set; }

    public DenseWeights Dense { get; private set; } = null!;

    /// <summary>What makes the maps of each kind; null where the graph has none.</summary>
    public CamStep? ExactCam { get; private set; }

    public CamStep? PaperCam { get; private set; }

    /// <summary>Floats of a workspace.</summary>
    public int WorkspaceSize { get; private set; }

    /// <summary>Compiles.</summary>
    /// <exception cref="NotSupportedException">The graph does not end as a scorer does; the message says what is missing.</exception>
    /// <exception cref="ModelFormatException">A weight is missing or of another shape.</exception>
    public static ScorerCompiler Compile(LayerGraph graph, ModelFile file, int length)
    {
        var compiler = new ScorerCompiler(graph, file, length);
        compiler.FindHead();
        foreach (var node in graph.Nodes)
            if (compiler._done.Add(node.Name))
                compiler.Add(node);
        // Behind all rows: what reads whole vectors beyond the last one reads there.
        compiler._scratch.Offset = compiler._slots.Place();
        compiler.WorkspaceSize = compiler._scratch.Offset + compiler._scratch.Size;
        return compiler;
    }

    private void FindHead()
    {
        if (_graph.Probabilities is not { } probabilities || _graph.Find(probabilities.Input) is not DenseNode dense || _graph.Find(dense.Input) is not GlobalAveragePoolNode pool)
            throw new NotSupportedException("the layer graph does not end in a global average pooling, a dense layer and its probabilities, which is what the compiled scorer takes");
        foreach (var node in _graph.Nodes)
            if (node is DenseNode or GlobalAveragePoolNode && node != dense && node != pool)
                throw new NotSupportedException($"layer '{node.Name}': the compiled scorer takes one pooling and one dense layer");
        Dense = _weights.Dense(dense);
        _done.UnionWith([probabilities.Name, dense.Name, pool.Name]);
    }

    private void Add(LayerNode node)
    {
        switch (node)
        {
            case ConvolutionNode convolution:
                AddConvolution(convolution);
                break;
            case BatchNormNode norm:
                var (scales, shifts) = _weights.ScaleAndShift(norm);
                AddScale(norm, scales, shifts);
                break;
            case ActivationNode activation:
                AddScale(activation, [.. Enumerable.Repeat(1f, _shapes[activation.Name].Channels)], new float[_shapes[activation.Name].Channels]);
                break;
            case PoolNode pool:
                Write(pool, pool, (output, _) => new PoolStep(_values[pool.Input], output, _shapes[pool.Name].Channels, pool));
                break;
            case AddNode sum:
                Write(sum, FuseActivation(sum, out var slope), (output, channels) => new AddStep([.. sum.Inputs.Select(i => _values[i])], output, channels, slope));
                break;
            case ConcatNode concat:
                Write(concat, concat, (output, _) => new ConcatStep([.. concat.Inputs.Select(i => (_values[i], _shapes[i].Channels))], output));
                break;
            case CamNode cam:
                AddCam(cam);
                break;
            default:
                throw new NotSupportedException($"layer '{node.Name}': the compiled scorer knows no {node.GetType().Name} here");
        }
        if (Features.Slot is null && _values.TryGetValue(PooledLayer, out var features))
            Features = (features, _shapes[PooledLayer].Channels);
    }

    private string PooledLayer => _graph.Nodes.OfType<GlobalAveragePoolNode>().Single().Input;

    private void AddConvolution(ConvolutionNode convolution)
    {
        LayerNode last = convolution;
        var (scales, shifts) = (default(double[]), default(double[]));
        if (OnlyReader<BatchNormNode>(last) is { } norm)
        {
            (scales, shifts) = _weights.Fold(norm);
            last = Fuse(norm);
        }
        last = FuseActivation(last, out var slope);
        var halves = OnlyReader<PoolNode>(last) is { Pool: PoolKind.Max, Kernel: 2, Stride: 2, Padding: 0, RoundUp: false };
        if (halves)
            last = Fuse(OnlyReader<PoolNode>(last)!);
        var (weights, biases) = _weights.Convolution(convolution, scales, shifts);
        var input = Deal(convolution);
        Write(convolution, last, (output, channels) => Convolution(
            new(convolution, convolution.Name, input, _shapes[convolution.Input].Channels, output, channels, _shapes[convolution.Name].Length, slope, halves), weights, biases));
        if (convolution.Stride > 1)
            _slots.Release(input);
    }

    private void AddScale(LayerNode node, float[] scales, float[] shifts)
    {
        var slope = 1f;
        var last = node is ActivationNode own ? own : FuseActivation(node, out slope);
        if (node is ActivationNode activation)
            slope = (float)activation.NegativeSlope;
        Write(node, last, (output, _) => new ScaleStep(_values[node.Sources[0]], output, scales, shifts, slope));
    }

    /// <summary>
    /// Maps of a convolution's output are a convolution of its input: class weights times its weights. So the output need not be kept
    /// from before batch norm and activation.
    /// </summary>
    private void AddCam(CamNode cam)
    {
        var classes = Dense.Biases.Length;
        ConvolutionStep? convolution = null;
        if (ReadsThrough(cam) is { } source)
        {
            var (weights, biases) = _weights.Combined(source, Dense);
            var input = Deal(source, isForMaps: true);
            var output = _slots.Take(classes, _shapes[source.Name].Length);
            convolution = Convolution(
                new(source, cam.Name, input, _shapes[source.Input].Channels, output, classes, _shapes[source.Name].Length, 1, false), weights, biases);
        }
        var step = new CamStep(convolution, convolution?.Plan.Output ?? _values[cam.Input], _shapes[cam.Input].Channels, _shapes[cam.Name].Length, Dense);
        if (cam.Map == CamKind.Exact)
            ExactCam ??= step;
        else
            PaperCam ??= step;
    }

    /// <summary>What the convolution reads: its input, or with a stride, the input dealt out to rows of neighbours.</summary>
    private RowSlot Deal(ConvolutionNode convolution, bool isForMaps = false)
    {
        var (input, shape, stride) = (_values[convolution.Input], _shapes[convolution.Input], convolution.Stride);
        if (stride == 1)
            return input;
        if (isForMaps)
            throw new NotSupportedException($"layer '{convolution.Name}': maps of a convolution with a stride are not compiled");
        var dealt = _slots.Take(shape.Channels * stride, (shape.Length + stride - 1) / stride);
        _steps.Add(new DealStep(input, dealt, shape.Channels, stride));
        return dealt;
    }

    private ConvolutionStep Convolution(ConvolutionPlan plan, double[] weights, double[] biases) =>
        WinogradConvolution.Suits(plan) ? new WinogradConvolution(plan, weights, biases, _scratch) : new DirectConvolution(plan, weights, biases);

    /// <summary>Adds the step of a layer, fused up to <paramref name="last"/>, and lets go of what nobody else reads.</summary>
    private void Write(LayerNode first, LayerNode last, Func<RowSlot, int, ScorerStep> create)
    {
        var shape = _shapes[last.Name];
        var output = _slots.Take(shape.Channels, shape.Length);
        _steps.Add(create(output, shape.Channels));
        _values.Add(last.Name, output);
        foreach (var source in ReadBy(first))
            if (--_readers[source] == 0)
                _slots.Release(_values[source]);
    }

    /// <summary>The layers that are read to compute a layer.</summary>
    private IEnumerable<string> ReadBy(LayerNode node) => node is CamNode cam && ReadsThrough(cam) is { } convolution ? [convolution.Input] : node.Sources;

    private ConvolutionNode? ReadsThrough(CamNode cam) => cam.Map == CamKind.Paper ? _graph.Find(cam.Input) as ConvolutionNode : null;

    private T? OnlyReader<T>(LayerNode node)
        where T : LayerNode =>
        _readers.GetValueOrDefault(node.Name) == 1 ? _graph.Nodes.OfType<T>().FirstOrDefault(n => n.Sources.Contains(node.Name)) : null;

    private LayerNode FuseActivation(LayerNode node, out float slope)
    {
        slope = 1;
        if (OnlyReader<ActivationNode>(node) is not { } activation)
            return node;
        slope = (float)activation.NegativeSlope;
        return Fuse(activation);
    }

    private LayerNode Fuse(LayerNode node)
    {
        _done.Add(node.Name);
        return node;
    }
}
