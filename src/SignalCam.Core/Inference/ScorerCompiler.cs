using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>Turns a layer graph with its weights into the steps of a <see cref="CompiledScorer"/>.</summary>
internal sealed class ScorerCompiler
{
    private readonly LayerGraph _graph;
    private readonly GraphWeights _weights;
    private readonly IReadOnlyDictionary<string, LayerShape> _shapes;
    private readonly ReaderCounts _readers;
    private readonly Dictionary<string, RowSlot> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly RowSlots _slots;
    private readonly Scratch _scratch = new();
    private readonly List<ScorerStep> _steps = [];

    private ScorerCompiler(LayerGraph graph, ModelFile file, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        _graph = graph;
        _shapes = shapes;
        _weights = new GraphWeights(file, graph, _shapes);
        _readers = new ReaderCounts(graph, ReadsThrough);
        // Also those that only maps are made of.
        ConvolutionNode[] convolutions =
        [
            .. _readers.Needed.OfType<ConvolutionNode>(),
            .. _readers.Needed.OfType<CamNode>().Select(ReadsThrough).OfType<ConvolutionNode>(),
        ];
        _slots = new RowSlots(
            RowSlot.RoundUp(convolutions.Select(c => c.PaddingBefore).Append(0).Max()),
            // A block may begin up to 15 samples behind the last one, and reads its whole kernel; rows are written in up to four whole
            // vectors.
            RowSlot.RoundUp(convolutions.Select(c => c.PaddingAfter).Append(0).Max()) + 3 * RowSlot.Alignment);
        Signals = _slots.Take(graph.Leads, shapes[LayerGraph.Signals].Length);
        _values.Add(LayerGraph.Signals, Signals);
    }

    public RowSlot Signals { get; }

    public IReadOnlyList<ScorerStep> Steps => _steps;

    /// <summary>The rows whose first values are the logits.</summary>
    public RowSlot Logits => _values[_graph.Probabilities!.Input];

    /// <summary>What makes the maps of each kind; null where the graph has none.</summary>
    public CamStep? ExactCam { get; private set; }

    public CamStep? PaperCam { get; private set; }

    /// <summary>Floats of a workspace.</summary>
    public int WorkspaceSize { get; private set; }

    /// <summary>Compiles.</summary>
    /// <exception cref="ModelFormatException">
    /// The graph and the rest of the file do not fit, or it asks for too much; the message says what.
    /// </exception>
    public static ScorerCompiler Compile(LayerGraph graph, ModelFile file)
    {
        var name = file.Manifest.Name ?? file.Manifest.Architecture.Name;
        var shapes = ModelCheck.Require(graph, file.Manifest, file.FindWeight, name);
        var compiler = new ScorerCompiler(graph, file, shapes);
        foreach (var node in compiler._readers.Needed)
            if (compiler._done.Add(node.Name))
                compiler.Add(node);
        compiler.Place(name, GraphTensors.Of(graph.Nodes, shapes).Sum(tensor => tensor.Count));
        return compiler;
    }

    private void Place(string name, long weights)
    {
        var bytes = (_slots.Size + _scratch.Size) * sizeof(float);
        if (bytes > ModelLimits.WorkingBytes(weights))
            throw new ModelFormatException(name, "layer graph", $"layers that need {bytes} bytes of working memory",
                $"at most {ModelLimits.WorkingBytes(weights)}, for {weights} weights");
        // Behind all rows: what reads whole vectors beyond the last one reads there.
        _scratch.Offset = _slots.Place();
        WorkspaceSize = checked((int)(_scratch.Offset + _scratch.Size));
        WorkspaceBounds.Prove(_slots.All, [.. _steps, .. ExactCam?.Parts ?? [], .. PaperCam?.Parts ?? []], WorkspaceSize);
    }

