using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;
using SignalCam.Torch;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Networks;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`predict`: probabilities of single recordings.</summary>
internal static class PredictCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, json) = (new ModelOption(), CommonOptions.Device(), CommonOptions.Json());
        var records = CommonOptions.Records(required: true);
        var command = new Command("predict", "Probabilities of single WFDB recordings") { model.Model, model.Task, device, json, records };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            using var loaded = model.Of(parsed).Load(services.GetRequiredService<SignalCamComponents>(), parsed.GetRequiredValue(device));
            var adapter = new SignalAdapter(loaded.Input);
            var rows = new List<Prediction>();
            foreach (var record in parsed.GetRequiredValue(records))
            {
                var prepared = loaded.Prepare(adapter.Adapt(await WfdbReader.ReadSignalAsync(record, cancellationToken: cancellationToken)));
                var scores = loaded.Run(prepared.Samples.ToArray(), 1);
                var probabilities = CalibratedScores.Probabilities(loaded.Manifest, scores);
                var present = CalibratedScores.Decide(loaded.Manifest, probabilities);
                rows.AddRange(loaded.Manifest.Classes.Select((name, c) => new Prediction(record, name, probabilities[c], scores.Logits[c], present[c])));
            }
            var table = new Table().AddColumns("recording", "class", "probability", "logit", "decision");
            foreach (var row in rows)
                table.Row(row.Recording, row.Class, Format.Number(row.Probability), Format.Number(row.Logit), row.Decision ? row.Class : "not " + row.Class);
            output.Terminal(parsed.GetValue(json)).Write(table);
            output.Write(parsed.GetValue(json), rows);
            return SignalCamTool.Ok;
        });
        return command;
    }

    private sealed record Prediction(string Recording, string Class, float Probability, float Logit, bool Decision);
}
