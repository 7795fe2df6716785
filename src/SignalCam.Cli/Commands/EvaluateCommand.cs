using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Torch;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Networks;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`evaluate`: how well a model does on folds of a dataset.</summary>
internal static class EvaluateCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (data, model, device, skipBad, report, json) =
            (CommonOptions.Data(), CommonOptions.Model(), CommonOptions.Device(), CommonOptions.SkipBad(), CommonOptions.Report(), CommonOptions.Json());
        var folds = new Option<string>("--folds") { Description = "Folds to evaluate on, such as 9 or 1-8", Required = true };
        var command = new Command("evaluate", "Confusion, accuracy, precision, recall, F1, ROC-AUC, average precision and Brier score, overall and by class")
        {
            data, model, folds, device, skipBad, report, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var loaded = EcgModel.Load(parsed.GetRequiredValue(model), services.GetRequiredService<SignalCamComponents>(), parsed.GetRequiredValue(device));
            var dataset = DatasetAccess.Open(parsed.GetRequiredValue(data), loaded.Manifest.SamplingRate);
            var chosen = DatasetAccess.Folds(folds.Name, parsed.GetRequiredValue(folds));
            var terminal = output.Terminal(parsed.GetValue(json));
            var result = await RunAsync(loaded, dataset, chosen.Select(dataset.Entries), parsed.GetValue(skipBad), terminal, cancellationToken);
            result.Print(terminal);
            output.Write(parsed.GetValue(json), result.Figures);
            if (parsed.GetValue(report) is { } path)
                CommandOutput.WriteFile(path, EvaluationReport.Document($"{parsed.GetValue(model)} on fold {chosen} of {dataset.Folder}", result));
            return SignalCamTool.Ok;
        });
        return command;
    }

    /// <summary>Scores the entries that have a label and compares.</summary>
    public static async Task<EvaluationResult> RunAsync(
        EcgModel model, PtbXlDataset dataset, IReadOnlyList<EcgEntry> entries, bool skipBad, IAnsiConsole terminal, CancellationToken cancellationToken)
    {
        var task = DatasetAccess.TaskOf(model.Manifest, dataset);
        var labelled = DatasetAccess.Labelled(task, entries);
        var predictions = await Terminal.Progress(terminal, "scoring", labelled.Count, bar =>
            Predictions.ComputeAsync(model, dataset, labelled, DatasetAccess.Reading(skipBad), new DirectProgress<int>(done => bar.Show(done)), cancellationToken));
        terminal.MarkupLineInterpolated($"{Format.Count(predictions.Entries.Count)} recordings{Terminal.Skipped(predictions.Skipped)}, {Format.Count(entries.Count - labelled.Count)} without a label for task {task.Name}");
        var evaluation = ModelEvaluation.Of(predictions, task);
        var againstEach = task.Name == PtbXlTasks.NormalAbnormal
            ? NormalAgainstClass.Evaluate<float>(predictions.Entries, predictions.Probabilities, dataset.Statements)
            : null;
        return new EvaluationResult(task, evaluation, againstEach);
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
