using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SignalCam.Abstractions;
using SignalCam.Reporting;
using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Problems;
using SignalCam.Viewer.Recordings;

namespace SignalCam.Viewer.Api;

/// <summary>Says what a model decides, and why.</summary>
internal static class ExplanationEndpoints
{
    private const string Notice = CamPlotOptions.ResearchUse;

    public static void MapExplanations(this RouteGroupBuilder api)
    {
        api.MapGet("/recordings/{id}/explanation", Explanation)
            .WithTags("Explanations").WithName("getExplanation")
            .WithSummary("Scores of all classes, and the heat map of one")
            .WithDescription(
                "`class` is by default the one that is most above its threshold, `explainer` is cam, `model` the host's default one.")
            .ProducesProblems(400, 403, 404, 422, 429)
            .RequireRateLimiting(Traffic.Explanations);
        api.MapGet("/recordings/{id}/explanation.svg", Picture)
            .WithTags("Explanations").WithName("getPicture")
            .WithSummary("The same as a picture, to scale: by default 25 mm a second, 10 mm a millivolt")
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml")
            .ProducesProblems(400, 404, 422, 429)
            .RequireRateLimiting(Traffic.Explanations);
        api.MapGet("/models", (ViewerModels models) => models.All.Select(m => Describe(m, models.Default)).ToArray())
            .WithTags("Explanations").WithName("listModels").WithSummary("What each model file says about itself");
    }

    private static ExplanationAnswer Explanation(
        string id, RecordingStore store, ViewerModels models, CancellationToken cancellationToken, string? @class = null,
        string explainer = "cam", string? model = null)
    {
        var chosen = models.Get(model);
        var made = chosen.Explain(RecordingEndpoints.Find(id, store).Signal, @class, explainer, cancellationToken);
        var manifest = chosen.Manifest;
        // How often a figure is right was counted among recordings that could be believed.
        var isUnusable = made.Answer.Findings.Any(f => f.Severity == FindingSeverity.Unusable);
        var words = made.Answer.Scores.Select(s => new ScoreWords(
            s.Class, Wording.Class(s.Class), AnswerWords.Decision(s, manifest.TaskKind),
            isUnusable ? null : AnswerWords.Calibration(manifest, s)));
        return new ExplanationAnswer(
            made.Answer with { Recording = id }, made.Class, explainer, [.. words], Wording.Explainer(explainer), Notice);
    }

    private static FileContentHttpResult Picture(
        string id, RecordingStore store, ViewerModels models, CancellationToken cancellationToken, string? @class = null,
        string explainer = "cam", string? model = null, EcgLayout layout = EcgLayout.Stacked, double gain = 10,
        double speed = EcgScale.MillimetresPerSecond, bool heat = true)
    {
        if (!(gain is >= 1 and <= 100 && speed is >= 5 and <= 200))
            throw ViewerProblem.BadValue.With($"gain is {gain} mm/mV and speed {speed} mm/s; allowed are 1 to 100 and 5 to 200");
        var chosen = models.Get(model);
        var recording = RecordingEndpoints.Find(id, store);
        var scale = new EcgScale("mV", gain) { Speed = speed };
        if (!heat)
            return Svg(EcgPlot.Render(recording.Signal,
                new EcgPlotOptions { Title = $"{recording.Name}. {Notice}", Layout = layout, Scale = scale }), $"{recording.Name}.svg");
        var made = chosen.Explain(recording.Signal, @class, explainer, cancellationToken);
        var svg = AnswerPicture.Render(
            recording.Signal, OnlyOf(made), new CamPlotOptions { Title = recording.Name, Layout = layout, Scale = scale });
        return Svg(svg, $"{chosen.Name}-{made.Class}-{explainer}.svg");
    }

    private static FileContentHttpResult Svg(string svg, string name) =>
        TypedResults.File(Encoding.UTF8.GetBytes(svg), "image/svg+xml", name);

    /// <summary>The answer with the score of the class that is explained alone.</summary>
    private static EcgClassification OnlyOf(ModelExplanation made) => made.Answer with { Scores = [made.Score] };

    private static ModelAnswer Describe(ViewerModel model, string defaultModel) => new(
        model.Name, model.Name.Equals(defaultModel, StringComparison.OrdinalIgnoreCase), model.Sha256,
        [.. model.Explainers.Select(e => new ExplainerAnswer(e, Wording.Explainer(e)))],
        JsonSerializer.SerializeToNode(model.Manifest, PluginOptions.Json)!);
}
