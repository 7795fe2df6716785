using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Sdk.Evaluation;
using SignalCam.Torch.Evaluation;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`evaluate`: how well a model does on folds of a dataset.</summary>
internal static class EvaluateCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (data, model, device, skipBad, report, json) =
            (CommonOptions.Data(), new ModelOption(), CommonOptions.Device(), CommonOptions.SkipBad(), CommonOptions.Report(), CommonOptions.Json());
        var folds = new Option<string>("--folds") { Description = "Folds to evaluate on, such as 9 or 1-8", Required = true };
        var command = new Command("evaluate", "Confusion, accuracy, precision, recall, F1, ROC-AUC, average precision and Brier score, overall and by class")
        {
            data, model.Model, model.Task, folds, device, skipBad, report, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var chosen = model.Of(parsed);
            var request = new EvaluationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Dataset = DatasetAccess.Spec(parsed.GetRequiredValue(data)),
                Folds = DatasetAccess.Folds(folds.Name, parsed.GetRequiredValue(folds)),
                Device = parsed.GetRequiredValue(device),
                Reading = DatasetAccess.Reading(parsed.GetValue(skipBad)),
            };
            var terminal = output.Terminal(parsed.GetValue(json));
            var result = await RunAsync(services.GetRequiredService<IEvaluationService>(), request, terminal, cancellationToken);
            output.Write(parsed.GetValue(json), result.Figures);
            if (parsed.GetValue(report) is { } path)
                CommandOutput.WriteFile(path, EvaluationReport.Document($"{chosen} on fold {request.Folds} of {parsed.GetValue(data)}", result));
            return SignalCamTool.Ok;
        });
        return command;
    }

    /// <summary>Scores, compares and prints.</summary>
    public static async Task<EvaluationResult> RunAsync(IEvaluationService service, EvaluationRequest request, IAnsiConsole terminal, CancellationToken cancellationToken)
    {
        var outcome = await Terminal.Progress(terminal, "scoring", bar =>
            service.EvaluateAsync(request, new DirectProgress<EvaluationProgress>(p => bar.Show(p.Done, p.Total)), cancellationToken));
        terminal.MarkupLineInterpolated($"{Format.Count(outcome.Recordings.Used)} recordings{Terminal.Skipped(outcome.Recordings.Skipped)}, {Format.Count(outcome.Recordings.WithoutLabel)} without a label for task {outcome.Task.Name}");
        var predictions = outcome.Evaluation.Predictions;
        var againstEach = outcome.Task.Name == PtbXlTasks.NormalAbnormal && outcome.Dataset is PtbXlDataset dataset
            ? NormalAgainstClass.Evaluate<float>(predictions.Entries, predictions.Probabilities, dataset.Statements)
            : null;
        var result = new EvaluationResult(outcome.Task, outcome.Evaluation, againstEach);
        result.Print(terminal);
        return result;
    }
}

/// <summary>An evaluation in the forms it is shown in: a table, JSON, a report.</summary>
internal sealed record EvaluationResult(IEcgTask Task, ModelEvaluation Evaluation, IReadOnlyDictionary<string, BinaryMetrics>? NormalAgainstEach)
{
    /// <summary>Binary figures by name: overall and by class. For normal-abnormal "by class" is normal against all that carry the class.</summary>
    public IReadOnlyDictionary<string, BinaryMetrics> ByClass =>
        NormalAgainstEach ?? Evaluation.Multilabel?.ByClass ?? new Dictionary<string, BinaryMetrics>();

    /// <summary>What `--json` writes.</summary>
    public object Figures => Evaluation switch
    {
        { Binary: { } binary } => new
        {
            n = binary.N,
            tn = binary.TrueNegatives,
            fp = binary.FalsePositives,
            fn = binary.FalseNegatives,
            tp = binary.TruePositives,
            accuracy = binary.Accuracy,
            precision = binary.Precision,
            recall = binary.Recall,
            f1 = binary.F1,
            roc_auc = binary.RocAuc,
            average_precision = binary.AveragePrecision,
            brier = binary.Brier,
            by_class = ByClass,
        },
        { Multilabel: { } multilabel } => multilabel,
        _ => Evaluation.Multiclass!,
    };

    public void Print(IAnsiConsole terminal)
    {
        var table = new Table().AddColumns("", "n", "TN", "FP", "FN", "TP", "accuracy", "precision", "recall", "F1", "ROC-AUC", "avg. precision", "Brier");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        if (Evaluation.Binary is { } overall)
            Row(Task.Classes[0], overall);
        foreach (var (name, figures) in ByClass)
            Row(NormalAgainstEach is null ? name : $"normal against {name}", figures);
        terminal.Write(table);
        if (Evaluation.Multilabel is { } several)
            terminal.MarkupLineInterpolated($"macro ROC-AUC {Format.Number(several.MacroRocAuc)}, macro average precision {Format.Number(several.MacroAveragePrecision)}, macro F1 {Format.Number(several.MacroF1)}");

        void Row(string name, BinaryMetrics m) => table.AddRow(
            name, Format.Count(m.N), Format.Count(m.TrueNegatives), Format.Count(m.FalsePositives), Format.Count(m.FalseNegatives), Format.Count(m.TruePositives),
            Format.Number(m.Accuracy), Format.Number(m.Precision), Format.Number(m.Recall), Format.Number(m.F1),
            Format.Number(m.RocAuc, 5), Format.Number(m.AveragePrecision, 5), Format.Number(m.Brier));
    }
}
