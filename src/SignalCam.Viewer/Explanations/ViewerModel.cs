using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Sdk;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Torch;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Explanations;

/// <summary>What a model sees of a recording.</summary>
/// <param name="View">The stretch, and what the preprocessing makes of it.</param>
/// <param name="Trend">The baseline in millivolt that the preprocessing takes away; null where it takes none.</param>
internal sealed record ModelView(EcgView View, EcgSignal? Trend);

/// <summary>What a model says of a recording, with the heat map of one class.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Class">The class that is explained.</param>
internal sealed record ModelExplanation(EcgClassification Answer, string Class)
{
    public ClassScore Score => Answer[Class];

    public HeatMap Map => Score.HeatMap!;
}

/// <summary>One of the host's models with all that the viewer shows of it.</summary>
internal sealed class ViewerModel(
    IEcgClassifier classifier, ModelOptions options, SignalCamComponents components, SignalCamDiagnostics diagnostics)
{
    /// <summary>The class activation map as published, beside the explainers by their own names.</summary>
    public const string PaperCam = "cam-paper";

    private static readonly ComponentSpec s_paper = new(CamExplainerOptions.ExplainerName, new JsonObject { ["kind"] = "paper" });

    public string Name => classifier.Name;

    public string Sha256 => classifier.Sha256;

    public ModelManifest Manifest
    {
        get
        {
            // Asking for its input loads the model.
            _ = classifier.Input;
            return diagnostics.GetStatus().Models.Single(m => m.Name.Equals(Name, StringComparison.OrdinalIgnoreCase)).Manifest!;
        }
    }

    /// <summary>Names of all explainers, the default one first.</summary>
    public IReadOnlyList<string> Explainers =>
    [
        CamExplainerOptions.ExplainerName, PaperCam,
        .. components.Explainers.Names.Where(n => !n.Equals(CamExplainerOptions.ExplainerName, StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>Whether an explainer needs the network, which takes some ten to thousand times as long as the compiled backend.</summary>
    public bool IsSlow(string explainer) =>
        !IsCam(explainer) || diagnostics.GetStatus().Models
            .Any(m => m.Name.Equals(Name, StringComparison.OrdinalIgnoreCase) && m.Backend is { } backend && backend != "compiled");

    /// <summary>What the model sees of a recording.</summary>
    /// <exception cref="SignalCamException">It cannot take it.</exception>
    public ModelView View(EcgRecording recording)
    {
        var view = classifier.View(recording);
        var detrend = new Preprocessor(Manifest.Preprocessing, components.Transforms).Transforms
            .OfType<PolynomialDetrend>().FirstOrDefault();
        return new ModelView(view, detrend?.Trend(view.Inputs[0].Adapted));
    }

    /// <summary>Scores a recording and explains one class.</summary>
    /// <param name="recording">Samples in millivolt, with the warnings about its file.</param>
    /// <param name="class">Name of a class, ignoring case; null for the one that is most above its threshold.</param>
    /// <param name="explainer">One of <see cref="Explainers"/>, ignoring case.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ViewerProblemException">
    /// There is no such class or explainer, or the model lacks what the explainer needs.
    /// </exception>
    /// <exception cref="SignalCamException">The model cannot take the recording.</exception>
    public ModelExplanation Explain(EcgRecording recording, string? @class, string explainer, CancellationToken cancellationToken)
    {
        if (!Explainers.Contains(explainer, StringComparer.OrdinalIgnoreCase))
            throw ViewerProblem.BadValue.With($"explainer is '{explainer}'; there are {string.Join(", ", Explainers)}");
        if (@class is not null && !classifier.Classes.Contains(@class, StringComparer.OrdinalIgnoreCase))
            throw ViewerProblem.BadValue.With($"class is '{@class}'; model '{Name}' has {string.Join(", ", classifier.Classes)}");
        @class ??= classifier.Classify(recording, cancellationToken: cancellationToken).Scores
            .MaxBy(s => s.Probability - s.Threshold)!.Class;
        try
        {
            var answer = classifier.Classify(
                recording, new ClassifyOptions { Explain = true, Explainer = SpecOf(explainer), Classes = ClassChoice.Of(@class) },
                cancellationToken);
            return new ModelExplanation(answer, answer[@class].Class);
        }
        catch (ModelNotSupportedException e)
        {
            throw ViewerProblem.NotExplainable.With(e.Message);
        }
    }

    /// <summary>Null for the model's own explainer, with the options that the host has set.</summary>
    private ComponentSpec? SpecOf(string explainer) =>
        explainer.Equals(PaperCam, StringComparison.OrdinalIgnoreCase) ? s_paper
        : explainer.Equals(options.Explainer.Name, StringComparison.OrdinalIgnoreCase) ? null
        : new ComponentSpec(explainer);

    private static bool IsCam(string explainer) =>
        explainer.Equals(CamExplainerOptions.ExplainerName, StringComparison.OrdinalIgnoreCase)
        || explainer.Equals(PaperCam, StringComparison.OrdinalIgnoreCase);
}
