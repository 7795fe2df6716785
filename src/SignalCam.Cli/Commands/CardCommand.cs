using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Cli.Reports;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Files;
using SignalCam.Core.Models;
using SignalCam.Sdk.Evaluation;
using SignalCam.Torch;

namespace SignalCam.Cli.Commands;

/// <summary>`card`: a model card, with what the model file says and what is measured.</summary>
internal static class CardCommand
{
    private const long MostBytes = 1 << 24;

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (dataset, model, device) = (new DatasetOptions(services), new ModelOption(), CommonOptions.Device());
        var folds = new Option<string>("--folds")
        {
            Description = "Folds to measure on: none that the model learned from",
            Required = true,
        };
        var path = new Option<string>("--out")
        {
            Description = "The card (Markdown); of one that is there, the part that was written by this command is written anew and the "
                + "rest is kept",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("card", "A model card: where the weights come from, and figures measured now") { model.Model, model.Task,
            folds, path, device };
        dataset.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (chosen, to) = (model.Of(parsed), parsed.GetRequiredValue(path));
            var measured = DatasetAccess.Folds(folds.Name, parsed.GetRequiredValue(folds));
            var request = new EvaluationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Dataset = dataset.Of(parsed),
                Folds = measured,
                Device = parsed.GetRequiredValue(device),
            };
            OutputFile.Prepare(to);
            using var loaded = chosen.Load(services.GetRequiredService<SignalCamComponents>(), "cpu");
            RequireUnseen(loaded.Manifest, request.Dataset.Name, measured);
            // A folder's dataset is called by the folder's name, which it says itself.
            var name = services.GetRequiredService<SignalCamComponents>().Datasets.Create(request.Dataset).Name;
            RequireUnseen(loaded.Manifest, name, measured);
            var result = await EvaluateCommand.RunAsync(
                services.GetRequiredService<IEvaluationService>(), request, output.Terminal(null), cancellationToken);
            var card = new ModelCard
            {
                Sha256 = chosen.Sha256,
                Manifest = loaded.Manifest,
                Parameters = loaded.Network.ParameterCount,
                Dataset = name,
                Folds = measured,
                Figures = JsonNode.Parse(CommandOutput.ToJson(result.Figures))!.AsObject(),
            };
            CommandOutput.WriteFile(to,
                card.Into(Path.Exists(to) ? RegularFile.ReadAllText(to, MostBytes) : null, Path.GetFileNameWithoutExtension(to)));
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static void RequireUnseen(ModelManifest manifest, string dataset, FoldSet measured)
    {
        var provenance = ModelProvenance.Of(manifest);
        if (provenance.Dataset != dataset || provenance.Train is not { } train)
            return;
        var seen = train.Folds.Intersect(measured.Folds).ToArray();
        if (seen.Length > 0)
            throw new UsageException(
                $"--folds {measured}: the model learned from fold {string.Join(", ", seen)}; figures of a card are of recordings it "
                + "has not seen");
    }
}
