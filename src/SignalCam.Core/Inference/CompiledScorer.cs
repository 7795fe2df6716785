using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Inference;

/// <summary>
/// Scores and explains raw recordings with managed code alone: a model file's layer graph, compiled for the vector registers that the
/// processor has. Batch norm is folded into the weights, activation and max pooling by two are part of the convolution before them, and
/// class activation maps come out of the same pass.
/// </summary>
/// <remarks>
/// Immutable; safe for concurrent callers, each of whom gets a workspace of its own. A call that finds one idle allocates nothing, unless
/// the preprocessing has a transform that is not built in. Logits and maps agree with TorchSharp's within 1e-4.
/// </remarks>
internal sealed unsafe class CompiledScorer
{
    private readonly ModelManifest _manifest;
    private readonly Preprocessor _preprocessor;
    private readonly ScorerCompiler _compiled;
    private readonly ScorerStep[] _steps;
    private readonly Workspaces _workspaces;
    private readonly VectorWidth _width;
    private readonly bool _isSoftmax;
    private readonly bool _headIsSoftmax;

    private CompiledScorer(ModelFile file, Preprocessor preprocessor, VectorWidth width)
    {
        _manifest = file.Manifest;
        Input = _manifest.Layout;
        _preprocessor = preprocessor;
        _width = width;
        var graph = file.Graph ?? throw new ModelNotSupportedException(
            "the model file has no layer graph: the architecture or the head does not say what it computes, or the file was written by a "
            + "version that did not ask; saving the model again adds it");
        _compiled = ScorerCompiler.Compile(graph, file);
        _steps = [.. _compiled.Steps];
        _headIsSoftmax = graph.Probabilities!.IsSoftmax;
        _isSoftmax = _manifest.Calibration is null ? graph.Probabilities!.IsSoftmax : _manifest.TaskKind == TaskKind.Multiclass;
        _workspaces = new Workspaces(_compiled.WorkspaceSize);
    }

    /// <summary>The recordings it takes.</summary>
    public SignalLayout Input { get; }

    /// <summary>Names of the classes, in the order of the results.</summary>
    public IReadOnlyList<string> Classes => _manifest.Classes;

    /// <summary>The convolutions in the order of computation, for benchmarks.</summary>
    internal IEnumerable<ConvolutionStep> Convolutions => _steps.OfType<ConvolutionStep>();

    /// <summary>Compiles a model file whose preprocessing is built in.</summary>
    /// <exception cref="ModelNotSupportedException">The file has no layer graph.</exception>
    /// <exception cref="ModelFormatException">
    /// Layer graph, weights and manifest contradict each other or exceed the limits in docs/model-file.md; the message says where.
    /// </exception>
    /// <exception cref="PluginException">The preprocessing names a transform that is not built in.</exception>
    public static CompiledScorer Create(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Create(file, BuiltInTransforms.CreatePreprocessor(file.Manifest.Preprocessing));
    }

    /// <summary>Compiles a model file.</summary>
    /// <param name="file">The model.</param>
    /// <param name="preprocessor">The transforms that the file names.</param>
    /// <exception cref="ModelNotSupportedException">The file has no layer graph.</exception>
    /// <exception cref="ModelFormatException">
    /// Layer graph, weights and manifest contradict each other or exceed the limits in docs/model-file.md; the message says where.
    /// </exception>
    public static CompiledScorer Create(ModelFile file, Preprocessor preprocessor) =>
        Create(file, preprocessor,
            Vector512.IsHardwareAccelerated ? VectorWidth.V512 : Vector256.IsHardwareAccelerated ? VectorWidth.V256 : VectorWidth.V128);

