using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Models;
using SignalCam.Sdk.Explanation;
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
        var cam = new Option<string>("--cam") { Description = "exact: adds up to the logit; paper: as published", DefaultValueFactory = _ => "exact" };
        cam.AcceptOnlyFromAmong("exact", "paper");
        var folder = new Option<string>("--out") { Description = "Folder for one SVG and one JSON a recording", HelpName = "DIR", Required = true };
        var command = new Command("explain", "Which parts of a recording made the decision: one SVG and one JSON a recording")
        {
            model.Model, model.Task, data, ids, records, cam, folder, device, json,
        };
        command.Validators.Add(result =>
        {
            var (named, given) = (result.GetValue(ids) is not null, result.GetValue(records)?.Length > 0);
            if (named == given || (named && result.GetValue(data) is null))
                result.AddError("give either --data with --ids, or RECORD...");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var kind = parsed.GetRequiredValue(cam) == "paper" ? CamKind.Paper : CamKind.Exact;
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
                Ids = parsed.GetValue(ids)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Files = files,
                Explainer = new ComponentSpec(CamExplainer.ExplainerName, PluginOptions.Write(new CamExplainerOptions { Kind = kind })),
                Device = parsed.GetRequiredValue(device),
            };
            var to = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
            var written = new List<ExplanationFile>();
            await foreach (var (id, recording, explanation, manifest) in services.GetRequiredService<IExplanationService>().ExplainAsync(request, cancellationToken))
            {
                var picture = Path.Combine(to, id + ".svg");
                CommandOutput.WriteFile(picture, ExplanationPictures.Render(id, recording, explanation, kind, manifest));
                CommandOutput.WriteFile(Path.Combine(to, id + ".json"), CommandOutput.ToJson(ExplanationFile.Numbers(id, explanation, kind, manifest)));
                written.AddRange(manifest.Classes.Select((name, c) => new ExplanationFile(id, name, explanation.Probabilities[c], explanation.Logits[c], picture)));
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
}

/// <summary>A row of what `explain` wrote.</summary>
internal sealed record ExplanationFile(string Id, string Class, float Probability, float Logit, string Picture)
{
    /// <summary>
    /// What the JSON of a recording holds: probability, logit and the map at cell and sample resolution; with several classes the same
    /// under by_class.
    /// </summary>
    public static object Numbers(string id, EcgExplanation explanation, CamKind kind, ModelManifest manifest)
    {
        var cam = kind == CamKind.Exact ? "exact" : "paper";
        if (manifest.Classes.Count == 1)
            return new
            {
                id,
                cam,
                @class = manifest.Classes[0],
                probability = explanation.Probabilities[0],
                logit = explanation.Logits[0],
                threshold = manifest.Thresholds[0],
                cells = explanation.Maps[0].Cells,
                samples = explanation.Maps[0].Samples,
            };
        return new
        {
            id,
            cam,
            by_class = manifest.Classes.Select((name, c) => (name, c)).ToDictionary(x => x.name, x => new
            {
                probability = explanation.Probabilities[x.c],
                logit = explanation.Logits[x.c],
                threshold = manifest.Thresholds[x.c],
                cells = explanation.Maps[x.c].Cells,
                samples = explanation.Maps[x.c].Samples,
            }),
        };
    }
}
