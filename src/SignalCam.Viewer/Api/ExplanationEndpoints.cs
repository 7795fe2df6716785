using System.Reflection;
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

    private static readonly string s_version =
        typeof(ExplanationEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static void MapExplanations(this RouteGroupBuilder api)
    {
        api.MapGet("/recordings/{id}/explanation", Explanation)
            .WithTags("Explanations").WithName("getExplanation")
            .WithSummary("Scores of all classes, and the heat map of one")
            .WithDescription(
                "`class` is by default the one that is most above its threshold, `explainer` is cam, `model` the host's default one.")
            .ProducesProblems(400, 403, 404, 422, 429)
            .RequireRateLimiting(Traffic.Explanations);
        api.MapGet("/recordings/{id}/explanation.svg", Svg)
            .WithTags("Explanations").WithName("getPicture")
            .WithSummary("The same as a picture, to scale: by default 25 mm a second, 10 mm a millivolt")
            .WithDescription("`calipers` are measured distances: LEAD,FROM,TO,VALUE,VALUE and perhaps ,repeat, divided by semicolons.")
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml")
            .ProducesProblems(400, 403, 404, 422, 429)
            .RequireRateLimiting(Traffic.Explanations);
        api.MapGet("/recordings/{id}/explanation.pdf", Pdf)
            .WithTags("Explanations").WithName("getPdf")
            .WithSummary("The picture as a PDF, where the host can write one")
            .Produces(StatusCodes.Status200OK, contentType: "application/pdf")
            .ProducesProblems(400, 403, 404, 422, 429)
            .RequireRateLimiting(Traffic.Explanations);
        api.MapGet("/about", (IServiceProvider services) => new AboutAnswer(s_version, PicturesOf(services)))
            .WithTags("Explanations").WithName("getAbout").WithSummary("The program's version, and the kinds of pictures that it draws");
        api.MapGet("/models", (ViewerModels models) => models.All.Select(m => Describe(m, models.Default)).ToArray())
            .WithTags("Explanations").WithName("listModels").WithSummary("What each model file says about itself");
    }

    private static ExplanationAnswer Explanation(
        string id, RecordingStore store, ViewerModels models, CancellationToken cancellationToken, string? @class = null,
        string explainer = "cam", string? model = null)
    {
        var chosen = models.Get(model);
        var made = chosen.Explain(RecordingEndpoints.Find(id, store).Recording, @class, explainer, cancellationToken);
        var manifest = chosen.Manifest;
        // How often a figure is right was counted among recordings that could be believed.
        var isUnusable = made.Answer.Findings.Any(f => f.Severity == FindingSeverity.Unusable);
        var words = made.Answer.Scores.Select(s => new ScoreWords(
            s.Class, Wording.Class(s.Class), AnswerWords.Decision(s, manifest.TaskKind),
            isUnusable ? null : AnswerWords.Calibration(manifest, s)));
        return new ExplanationAnswer(
            made.Answer with { Recording = id }, made.Class, explainer, [.. words], Wording.Explainer(explainer), Notice);
    }

    private static FileContentHttpResult Svg([AsParameters] PictureRequest request, CancellationToken cancellationToken)
    {
        var (svg, _, name) = Draw(request, cancellationToken);
        return TypedResults.File(Encoding.UTF8.GetBytes(svg), "image/svg+xml", $"{name}.svg");
    }

    private static FileContentHttpResult Pdf(
        [AsParameters] PictureRequest request, IServiceProvider services, CancellationToken cancellationToken)
    {
        var writer = services.GetService<IPdfWriter>()
            ?? throw ViewerProblem.NoSuchPath.With("this host writes no PDF; explanation.svg is the same picture");
        var (svg, title, name) = Draw(request, cancellationToken);
        return TypedResults.File(writer.Write(title, svg), "application/pdf", $"{name}.pdf");
    }

    private static (string Svg, string Title, string Name) Draw(PictureRequest request, CancellationToken cancellationToken)
    {
        var (gain, speed) = (request.Gain, request.Speed);
        if (!(gain is >= 1 and <= 100 && speed is >= 5 and <= 200))
            throw ViewerProblem.BadValue.With($"gain is {gain} mm/mV and speed {speed} mm/s; allowed are 1 to 100 and 5 to 200");
        var calipers = CaliperList.Parse(request.Calipers);
        var chosen = request.Models.Get(request.Model);
        var recording = RecordingEndpoints.Find(request.Id, request.Store);
        var scale = new EcgScale("mV", gain) { Speed = speed };
        if (!request.Heat)
        {
            var title = $"{recording.Name}. {Notice}";
            var bare = new EcgPlotOptions { Title = title, Layout = request.Layout, Scale = scale, Calipers = calipers };
            return (EcgPlot.Render(recording.Signal, bare), recording.Name, recording.Name);
        }
        var made = chosen.Explain(recording.Recording, request.Class, request.Explainer, cancellationToken);
        var options = new CamPlotOptions { Title = recording.Name, Layout = request.Layout, Scale = scale, Calipers = calipers };
        var svg = AnswerPicture.Render(recording.Signal, OnlyOf(made), options);
        return (svg, recording.Name, $"{chosen.Name}-{made.Class}-{request.Explainer}");
    }

    private static IReadOnlyList<string> PicturesOf(IServiceProvider services) =>
        services.GetService<IPdfWriter>() is null ? ["svg"] : ["svg", "pdf"];

    /// <summary>The answer with the score of the class that is explained alone.</summary>
    private static EcgClassification OnlyOf(ModelExplanation made) => made.Answer with { Scores = [made.Score] };

    private static ModelAnswer Describe(ViewerModel model, string defaultModel) => new(
        model.Name, model.Name.Equals(defaultModel, StringComparison.OrdinalIgnoreCase), model.Sha256,
        [.. model.Explainers.Select(e => new ExplainerAnswer(e, Wording.Explainer(e)))],
        JsonSerializer.SerializeToNode(model.Manifest, PluginOptions.Json)!);
}
