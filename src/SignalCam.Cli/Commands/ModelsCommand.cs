using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`models`: the weights that come with signalcam.</summary>
internal static class ModelsCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var json = CommonOptions.Json();
        var command = new Command("models",
            "The weights that come with signalcam: what they classify, and how they did when they were chosen") { json };
        command.SetAction(parsed =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var rows = PretrainedModels.All.Select(model => Row.Of(model, services.GetRequiredService<SignalCamComponents>())).ToArray();
            var table = new Table().AddColumns(
                "name", "task", "classes", "network", "parameters", "learned from", "ROC-AUC when chosen", "on fold", "SHA-256");
            foreach (var row in rows)
                table.Row(
                    row.Name, row.Task, string.Join(", ", row.Classes), row.Architecture, Format.Count(row.Parameters),
                    $"{row.Dataset ?? "-"} {row.TrainFolds}", Format.Number(row.ValidRocAuc), row.ValidFolds ?? "-", row.Sha256[..12]);
            output.Terminal(parsed.GetValue(json)).Write(table);
            output.Write(parsed.GetValue(json), rows);
            return SignalCamTool.Ok;
        });
        return command;
    }

    private sealed record Row(
        string Name, string Task, IReadOnlyList<string> Classes, string Architecture, long Parameters,
        string? Dataset, string? TrainFolds, string? ValidFolds, double? ValidRocAuc, string Sha256)
    {
        public static Row Of(PretrainedModel model, SignalCamComponents components)
        {
            var manifest = model.Manifest;
            using var network = EcgModel.CreateNetwork(manifest, components);
            return new Row(
                model.Name, manifest.Task, manifest.Classes, manifest.Architecture.Name, network.ParameterCount,
                (string?)manifest.Training?["dataset"], (string?)manifest.Training?["train_folds"],
                (string?)manifest.Training?["valid_folds"], (double?)manifest.Training?["valid_roc_auc"], model.Sha256);
        }
    }
}