    private void Add(LayerNode node)
    {
        switch (node)
        {
            case ConvolutionNode or DenseNode when IsDense(node):
                AddDense(node);
                break;
            case ConvolutionNode or DenseNode:
                AddConvolution(node);
                break;
            case BatchNormNode norm:
                AddScale(norm, _weights.ScaleAndShift(norm));
                break;
            case ScaleNode scale:
                AddScale(scale, (_weights.Singles(scale.Weight), new float[_shapes[scale.Name].Channels]));
                break;
            case LayerNormNode or GroupNormNode:
                AddNorm(node);
                break;
            case ActivationNode activation:
                Write(activation, activation,
                    (output, channels) => new FunctionStep(_values[activation.Input], output, channels, RowFunction.Of(activation)));
                break;
            case PoolNode pool:
                Write(pool, pool, (output, channels) => new PoolStep(_values[pool.Input], output, channels, pool));
                break;
            case GlobalAveragePoolNode pool:
                Write(pool, pool, (output, channels) => new GlobalPoolStep(_values[pool.Input], output, channels));
                break;
            case AttentionNode attention:
                Write(attention, attention, (output, channels) => new AttentionStep(_values[attention.Input], output, channels));
                break;
            case AddNode sum:
                Write(sum, FuseActivation(sum, out var afterSum),
                    (output, channels) => new AddStep([.. sum.Inputs.Select(i => _values[i])], output, channels, afterSum));
                break;
            case MultiplyNode product:
                Write(product, FuseActivation(product, out var afterProduct),
                    (output, channels) => new MultiplyStep([.. product.Inputs.Select(Channels)], output, channels, afterProduct));
                break;
            case ConcatNode concat:
                Write(concat, concat, (output, _) => new ConcatStep([.. concat.Inputs.Select(Channels)], output));
                break;
            case CamNode cam:
                AddCam(cam);
                break;
            case ProbabilityNode:
                break;
            default:
                throw new ModelNotSupportedException($"layer '{node.Name}': the compiled scorer knows no {node.GetType().Name}");
        }

        (RowSlot Slot, int Channels) Channels(string source) => (_values[source], _shapes[source].Channels);
    }

    /// <summary>Whether a layer is computed as a dense layer on one cell.</summary>
    private bool IsDense(LayerNode node) => _shapes[node.Sources[0]].Length == 1 && _shapes[node.Name].Length == 1
        && node is DenseNode or ConvolutionNode { Kernel: 1, PaddingBefore: 0, PaddingAfter: 0, Groups: 1 };

    private void AddDense(LayerNode node)
    {
        var last = FoldNorm(node, out var scales, out var shifts);
        last = FuseActivation(last, out var function);
        DenseWeights weights;
        if (node is DenseNode plain && scales is null)
        {
            weights = _weights.Dense(plain);
        }
        else
        {
            var (folded, biases) = _weights.Convolution(node, scales, shifts);
            weights = new DenseWeights([.. folded.Select(w => (float)w)], [.. biases.Select(b => (float)b)]);
        }
        _scratch.Reserve(weights.Channels);
        Write(node, last, (output, _) => new DenseStep(_values[node.Sources[0]], output, weights, _scratch, function));
    }

    private void AddConvolution(LayerNode node)
    {
        var convolution = node as ConvolutionNode ?? AsConvolution((DenseNode)node);
        var last = FoldNorm(node, out var scales, out var shifts);
        last = FuseActivation(last, out var function);
        var halves = function.IsSlope
            && _readers.Only<PoolNode>(last) is { Pool: PoolKind.Max, Kernel: 2, Stride: 2, Padding: 0, RoundUp: false };
        if (halves)
            last = Fuse(_readers.Only<PoolNode>(last)!);
        var (weights, biases) = _weights.Convolution(node, scales, shifts);
        var (input, stride) = Deal(convolution, _steps);
        Write(node, last, (output, channels) => Convolution(
            new(convolution with { Stride = stride }, node.Name, input, _shapes[node.Sources[0]].Channels, output,
                channels, _shapes[node.Name].Length,
                function.IsSlope ? function.Parameter : 1, halves) { After = function.IsSlope ? null : function },
            weights, biases));
        if (stride > 1)
            _slots.Release(input);
    }

    private void AddScale(LayerNode node, (float[] Scales, float[] Shifts) weights) =>
        Write(node, FuseActivation(node, out var function),
            (output, _) => new ScaleStep(_values[node.Sources[0]], output, weights.Scales, weights.Shifts, function));

    private void AddNorm(LayerNode node)
    {
        var (input, channels) = (_values[node.Sources[0]], _shapes[node.Name].Channels);
        var last = FuseActivation(node, out var function);
        if (node is GroupNormNode group)
        {
            var (weights, biases) = _weights.Norm(group.Name, group.HasWeights, channels);
            Write(node, last,
                (output, _) => new GroupNormStep(input, output, channels, group.Groups, weights, biases, group.Epsilon, function));
            return;
        }
        var layer = (LayerNormNode)node;
        var (factors, shifts) = _weights.Norm(layer.Name, layer.HasWeights, channels);
        if (!layer.OverTime)
            _scratch.Reserve(2L * input.Length);
        Write(node, last, (output, _) => layer.OverTime
            ? new GroupNormStep(input, output, channels, 1, factors, shifts, layer.Epsilon, function)
            : new ChannelNormStep(input, output, channels, factors, shifts, (float)layer.Epsilon, _scratch, function));
    }

