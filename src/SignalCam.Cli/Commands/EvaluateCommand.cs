using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Cli.Reports;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Classification;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`evaluate`: how well a model does on folds of a dataset.</summary>
internal static class EvaluateCommand
{
    private const int MostResamples = 1_000_000;

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (dataset, model, device, skipBad, report, json) =
            (new DatasetOptions(services), new ModelOption(), CommonOptions.Device(), CommonOptions.SkipBad(), CommonOptions.Report(),
                CommonOptions.Json());
        var folds = new Option<string?>("--folds") { Description = "Folds to evaluate on, such as 9 or 1-8; required for PTB-XL [all]" };
        var bootstrap = new Option<int>("--bootstrap")
        {
            Description = "Resamples of the patients for the 95 % intervals; 0 for none",
            DefaultValueFactory = _ => EvaluationFigures.DefaultResamples,
        };
        var compare = new Option<string?>("--compare")
        {
            Description = "Another model file, to compare ROC-AUCs on the same recordings",
            HelpName = "FILE",
        };
        var (backend, length, points) = (BackendOption.Create(), new LengthPolicyOption("the model's"), new OperatingPointOptions());
        var (figures, form) = (CommonOptions.Figures(), new FigureOptions());
        var quality = QualityOption.Create(QualityPolicy.Off);
        var predictions = new Option<string?>("--predictions")
        {
            Description = "Write target, logit, probability and decision of each recording and class as CSV to this file",
            HelpName = "FILE",
        };
        var command = new Command("evaluate",
            "Confusion, accuracy, precision, recall, F1, ROC-AUC, average precision, Brier score and calibration error with 95 % "
            + "intervals, overall and by class")
        {
            model.Model, model.Task, folds, bootstrap, compare, predictions, device, backend, quality, skipBad, report, figures, json,
        };
        dataset.AddTo(command);
        length.AddTo(command);
        points.AddTo(command);
        form.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (chosen, spec) = (model.Of(parsed), dataset.Of(parsed));
            var resamples = parsed.GetValue(bootstrap);
            var request = new EvaluationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Dataset = spec,
                Folds = FoldsOf(folds, parsed, spec.Name),
                Length = length.Of(parsed),
                Resamples = resamples is >= 0 and <= MostResamples
                    ? resamples
                    : throw new UsageException(
                        $"{bootstrap.Name}: found {resamples}, expected a number of resamples up to {MostResamples}, or 0"),
                CompareWith = parsed.GetValue(compare),
                Backend = parsed.GetValue(backend),
                Quality = parsed.GetValue(quality),
                Device = parsed.GetRequiredValue(device),
                Reading = DatasetAccess.Reading(parsed.GetValue(skipBad)),
            };
            CommandOutput.Prepare(parsed.GetValue(json), parsed.GetValue(report), parsed.GetValue(predictions));
            var terminal = output.Terminal(parsed.GetValue(json));
            var result = await RunAsync(services.GetRequiredService<IEvaluationService>(), request, terminal, cancellationToken,
                points.Of(parsed));
            if (parsed.GetValue(predictions) is { } table)
                PredictionTable.Write(table, result.Evaluation);
            var (path, folder) = (parsed.GetValue(report), parsed.GetValue(figures));
            if (parsed.GetValue(json) is { } where)
                output.Write(where, result.ToJson(withCurves: path is not null));
            if (path is not null || folder is not null)
            {
                var pictures = await ErrorPictures.RenderAsync(
                    services.GetRequiredService<IClassificationService>(), request, result.WorstErrors, cancellationToken);
                var part = request.Folds is null ? "all recordings" : $"fold {request.Folds}";
                var document = EvaluationReport.Document($"{chosen} on {part} of {dataset.NameOf(parsed)}", result, pictures);
                if (path is not null)
                    CommandOutput.WriteFile(path, document.Render());
                if (folder is not null)
                    form.Of(parsed).WriteAll(folder, document);
            }
            return SignalCamTool.Ok;
        });
        return command;
    }

    /// <summary>The folds that are asked for; null for all recordings, which PTB-XL has too many of to be meant unsaid.</summary>
    public static FoldSet? FoldsOf(Option<string?> option, ParseResult parsed, string dataset) =>
        parsed.GetValue(option) is { } text ? DatasetAccess.Folds(option.Name, text)
        : dataset.Equals(BuiltInDatasets.PtbXl, StringComparison.OrdinalIgnoreCase)
            ? throw new UsageException($"Option '{option.Name}' is required.")
        : null;

    /// <summary>Scores, compares and prints.</summary>
    public static async Task<EvaluationResult> RunAsync(IEvaluationService service, EvaluationRequest request, IAnsiConsole terminal,
        CancellationToken cancellationToken,
        OperatingPointChoice? points = null)
    {
        var outcome = await Terminal.Progress(terminal, "scoring", bar =>
            service.EvaluateAsync(request, new DirectProgress<EvaluationProgress>(p => bar.Show(p.Done, p.Total)), cancellationToken));
        var result = new EvaluationResult(outcome, points ?? new OperatingPointChoice(null, null, null));
        DatasetOptions.PrintRemarks(terminal, outcome.Dataset);
        result.Print(terminal);
        return result;
    }
}
