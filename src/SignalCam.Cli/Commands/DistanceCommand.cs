using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;

namespace SignalCam.Cli.Commands;

/// <summary>`distance`: lets a model file tell recordings that are unlike those that it learned from.</summary>
internal static class DistanceCommand
{
    private const double StandardQuantile = 0.995;

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (dataOptions, model, skipBad, json) = (
            new DatasetOptions(services), CommonOptions.ModelFile(), CommonOptions.SkipBad(), CommonOptions.Json());
        var path = new Option<string>("--out")
        {
            Description = "The model file to write; may be the same",
            HelpName = "FILE",
            Required = true,
        };
        var train = new Option<string>("--train-folds")
        {
            Description = "Folds that the model learned from",
            DefaultValueFactory = _ => "1-8",
        };
        var valid = new Option<string>("--valid-folds") { Description = "Folds that the limit is set on", DefaultValueFactory = _ => "9" };
        var quantile = new Option<double>("--quantile")
        {
            Description = "Share of the validation recordings that are to lie below the limit", DefaultValueFactory = _ => StandardQuantile,
        };
        var command = new Command("distance",
            "Fits where a model's features of its training recordings lie, and writes it into the model file; probabilities stay "
            + "as they are")
        {
            model, path, train, valid, quantile, skipBad, json,
        };
        dataOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var share = parsed.GetValue(quantile);
            if (!(share is > 0 and < 1))
                throw new UsageException(FormattableString.Invariant($"{quantile.Name}: found {share}, expected a number between 0 and 1"));
            CommandOutput.Prepare(parsed.GetValue(json));
            var components = services.GetRequiredService<ManagedComponents>();
            var file = await ModelFile.LoadAsync(parsed.GetRequiredValue(model), cancellationToken);
            var dataset = components.Datasets.Create(dataOptions.Of(parsed));
            var task = components.Tasks.Create(new ComponentSpec(file.Manifest.Task, file.Manifest.LabelPolicy)).Create(dataset);
            var (trainFolds, validFolds) =
                (DatasetAccess.Folds(train.Name, parsed.GetRequiredValue(train)),
                    DatasetAccess.Folds(valid.Name, parsed.GetRequiredValue(valid)));
            using var fit = new FeatureFit(file, components.Transforms);
            var terminal = output.Terminal(parsed.GetValue(json));
            var statistics = await Terminal.Progress(terminal, "reading", bar => fit.FitAsync(
                dataset, task, trainFolds, validFolds, share, DatasetAccess.Reading(parsed.GetValue(skipBad)),
                new DirectProgress<RecordingProgress>(p => bar.Show(p.Done, p.Total)), cancellationToken));
            var written = file.With(statistics);
            await written.SaveAsync(parsed.GetRequiredValue(path), cancellationToken);
            terminal.Line($"{statistics.Count} features, limit {Format.Number(statistics.Facts.Limit)}: {Format.Percent(share)} of folds ",
                $"{validFolds} lie below it");
            output.Write(parsed.GetValue(json), new
            {
                model = parsed.GetRequiredValue(path),
                features = statistics.Count,
                limit = statistics.Facts.Limit,
                train_folds = trainFolds.ToString(),
                valid_folds = validFolds.ToString(),
                quantile = share,
            });
            return SignalCamTool.Ok;
        });
        return command;
    }
}