    /// <summary>
    /// Maps of a convolution's output are a convolution of its input: class weights times its weights. So the output need not be kept
    /// from before batch norm and activation.
    /// </summary>
    private void AddCam(CamNode cam)
    {
        var dense = _weights.Dense((DenseNode)_graph.Find(cam.Dense)!);
        var parts = new List<ScorerStep>();
        if (ReadsThrough(cam) is { } source)
        {
            var classes = dense.Biases.Length;
            var (weights, biases) = _weights.Combined(source, dense);
            var (input, stride) = Deal(source, parts);
            var output = _slots.Take(classes, _shapes[source.Name].Length);
            parts.Add(Convolution(
                new(source with { Stride = stride, Channels = classes }, cam.Name, input, _shapes[source.Input].Channels, output, classes,
                    _shapes[source.Name].Length, 1, false),
                weights, biases));
        }
        var from = parts is [.., ConvolutionStep convolution] ? convolution.Plan.Output : _values[cam.Input];
        var step = new CamStep([.. parts], from, _shapes[cam.Input].Channels, _shapes[cam.Name].Length, dense);
        if (cam.Map == CamKind.Exact)
            ExactCam = step;
        else
            PaperCam = step;
    }

    /// <summary>
    /// What the convolution reads and with which stride: its input, or with a stride, the input dealt out to rows of neighbours. A
    /// convolution that is computed at one place has no use for its stride.
    /// </summary>
    private (RowSlot Input, int Stride) Deal(ConvolutionNode convolution, List<ScorerStep> steps)
    {
        var (input, shape) = (_values[convolution.Input], _shapes[convolution.Input]);
        var stride = _shapes[convolution.Name].Length == 1 ? 1 : convolution.Stride;
        if (stride == 1)
            return (input, 1);
        var dealt = _slots.Take(checked(shape.Channels * stride), (shape.Length + stride - 1) / stride);
        steps.Add(new DealStep(input, dealt, shape.Channels, stride));
        return (dealt, stride);
    }

    private ConvolutionStep Convolution(ConvolutionPlan plan, double[] weights, double[] biases) =>
        WinogradConvolution.Suits(plan)
            ? new WinogradConvolution(plan, weights, biases, _scratch)
            : new DirectConvolution(plan, weights, biases);

    private static ConvolutionNode AsConvolution(DenseNode dense) =>
        new(dense.Name, dense.Input, dense.Channels, 1, 1, 0, 0, dense.HasBias);

    /// <summary>Adds the step of a layer, fused up to <paramref name="last"/>, and lets go of what nobody else reads.</summary>
    private void Write(LayerNode first, LayerNode last, Func<RowSlot, int, ScorerStep> create)
    {
        var shape = _shapes[last.Name];
        var output = _slots.Take(shape.Channels, shape.Length);
        _steps.Add(create(output, shape.Channels));
        _values.Add(last.Name, output);
        foreach (var source in _readers.SourcesOf(first))
            if (_readers.Read(source))
                _slots.Release(_values[source]);
    }

    /// <summary>The convolution whose output maps are made of without computing it.</summary>
    private ConvolutionNode? ReadsThrough(CamNode cam) =>
        cam.Map == CamKind.Paper && _graph.Find(cam.Input) is ConvolutionNode { Groups: 1 } convolution ? convolution : null;

    private LayerNode FoldNorm(LayerNode node, out double[]? scales, out double[]? shifts)
    {
        (scales, shifts) = (null, null);
        if (_readers.Only<BatchNormNode>(node) is not { } norm)
            return node;
        (scales, shifts) = _weights.Fold(norm);
        return Fuse(norm);
    }

    private LayerNode FuseActivation(LayerNode node, out RowFunction function)
    {
        function = RowFunction.None;
        if (_readers.Only<ActivationNode>(node) is not { } activation)
            return node;
        function = RowFunction.Of(activation);
        return Fuse(activation);
    }

    private LayerNode Fuse(LayerNode node)
    {
        _done.Add(node.Name);
        return node;
    }
}
