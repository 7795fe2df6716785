using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Signals;
using SignalCam.Sdk;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Explanations;

/// <summary>What a model sees of a recording.</summary>
/// <param name="Start">Seconds from the recording's start to the first sample that the model takes.</param>
/// <param name="Adapted">The stretch in millivolt, in the model's leads, rate and length.</param>
/// <param name="Prepared">The same after the model's preprocessing: the network's input.</param>
/// <param name="Trend">The baseline in millivolt that the preprocessing takes away; null where it takes none.</param>
internal sealed record ModelView(double Start, EcgSignal Adapted, EcgSignal Prepared, EcgSignal? Trend);

/// <summary>What a model says of a recording, and where the evidence for one class lies.</summary>
internal sealed record ModelExplanation(double Start, EcgSignal Adapted, EcgClassification Classification, HeatMap Map);

/// <summary>
/// One of the host's models with all that the viewer shows of it. Scores and class activation maps come from the classifier, which is the
/// compiled scorer where the model allows it; every other explainer needs the network itself, which is loaded when it is first asked for.
/// </summary>
internal sealed class ViewerModel : IDisposable
{
    /// <summary>The class activation map as published, beside the explainers by their own names.</summary>
    public const string PaperCam = "cam-paper";

    private readonly SignalCamComponents _components;
    private readonly IEcgClassifier _classifier;
    private readonly Lazy<Loaded> _loaded;
    private readonly Lazy<EcgModel> _network;
    private readonly bool _classifierMakesCam;
    private readonly LengthPolicy _length;

    public ViewerModel(IEcgClassifier classifier, ModelOptions options, string device, SignalCamComponents components)
    {
        _classifier = classifier;
        _components = components;
        _length = options.Length;
        _classifierMakesCam = options.Explainer.Name.Equals(CamExplainer.ExplainerName, StringComparison.OrdinalIgnoreCase) && options.Explainer.Options is null;
        _loaded = new Lazy<Loaded>(() => Load(options));
        _network = new Lazy<EcgModel>(() => EcgModel.Load(File, Name, components, device));
    }

    public string Name => _classifier.Name;

    public ModelManifest Manifest => File.Manifest;

    /// <summary>SHA-256 of weights that come with the SDK; null for a file of the host's.</summary>
    public string? Sha256 => _loaded.Value.Sha256;

    /// <summary>Names of all explainers, the default one first.</summary>
    public IReadOnlyList<string> Explainers =>
        [CamExplainer.ExplainerName, PaperCam, .. _components.Explainers.Names.Where(n => !n.Equals(CamExplainer.ExplainerName, StringComparison.OrdinalIgnoreCase))];

    private ModelFile File => _loaded.Value.File;

    /// <summary>Whether an explainer needs the network, which takes some ten to thousand times as long as the scorer.</summary>
    public bool IsSlow(string explainer) => !_classifierMakesCam || !explainer.Equals(CamExplainer.ExplainerName, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the model sees of a recording.</summary>
    /// <exception cref="SignalCamException">It cannot take it.</exception>
    public ModelView View(EcgSignal recording)
    {
        var (start, adapted) = Adapt(recording);
        return new ModelView(start, adapted, _loaded.Value.Preprocessor.Apply(adapted), _loaded.Value.Detrend?.Trend(adapted));
    }

    /// <summary>Scores a recording and explains one class.</summary>
    /// <param name="recording">Samples in millivolt.</param>
    /// <param name="class">Name of a class, ignoring case; null for the one that is most above its threshold.</param>
    /// <param name="explainer">One of <see cref="Explainers"/>, ignoring case.</param>
    /// <exception cref="ViewerProblemException">There is no such class or explainer, or the model lacks what the explainer needs.</exception>
    /// <exception cref="SignalCamException">The model cannot take the recording.</exception>
    public ModelExplanation Explain(EcgSignal recording, string? @class, string explainer)
    {
        if (!Explainers.Contains(explainer, StringComparer.OrdinalIgnoreCase))
            throw ViewerProblem.BadValue.With($"explainer is '{explainer}'; there are {string.Join(", ", Explainers)}");
        if (@class is not null && !Manifest.Classes.Contains(@class, StringComparer.OrdinalIgnoreCase))
            throw ViewerProblem.BadValue.With($"class is '{@class}'; model '{Name}' has {string.Join(", ", Manifest.Classes)}");
        var (start, adapted) = Adapt(recording);
        var classification = _classifier.Classify(recording, explain: !IsSlow(explainer));
        var score = @class is null ? classification.Scores.MaxBy(s => s.Probability - s.Threshold)! : classification[@class];
        return new ModelExplanation(start, adapted, classification, score.HeatMap ?? MapOf(adapted, score.Class, explainer));
    }

    public void Dispose()
    {
        if (_network.IsValueCreated)
            _network.Value.Dispose();
    }

    private HeatMap MapOf(EcgSignal adapted, string @class, string explainer)
    {
        var spec = explainer.Equals(PaperCam, StringComparison.OrdinalIgnoreCase)
            ? new ComponentSpec(CamExplainer.ExplainerName, new JsonObject { ["kind"] = "paper" })
            : new ComponentSpec(explainer);
        try
        {
            return _components.Explainers.Create(spec).Explain(_network.Value, [adapted], ClassChoice.Of(@class))[0].Maps[0];
        }
        catch (NotSupportedException e)
        {
            throw ViewerProblem.NotExplainable.With(e.Message);
        }
    }

    /// <summary>As the classifier does it, step by step: where the stretch begins is known only between the steps.</summary>
    private (double Start, EcgSignal Adapted) Adapt(EcgSignal recording)
    {
        var wanted = Manifest.Layout;
        var resampled = Resampler.Resample(LeadMap.Select(recording, wanted.Leads), wanted.SamplingRate);
        var fitted = SignalLength.Fit(resampled, wanted.Length, _length);
        return (Math.Max(0, (resampled.Length - wanted.Length) / 2) / wanted.SamplingRate, fitted);
    }

    private Loaded Load(ModelOptions options)
    {
        var pretrained = string.IsNullOrWhiteSpace(options.Path) ? PretrainedModels.Get(options.Pretrained!) : null;
        var file = pretrained?.Read() ?? (options.Path!.EndsWith(".pt", StringComparison.OrdinalIgnoreCase) ? ReleasedCheckpoint.Load(options.Path) : ModelFile.Load(options.Path));
        var preprocessor = new Preprocessor(file.Manifest.Preprocessing, _components.Transforms);
        return new Loaded(file, pretrained?.Sha256, preprocessor, preprocessor.Transforms.OfType<PolynomialDetrend>().FirstOrDefault());
    }

    private sealed record Loaded(ModelFile File, string? Sha256, Preprocessor Preprocessor, PolynomialDetrend? Detrend);
}
