using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Scoring;

/// <summary>
/// A trained model in use: the one way from a recording to an answer. Adapts, checks, prepares, scores, calibrates, decides and maps; every
/// classifier, command, service and worker of the SDK goes through it.
/// </summary>
/// <remarks>
/// Made from a model file alone it needs managed code only (the compiled backend), and explains by class activation maps. In a host,
/// `AddSignalCam` gives it what else a model may ask for. Safe for concurrent callers.
/// </remarks>
public sealed class ScoringModel : IEcgClassifier, IDisposable
{
    private readonly ScoringOptions _options;
    private readonly Lazy<IScoringExtension?> _extension;
    private readonly IScoringBackend _backend;
    private readonly RecordingScorer _scorer;
    private readonly MapPlan _maps;

    private ScoringModel(ModelFile file, ScoringOptions options)
    {
        _options = options;
        File = file;
        Manifest = file.Manifest;
        Name = options.Name ?? Manifest.Name ?? Manifest.Task;
        Input = Manifest.Layout;
        Preprocessor = options.Transforms is { } transforms
            ? new Preprocessor(Manifest.Preprocessing, transforms)
            : BuiltInTransforms.CreatePreprocessor(Manifest.Preprocessing);
        _extension = new Lazy<IScoringExtension?>(() => options.Extension?.Invoke(file));
        var rules = new ClassRules(Manifest, options.Combine, Name);
        (_backend, NotCompiled) = ChooseBackend();
        try
        {
            _scorer = new RecordingScorer(this, _backend, rules, options);
            _maps = PlanOf(options.Explainer, null);
            _maps.Classes.Resolve(Classes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Sha256 => File.Sha256;

    /// <inheritdoc/>
    public string Task => Manifest.Task;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => Manifest.Classes;

    /// <inheritdoc/>
    public SignalLayout Input { get; }

    /// <summary>What the model file says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>What computes the logits: "compiled", or "torch" and the device.</summary>
    public string Backend => _backend.Name;

    internal ModelFile File { get; }

    internal Preprocessor Preprocessor { get; }

    /// <summary>Why the model is not compiled although nothing speaks against it; null where it is, or is not to be.</summary>
    internal string? NotCompiled { get; }

    /// <summary>Recordings that one call of <see cref="ClassifySomeAsync"/> takes best.</summary>
    internal int Batch => _backend.TakesBatches ? _options.BatchSize : 1;

    /// <summary>Most recordings of a stream that are in memory at a time.</summary>
    internal int Room => _backend.TakesBatches ? 2 * _options.BatchSize : _options.BatchSize;

    /// <summary>Reads a model file.</summary>
    /// <param name="path">The file (.safetensors).</param>
    /// <param name="options">How it is used; null for the defaults.</param>
    /// <exception cref="ModelFormatException">The file is no model file, or its weights do not fit it.</exception>
    /// <exception cref="ModelNotSupportedException">It has no layer graph, or one that cannot be compiled, and this program has nothing
    /// else to compute it.</exception>
    /// <exception cref="PluginException">A transform that the file names, or an explainer or class that the options name, is not
    /// there.</exception>
    public static ScoringModel Load(string path, ScoringOptions? options = null) => Create(ModelFile.Load(path), options);

    /// <inheritdoc cref="Load"/>
    public static async Task<ScoringModel> LoadAsync(
        string path, ScoringOptions? options = null, CancellationToken cancellationToken = default) =>
            Create(await ModelFile.LoadAsync(path, cancellationToken).ConfigureAwait(false), options);

    /// <summary>Uses a model file that is in memory.</summary>
    /// <inheritdoc cref="Load"/>
    public static ScoringModel Create(ModelFile file, ScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new ScoringOptions();
        var problems = PluginOptions.FindProblems(options);
        if (problems.Count > 0)
            throw new PluginException(
                $"the options of model '{options.Name ?? file.Manifest.Task}' do not fit: {string.Join(" ", problems)}");
        return new ScoringModel(file, options);
    }

    /// <inheritdoc/>
    public EcgClassification Classify(
        EcgRecording recording, ClassifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return _scorer.Score([recording], PlanOf(options), cancellationToken)[0].Get();
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(
        IAsyncEnumerable<EcgStreamItem> recordings, ClassifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        var plan = PlanOf(options);
        return ScoringStream.RunAsync(recordings, Batch, Room, (some, token) => ClassifySomeAsync(some, plan, token), cancellationToken);
    }

    /// <inheritdoc/>
    public EcgView View(EcgRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var adapted = _scorer.Adapt(recording.Signal);
        var inputs = new EcgInput[adapted.Starts.Length];
        for (var w = 0; w < inputs.Length; w++)
        {
            var window = adapted.WindowSignal(w);
            inputs[w] = new EcgInput(adapted.Stretch.Start + adapted.Starts[w] / Input.SamplingRate, window, Preprocessor.Apply(window));
        }
        return new EcgView(adapted.Stretch, adapted.Signal, inputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _backend.Dispose();
        if (_extension.IsValueCreated)
            _extension.Value?.Dispose();
    }

    /// <summary>The maps that a call asks for; null for none.</summary>
    /// <exception cref="PluginException">The explainer is not there, its options do not fit, or the model has no class of a
    /// name.</exception>
    /// <exception cref="ModelNotSupportedException">The model lacks what the explainer needs.</exception>
    internal MapPlan? PlanOf(ClassifyOptions? options)
    {
        if (options is not { Explain: true })
            return null;
        var plan = options.Explainer is { } other
            ? PlanOf(other, options.Classes)
            : options.Classes is { } classes ? _maps with { Classes = classes } : _maps;
        plan.Classes.Resolve(Classes);
        return plan;
    }

    /// <summary>Reads and scores some recordings of a stream; what is wrong with one is in its answer.</summary>
    internal async Task<EcgStreamAnswer[]> ClassifySomeAsync(
        IReadOnlyList<EcgStreamItem> items, MapPlan? plan, CancellationToken cancellationToken)
    {
        var recordings = new EcgRecording?[items.Count];
        var outcomes = new ScoringOutcome[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                recordings[i] = await items[i].ReadAsync(cancellationToken).ConfigureAwait(false)
                    ?? throw new ArgumentException("the item's reader gave no recording");
            }
            catch (Exception e) when (!IsOfCaller(e, cancellationToken))
            {
                outcomes[i] = new ScoringOutcome(null, e);
            }
        }
        var read = recordings.OfType<EcgRecording>().ToArray();
        var scored = read.Length == 0 ? [] : _scorer.Score(read, plan, cancellationToken);
        for (int i = 0, next = 0; i < items.Count; i++)
            if (recordings[i] is not null)
                outcomes[i] = scored[next++];
        return [.. items.Select((item, i) => new EcgStreamAnswer(
            item.Id, recordings[i], outcomes[i].Answer is { } answer ? answer with { Recording = item.Id } : null,
            outcomes[i].Error) { Seen = outcomes[i].Seen?.Signal })];
    }

    /// <summary>Whether an error is the caller's wish and not the recording's fault.</summary>
    internal static bool IsOfCaller(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private MapPlan PlanOf(ComponentSpec spec, ClassChoice? classes)
    {
        if (!spec.Name.Equals(CamExplainerOptions.ExplainerName, StringComparison.OrdinalIgnoreCase))
            return PlanOf(RequireExtension($"explainer '{spec.Name}' needs TorchSharp").CreateExplainer(spec), spec, classes);
        var cam = PluginOptions.Read<CamExplainerOptions>("explainer", CamExplainerOptions.ExplainerName, spec.Options);
        if (_backend.HasCam(cam.Kind))
            return new MapPlan(spec.ToString(), cam.Kind, null, cam.KindSteps, classes ?? cam.Choice);
        var missing =
            $"model '{Name}' has no CAM `{cam.Kind.ToString().ToLowerInvariant()}`: its backbone does not give what that is made from";
        // A network may give more than its layer graph says.
        return _options.Extension is not null
            ? PlanOf(RequireExtension(missing).CreateExplainer(spec), spec, classes)
            : throw new ModelNotSupportedException(missing);
    }

    private static MapPlan PlanOf(IMapExplainer explainer, ComponentSpec spec, ClassChoice? classes) =>
        new(spec.ToString(), null, explainer, explainer.Steps, classes ?? explainer.Classes);

    private (IScoringBackend Backend, string? NotCompiled) ChooseBackend()
    {
        if (_options.Backend == ScoringBackend.Torch)
            return (RequireExtension("backend torch is asked for").Backend, null);
        try
        {
            return (new CompiledBackend(
                File, Preprocessor, withFeatures: File.Features is not null && _options.Quality != QualityPolicy.Off), null);
        }
        catch (ModelNotSupportedException e) when (_options.Backend == ScoringBackend.Auto && _options.Extension is not null)
        {
            return (RequireExtension(e.Message).Backend, e.Message);
        }
        catch (ModelNotSupportedException e)
        {
            throw new ModelNotSupportedException($"model '{Name}' cannot be compiled: {e.Message}", e);
        }
    }

    private IScoringExtension RequireExtension(string why) => _extension.Value ?? throw new ModelNotSupportedException(
        $"model '{Name}': {why}, and this program has the compiled backend alone; a host gets TorchSharp from AddSignalCam (package "
        + "SignalCam.Sdk)");
}