    /// <summary>
    /// The same for vectors of a width that the processor may not have, in which case they are put together from narrower ones.
    /// </summary>
    internal static CompiledScorer Create(ModelFile file, Preprocessor preprocessor, VectorWidth width)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(preprocessor);
        return new CompiledScorer(file, preprocessor, width);
    }

    /// <summary>Cells of each map of a kind; 0 where the model has no such maps.</summary>
    public int CellCount(CamKind kind) => Cam(kind)?.Cells ?? 0;

    /// <summary>Scores one recording.</summary>
    /// <param name="samples">Raw samples in millivolt, lead-major, in the leads, length and rate of <see cref="Input"/>.</param>
    /// <param name="logits">One per class: the network's output.</param>
    /// <param name="probabilities">One per class, calibrated where the model file has a calibration.</param>
    /// <exception cref="ArgumentException">A span has not the size that it must have.</exception>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    /// <exception cref="NonFiniteScoreException">A logit is not a finite number.</exception>
    public void Score(ReadOnlySpan<float> samples, Span<float> logits, Span<float> probabilities) =>
        Run(samples, null, logits, probabilities, [], []);

    /// <summary>Scores one recording and says where in time the evidence for each class lies.</summary>
    /// <param name="samples">Raw samples in millivolt, lead-major, in the leads, length and rate of <see cref="Input"/>.</param>
    /// <param name="kind">Which maps.</param>
    /// <param name="logits">One per class: the network's output.</param>
    /// <param name="probabilities">One per class, calibrated where the model file has a calibration.</param>
    /// <param name="cells">The maps (class, cell), signed; <see cref="CellCount"/> for each class.</param>
    /// <param name="heatMaps">The maps resampled to the recording (class, sample), as <see cref="CellMaps.ToHeatMap"/> does it.</param>
    /// <exception cref="ArgumentException">A span has not the size that it must have.</exception>
    /// <exception cref="ModelNotSupportedException">The model has no maps of this kind.</exception>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    /// <exception cref="NonFiniteScoreException">A logit, or a value of a map, is not a finite number.</exception>
    public void Explain(ReadOnlySpan<float> samples, CamKind kind, Span<float> logits, Span<float> probabilities,
        Span<float> cells, Span<float> heatMaps)
    {
        var cam = Cam(kind) ?? throw new ModelNotSupportedException(
            $"the model's layer graph has no CAM `{kind.ToString().ToLowerInvariant()}`: "
            + "its backbone does not give what that is made from");
        CheckLength(cells.Length, Classes.Count * cam.Cells, nameof(cells));
        CheckLength(heatMaps.Length, Classes.Count * Input.Length, nameof(heatMaps));
        Run(samples, cam, logits, probabilities, cells, heatMaps);
        for (var k = 0; k < Classes.Count; k++)
        {
            var map = heatMaps.Slice(k * Input.Length, Input.Length);
            CellMaps.Resample(cells.Slice(k * cam.Cells, cam.Cells), map);
            if (kind == CamKind.Paper)
                CellMaps.MinMax(map);
        }
    }

    /// <summary>Pooled features of a recording; 0 where the layer graph does not say which they are.</summary>
    internal int FeatureCount => _compiled.ExactCam?.Channels ?? 0;

    /// <summary>What is added to the mean of each class's exact map: one per class.</summary>
    internal ReadOnlySpan<float> Biases => _compiled.ExactCam is { } cam ? cam.Biases : default;

    /// <summary>Runs the network on a recording that has been through the preprocessing.</summary>
    /// <param name="prepared">Prepared samples, lead-major.</param>
    /// <param name="kind">Which maps; null for none.</param>
    /// <param name="logits">One per class.</param>
    /// <param name="probabilities">One per class, as the head gives them: not calibrated.</param>
    /// <param name="cells">The maps (class, cell); empty for none.</param>
    /// <param name="features">The pooled features: <see cref="FeatureCount"/>; empty for none.</param>
    internal void RunPrepared(
        ReadOnlySpan<float> prepared, CamKind? kind, Span<float> logits, Span<float> probabilities, Span<float> cells,
        Span<float> features = default)
    {
        CheckLength(prepared.Length, Input.LeadCount * Input.Length, nameof(prepared));
        CheckLength(logits.Length, Classes.Count, nameof(logits));
        CheckLength(cells.Length, kind is { } wanted ? Classes.Count * CellCount(wanted) : 0, nameof(cells));
        var workspace = _workspaces.Take();
        try
        {
            for (var lead = 0; lead < Input.LeadCount; lead++)
                prepared.Slice(lead * Input.Length, Input.Length).CopyTo(_compiled.Signals.Row(workspace.Start, lead));
            RunSteps(workspace, kind is { } made ? Cam(made) : null, logits, cells);
            if (features.Length > 0)
                _compiled.ExactCam!.Pool(workspace.Start, features);
        }
        finally
        {
            _workspaces.Return(workspace);
        }
        ClassProbabilities.Compute(logits, null, _headIsSoftmax, probabilities);
    }

    /// <summary>Runs one step alone on a workspace, for benchmarks.</summary>
    internal Action Isolate(ScorerStep step)
    {
        var workspace = _workspaces.Take();
        return () => step.Run(workspace.Start, _width);
    }

    private CamStep? Cam(CamKind kind) => kind == CamKind.Exact ? _compiled.ExactCam : _compiled.PaperCam;

    private void Run(ReadOnlySpan<float> samples, CamStep? cam, Span<float> logits, Span<float> probabilities,
        Span<float> cells, Span<float> heatMaps)
    {
        CheckLength(samples.Length, Input.LeadCount * Input.Length, nameof(samples));
        CheckLength(logits.Length, Classes.Count, nameof(logits));
        CheckLength(probabilities.Length, Classes.Count, nameof(probabilities));
        var workspace = _workspaces.Take();
        try
        {
            var signals = _compiled.Signals;
            _preprocessor.Apply(samples, Input, signals.Rows(workspace.Start, Input.LeadCount), signals.Stride);
            RunSteps(workspace, cam, logits, cells);
        }
        finally
        {
            _workspaces.Return(workspace);
        }
        ClassProbabilities.Compute(logits, _manifest.Calibration, _isSoftmax, probabilities);
        RequireFinite(logits, 1, "logit");
        RequireFinite(probabilities, 1, "probability");
        RequireFinite(cells, cam?.Cells ?? 0, "map with");
    }

    private void RunSteps(Workspace workspace, CamStep? cam, Span<float> logits, Span<float> cells)
    {
        foreach (var step in _steps)
            step.Run(workspace.Start, _width);
        for (var k = 0; k < logits.Length; k++)
            logits[k] = _compiled.Logits.Row(workspace.Start, k)[0];
        cam?.Run(workspace.Start, _width, cells);
    }

    /// <summary>Refuses values that are no finite numbers: one for each class, or several one class after the other.</summary>
    private void RequireFinite(ReadOnlySpan<float> values, int perClass, string what)
    {
        if (values.IsEmpty || TensorPrimitives.IsFiniteAll(values))
            return;
        var at = 0;
        while (float.IsFinite(values[at]))
            at++;
        throw new NonFiniteScoreException(
            _manifest.Name ?? _manifest.Architecture.Name, Classes[at / perClass], FormattableString.Invariant($"a {what} {values[at]}"));
    }

    private static void CheckLength(int found, int expected, string name)
    {
        if (found != expected)
            throw new ArgumentException($"found {found} values, expected {expected}", name);
    }
}
