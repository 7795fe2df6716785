using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Models;
using SignalCam.Core.Wfdb;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`explain`: a picture and the numbers behind it for each recording.</summary>
internal static class ExplainCommand
{
    // Recordings in one forward pass.
    private const int Batch = 64;

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, json, data, records) =
            (CommonOptions.Model(), CommonOptions.Device(), CommonOptions.Json(), CommonOptions.Data(required: false), CommonOptions.Records(required: false));
        var ids = new Option<string?>("--ids") { Description = "Recordings of --data, by ecg_id: 1,2", HelpName = "IDS" };
        var cam = new Option<string>("--cam") { Description = "exact: adds up to the logit; paper: as published", DefaultValueFactory = _ => "exact" };
        cam.AcceptOnlyFromAmong("exact", "paper");
        var folder = new Option<string>("--out") { Description = "Folder for one SVG and one JSON a recording", HelpName = "DIR", Required = true };
        var command = new Command("explain", "Which parts of a recording made the decision: one SVG and one JSON a recording")
        {
            model, data, ids, records, cam, folder, device, json,
        };
        command.Validators.Add(result =>
        {
            var (named, given) = (result.GetValue(ids) is not null, result.GetValue(records)?.Length > 0);
            if (named == given || (named && result.GetValue(data) is null))
                result.AddError("give either --data with --ids, or RECORD...");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var loaded = EcgModel.Load(parsed.GetRequiredValue(model), services.GetRequiredService<SignalCamComponents>(), parsed.GetRequiredValue(device));
            var explainer = new CamExplainer(parsed.GetRequiredValue(cam) == "paper" ? CamKind.Paper : CamKind.Exact);
            var sources = parsed.GetValue(ids) is { } list
                ? FromDataset(parsed.GetRequiredValue(data)!, list, loaded.Manifest.SamplingRate)
                : FromFiles(parsed.GetRequiredValue(records));
            var to = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
            var written = new List<ExplanationFile>();
            foreach (var batch in sources.Chunk(Batch))
            {
                var signals = new List<EcgSignal>();
                foreach (var (_, read) in batch)
                    signals.Add(await read(cancellationToken));
                foreach (var ((id, _), signal, explanation) in batch.Zip(signals, explainer.Explain(loaded, signals)))
                {
                    CommandOutput.WriteFile(Path.Combine(to, id + ".svg"), ExplanationPictures.Render(id, signal, explanation, explainer.Kind, loaded.Manifest));
                    CommandOutput.WriteFile(Path.Combine(to, id + ".json"), CommandOutput.ToJson(ExplanationFile.Numbers(id, explanation, explainer.Kind, loaded.Manifest)));
                    written.AddRange(loaded.Manifest.Classes.Select((name, c) => new ExplanationFile(id, name, explanation.Probabilities[c], explanation.Logits[c], Path.Combine(to, id + ".svg"))));
                }
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

    private static IEnumerable<(string Id, Func<CancellationToken, ValueTask<EcgSignal>> Read)> FromDataset(string folder, string ids, double samplingRate)
    {
        var dataset = DatasetAccess.Open(folder, samplingRate);
        return DatasetAccess.ByIds(dataset, ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Select(entry => (entry.Id, (Func<CancellationToken, ValueTask<EcgSignal>>)(token => dataset.ReadAsync(entry, token))));
    }

    private static IEnumerable<(string Id, Func<CancellationToken, ValueTask<EcgSignal>> Read)> FromFiles(string[] records)
    {
        var doubled = records.GroupBy(Name).FirstOrDefault(g => g.Count() > 1);
        if (doubled is not null)
            throw new UsageException($"two recordings are called '{doubled.Key}' and would overwrite each other: {string.Join(", ", doubled)}");
        return records.Select(record => (Name(record), (Func<CancellationToken, ValueTask<EcgSignal>>)(token => new(WfdbReader.ReadSignalAsync(record, cancellationToken: token)))));

        static string Name(string record) => Path.GetFileName(record.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) ? record[..^4] : record);
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
