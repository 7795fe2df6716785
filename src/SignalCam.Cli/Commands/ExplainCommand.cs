using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Reporting;
using SignalCam.Sdk.Explanation;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`explain`: a picture and the numbers behind it for each recording.</summary>
internal static class ExplainCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, json, data, records) =
            (new ModelOption(), CommonOptions.Device(), CommonOptions.Json(), CommonOptions.Data(required: false), CommonOptions.Records(required: false));
        var ids = new Option<string?>("--ids") { Description = "Recordings of --data, by ecg_id: 1,2", HelpName = "IDS" };
        var explainer = new Option<string>("--explainer") { Description = "How", DefaultValueFactory = _ => CamExplainer.ExplainerName };
        explainer.AcceptOnlyFromAmong([.. services.GetRequiredService<SignalCamComponents>().Explainers.Names]);
        var cam = new Option<string>("--cam") { Description = "Of explainer cam. exact: adds up to the logit; paper: as published", DefaultValueFactory = _ => "exact" };
        cam.AcceptOnlyFromAmong("exact", "paper");
        var classes = new Option<string>("--classes") { Description = "all, decided (called present, or else the most probable), or names: MI,CD", DefaultValueFactory = _ => "all", HelpName = "NAMES" };
        var layout = new Option<string>("--layout") { Description = "12x1: each lead over the whole recording; 3x4: three rows of four leads each and a rhythm strip", DefaultValueFactory = _ => "12x1" };
        layout.AcceptOnlyFromAmong("12x1", "3x4");
        var format = new Option<string>("--format") { Description = "svg: a picture, for print; html: a page to zoom in and to read values from", DefaultValueFactory = _ => "svg" };
        format.AcceptOnlyFromAmong("svg", "html");
        var columns = new Option<int>("--columns") { Description = "Of an svg: classes side by side before the next row begins", DefaultValueFactory = _ => 1, HelpName = "N" };
        var post = new Option<string?>("--post") { Description = "What is done to a map's values, in this order: relu, minMax, symmetric, smooth [what the method's publication does]", HelpName = "STEPS" };
        var folder = new Option<string>("--out") { Description = "Folder for one picture and one JSON a recording", HelpName = "DIR", Required = true };
        var command = new Command("explain", "Which parts of a recording made the decision: one picture and one JSON a recording")
        {
            model.Model, model.Task, data, ids, records, explainer, cam, post, classes, layout, format, columns, folder, device, json,
        };
        command.Validators.Add(result =>
        {
            var (named, given) = (result.GetValue(ids) is not null, result.GetValue(records)?.Length > 0);
            if (named == given || (named && result.GetValue(data) is null))
                result.AddError("give either --data with --ids, or RECORD...");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var files = parsed.GetValue(records) ?? [];
            var doubled = files.GroupBy(Path.GetFileName).FirstOrDefault(g => g.Count() > 1);
            if (doubled is not null)
                throw new UsageException($"two recordings are called '{doubled.Key}' and would overwrite each other: {string.Join(", ", doubled)}");
            var chosen = model.Of(parsed);
            var request = new ExplanationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Dataset = parsed.GetValue(ids) is null ? null : DatasetAccess.Spec(parsed.GetRequiredValue(data)!),
                Ids = Names(parsed.GetValue(ids)),
                Files = files,
                Explainer = Explainer(parsed.GetRequiredValue(explainer), parsed.GetRequiredValue(cam), Names(parsed.GetValue(post))),
                Classes = Classes(parsed.GetRequiredValue(classes)),
                Device = parsed.GetRequiredValue(device),
            };
            var (extension, arrangement) = (parsed.GetRequiredValue(format), parsed.GetRequiredValue(layout) == "3x4" ? EcgLayout.ThreeRows : EcgLayout.Stacked);
            var side = parsed.GetValue(columns) is > 0 and var number ? number : throw new UsageException($"{columns.Name}: found {parsed.GetValue(columns)}, expected a number above 0");
            var to = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
            var written = new List<ExplanationFile>();
            await foreach (var (id, recording, explanation, manifest) in services.GetRequiredService<IExplanationService>().ExplainAsync(request, cancellationToken))
            {
                var picture = Path.Combine(to, $"{id}.{extension}");
                CommandOutput.WriteFile(picture, extension == "html"
                    ? ExplanationPictures.RenderPage(id, recording, explanation, manifest, arrangement)
                    : ExplanationPictures.Render(id, recording, explanation, manifest, arrangement, side));
                CommandOutput.WriteFile(Path.Combine(to, id + ".json"), CommandOutput.ToJson(ExplanationFile.Numbers(id, recording, explanation, manifest)));
                written.AddRange(explanation.Maps.Select(map => ExplanationFile.Of(id, map, explanation, manifest, picture)));
            }
            var table = new Table().AddColumns("recording", "class", "probability", "logit", "picture");
            foreach (var row in written)
                table.AddRow(Markup.Escape(row.Id), row.Class, Format.Number(row.Probability), Format.Number(row.Logit), Markup.Escape(row.Picture));
            output.Terminal(parsed.GetValue(json)).Write(table);
            output.Write(parsed.GetValue(json), written);
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static ComponentSpec Explainer(string name, string cam, string[] post)
    {
        var options = new JsonObject();
        if (string.Equals(name, CamExplainer.ExplainerName, StringComparison.OrdinalIgnoreCase))
            options["kind"] = cam;
        if (post.Length > 0)
            options["postProcessing"] = new JsonArray([.. post.Select(step => JsonValue.Create(Enum.GetNames<MapPostProcessing>().Contains(step, StringComparer.OrdinalIgnoreCase)
                ? step
                : throw new UsageException($"--post: found {step}, expected {string.Join(", ", Enum.GetNames<MapPostProcessing>())}")))]);
        return new ComponentSpec(name, options);
    }

    private static ClassChoice Classes(string text) => text switch
    {
        "all" => ClassChoice.All,
        "decided" => ClassChoice.Decided,
        _ => Names(text) is { Length: > 0 } names ? ClassChoice.Of(names) : throw new UsageException("--classes: expected all, decided or names"),
    };

    private static string[] Names(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}

/// <summary>A row of what `explain` wrote.</summary>
internal sealed record ExplanationFile(string Id, string Class, float Probability, float Logit, string Picture)
{
    public static ExplanationFile Of(string id, HeatMap map, EcgExplanation explanation, ModelManifest manifest, string picture)
    {
        var c = ExplanationPictures.IndexOf(manifest, map);
        return new ExplanationFile(id, map.Class, explanation.Probabilities[c], explanation.Logits[c], picture);
    }

    /// <summary>
    /// What the JSON of a recording holds: method, probability, logit and the map at cell and sample resolution, and by lead where the
    /// method tells leads apart; of a model with several classes the same under by_class.
    /// </summary>
    public static object Numbers(string id, EcgSignal recording, EcgExplanation explanation, ModelManifest manifest)
    {
        if (manifest.Classes.Count > 1)
            return new { id, by_class = explanation.Maps.ToDictionary(map => map.Class, Of) };
        var only = Of(explanation.Maps[0]);
        return new
        {
            id, @class = manifest.Classes[0], only.Method, only.Sign, only.CompletenessError, only.Probability, only.Logit, only.Threshold, only.Cells, only.Samples, only.ByLead,
        };

        MapNumbers Of(HeatMap map)
        {
            var c = ExplanationPictures.IndexOf(manifest, map);
            return new MapNumbers(
                map.Method, map.Sign, map.CompletenessError, explanation.Probabilities[c], explanation.Logits[c], manifest.Thresholds[c], map.Cells, map.Samples,
                map.LeadSamples is not { } byLead ? null : recording.Leads.Zip(byLead.Chunk(recording.Length)).ToDictionary(pair => pair.First, pair => pair.Second));
        }
    }

    private sealed record MapNumbers(
        string Method, HeatMapSign Sign, double? CompletenessError, float Probability, float Logit, double Threshold, float[] Cells, float[] Samples,
        IReadOnlyDictionary<string, float[]>? ByLead);
}
