using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Cli.Commands;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Sdk.Evaluation;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>An evaluation in the forms it is shown in: a table, JSON, a report.</summary>
internal sealed class EvaluationResult
{
    /// <summary>More curves than this fill pages.</summary>
    public const int MostCurves = 8;

    // Those of the table, some under other names; what a plug-in computes is told besides.
    private static readonly PluginRegistry<IEcgMetric> s_builtInMetrics = BuiltInMetrics.Register(new PluginRegistry<IEcgMetric>("metric"));

    private IReadOnlyList<Subgroup>? _subgroups;
    private IReadOnlyList<WorstError>? _worstErrors;
    private IReadOnlyList<CurveBands>? _curves;

    public EvaluationResult(EvaluationOutcome outcome, OperatingPointChoice points)
    {
        Outcome = outcome;
        Points = OperatingPointTable.Of(outcome.Evaluation.Scores, points);
        var challenge = points.Challenge ?? ChallengeScore.Official;
        if (challenge.Compute(outcome.Evaluation.Scores) is { } score)
            Challenge = (score, challenge.CountAmong(outcome.Task.Classes), challenge.Diagnoses);
        if (outcome.Task.Name == PtbXlTasks.NormalAbnormal && outcome.Dataset is IStatementDataset dataset)
            NormalAgainstEach = AgainstEach(outcome.Evaluation, dataset.Statements, outcome.Figures.Resamples);
    }

    public EvaluationOutcome Outcome { get; }

    /// <summary>Sensitivity, specificity and predictive values that were asked for; else null.</summary>
    public OperatingPointTable? Points { get; }

    /// <summary>The score of the PhysioNet Challenge 2021, and how many of its diagnoses are among the classes; null where too few
    /// are.</summary>
    public (double Score, int Among, int Diagnoses)? Challenge { get; }

    public IEcgTask Task => Outcome.Task;

    public ModelEvaluation Evaluation => Outcome.Evaluation;

    /// <summary>For normal-abnormal: normal recordings against all that carry a class, by class; else null.</summary>
    public IReadOnlyDictionary<string, ClassEvaluation>? NormalAgainstEach { get; }

    /// <summary>Figures by class. For normal-abnormal "by class" is normal against all that carry the class.</summary>
    public IReadOnlyDictionary<string, ClassEvaluation> ByClass =>
        NormalAgainstEach ?? (Task.Kind == TaskKind.Binary ? new Dictionary<string, ClassEvaluation>() : Outcome.Figures.ByClass);

    /// <summary>Figures by sex, age band and device; computed when first asked for.</summary>
    public IReadOnlyList<Subgroup> Subgroups => _subgroups ??= Subgroup.Of(Outcome);

    /// <summary>The surest mistakes.</summary>
    public IReadOnlyList<WorstError> WorstErrors => _worstErrors ??= WorstError.Of(Outcome.Evaluation);

    /// <summary>Curves with bands of the first <see cref="MostCurves"/> classes, in their order; computed when first asked for.</summary>
    public IReadOnlyList<CurveBands> Curves =>
        _curves ??= [.. Enumerable.Range(0, Math.Min(Task.Classes.Count, MostCurves))
            .Select(c => CurveBands.Compute(Evaluation.Scores, c, Outcome.Figures.Resamples))];

    /// <summary>What `--json` writes.</summary>
    /// <param name="withCurves">Whether to add the curves, some ten thousand numbers: where a report that shows them is asked for.</param>
    public JsonObject ToJson(bool withCurves)
    {
        var json = Figures;
        json["thresholds"] = new JsonObject(Outcome.Figures.ByClass.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)new JsonObject
        {
            ["threshold"] = c.Value.Threshold,
            [FigureNames.Recall] = c.Value.Figures[FigureNames.Recall].Value,
            [FigureNames.Specificity] = c.Value.Figures[FigureNames.Specificity].Value,
            [FigureNames.Precision] = c.Value.Figures[FigureNames.Precision].Value,
        })));
        if (Points is not null)
            json["operating_points"] = Points.ToJson();
        if (Challenge is var (score, among, diagnoses))
            json["challenge_2021"] = new JsonObject { ["score"] = score, ["diagnoses_among_classes"] = among, ["diagnoses"] = diagnoses };
        json["subgroups"] = new JsonObject(Subgroups.GroupBy(s => s.By)
            .Select(by => KeyValuePair.Create(by.Key, (JsonNode?)new JsonArray([.. by.Select(s => (JsonNode)s.ToJson())]))));
        json["worst_errors"] = new JsonArray([.. WorstErrors.Select(e => (JsonNode)e.ToJson())]);
        if (withCurves)
            json["curves"] = new JsonObject(
                Curves.Select((curve, c) => KeyValuePair.Create(Task.Classes[c], JsonSerializer.SerializeToNode(curve))));
        return json;
    }

    /// <summary>The figures, the labels and the check of patients, as one object.</summary>
    public JsonObject Figures
    {
        get
        {
            var (json, labels, heldOut) = (Outcome.Figures.ToJson(), Outcome.Labels, Outcome.HeldOut);
            if (Task.Kind == TaskKind.Binary)
                json["by_class"] = new JsonObject(
                    ByClass.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value.ToJson(Outcome.Figures.Resamples > 0))));
            json["labels"] = new JsonObject
            {
                ["task"] = Task.Name,
                ["policy"] = Outcome.LabelPolicy?.DeepClone(),
                ["total"] = labels.Total,
                ["labelled"] = labels.Labelled,
                ["no_class"] = labels.NoClass,
                ["several_classes"] = labels.SeveralClasses,
                ["classes"] = JsonSerializer.SerializeToNode(labels.Classes),
                ["dropped"] = new JsonObject(labels.Dropped.Select(
                    d => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(d.Key.ToString()), (JsonNode?)d.Value))),
                ["unreadable"] = Outcome.Recordings.Skipped.Count,
            };
            json["held_out"] = new JsonObject
            {
                ["train_folds"] = heldOut.TrainFolds?.ToString(),
                ["patients"] = heldOut.Patients,
                ["without_patient"] = heldOut.WithoutPatient,
                ["shared_patients"] = heldOut.SharedPatients,
                ["remarks"] = new JsonArray([.. heldOut.Remarks.Select(r => (JsonNode)r)]),
            };
            json["metrics"] = new JsonObject(Outcome.Metrics.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
            if (Outcome.Flagged is { } flagged)
                json["quality"] = new JsonObject
                {
                    ["unusable"] = flagged.Unusable,
                    ["warned"] = flagged.Warned,
                    ["findings"] = JsonSerializer.SerializeToNode(flagged.Codes),
                    ["without_unusable"] = flagged.WithoutUnusable?.ToJson(),
                    ["without_flagged"] = flagged.WithoutFlagged?.ToJson(),
                };
            if (Outcome.Comparison is { } comparison)
                json["comparison"] = comparison.ToJson();
            return json;
        }
    }

    public void Print(IAnsiConsole terminal)
    {
        foreach (var (name, text) in EvaluationProvenance.Of(Outcome))
            terminal.Line($"{name}: {text}");
        foreach (var remark in Outcome.HeldOut.Remarks)
            terminal.Line($"[yellow]note: {remark}[/]");
        string[] shown =
        [
            FigureNames.Accuracy, FigureNames.Precision, FigureNames.Recall, FigureNames.F1, FigureNames.RocAuc,
            FigureNames.AveragePrecision, FigureNames.Brier, FigureNames.Ece,
        ];
        var table = new Table().AddColumns(
            "", "n", "TN", "FP", "FN", "TP", "accuracy", "precision", "recall", "F1", "ROC-AUC", "avg. precision", "Brier", "calib. error");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        if (Task.Kind == TaskKind.Binary)
            Row(Task.Classes[0], Outcome.Figures.ByClass[Task.Classes[0]]);
        foreach (var (name, figures) in ByClass)
            Row(NormalAgainstEach is null ? name : $"normal against {name}", figures);
        terminal.Write(table);
        if (Task.Kind != TaskKind.Binary)
            terminal.Line($"macro ROC-AUC {Format.Figure(Outcome.Figures.Overall[FigureNames.MacroRocAuc])}, macro average precision ",
                $"{Format.Figure(Outcome.Figures.Overall[FigureNames.MacroAveragePrecision])}, macro F1 ",
                $"{Format.Figure(Outcome.Figures.Overall[FigureNames.MacroF1])}");
        PrintPoints(terminal);
        if (Outcome.Figures.Resamples > 0)
            terminal.Line($"below each figure its 95 % interval: {Format.Count(Outcome.Figures.Resamples)} resamples of ",
                $"{Format.Count(Outcome.Figures.Patients)} patients");
        foreach (var (name, value) in Outcome.Metrics.Where(m => !s_builtInMetrics.Contains(m.Key)))
            terminal.Line($"{name}: {(value is { } figure ? Format.Number(figure, 5) : "-")}");
        PrintFlagged(terminal);
        PrintComparison(terminal);

        void Row(string name, ClassEvaluation m) => table.Row([
            name, Format.Count(m.N), Format.Count(m.TrueNegatives), Format.Count(m.FalsePositives), Format.Count(m.FalseNegatives),
            Format.Count(m.TruePositives),
            .. shown.Select(
                figure => Format.Figure(m.Figures[figure], figure is FigureNames.RocAuc or FigureNames.AveragePrecision ? 5 : 4, '\n'))]);
    }

    /// <summary>The challenge's score in words; null where there is none.</summary>
    public string? ChallengeText => Challenge is var (score, among, diagnoses)
        ? $"PhysioNet Challenge 2021 score {Format.Number(score)}, of {among} of its {diagnoses} "
            + $"diagnoses{(among < diagnoses ? "; published scores are of all" : "")}"
        : null;

    private void PrintPoints(IAnsiConsole terminal)
    {
        if (Points is not null)
        {
            var table = new Table().AddColumns([.. OperatingPointTable.Headings]);
            foreach (var row in Points.Cells())
                table.Row([.. row]);
            terminal.Write(table);
            if (Points.Rows.Any(row => row.Threshold.StartsWith("for", StringComparison.Ordinal)))
                terminal.Line($"[yellow]note: thresholds for a sensitivity were chosen on these very recordings; on others the ",
                    $"sensitivity will differ[/]");
        }
        if (ChallengeText is { } text)
            terminal.Line($"{text}");
    }

    private void PrintFlagged(IAnsiConsole terminal)
    {
        if (Outcome.Flagged is not { } flagged)
            return;
        var (name, kind) = Task.Kind == TaskKind.Binary ? (FigureNames.RocAuc, "ROC-AUC") : (FigureNames.MacroRocAuc, "macro ROC-AUC");
        terminal.Line($"checks: {Format.Count(flagged.Unusable)} unusable, {Format.Count(flagged.Warned)} with a warning");
        Print("with all", Outcome.Figures);
        Print("without the unusable", flagged.WithoutUnusable);
        Print("without the unusable and those with a warning", flagged.WithoutFlagged);

        void Print(string which, EvaluationFigures? figures)
        {
            if (figures is null)
                return;
            var values = Task.Kind == TaskKind.Binary ? figures.ByClass[Task.Classes[0]].Figures : figures.Overall;
            terminal.Line($"  {kind} {which}: {Format.Figure(values[name], 5)}");
        }
    }

    private void PrintComparison(IAnsiConsole terminal)
    {
        if (Outcome.Comparison is not { } comparison)
            return;
        terminal.Line($"{(Task.Kind == TaskKind.Binary ? "ROC-AUC" : "macro ROC-AUC")} less that of the other model: ",
            $"{Format.Figure(comparison.Difference)}");
        foreach (var (name, one) in comparison.ByClass)
            if (one.DeLong is { } test)
                terminal.Line($"  {name}: {Format.Number(test.First, 5)} against {Format.Number(test.Second, 5)}, difference ",
                    $"{Format.Figure(one.Difference)}; ",
                    $"{(test.P is { } p ? FormattableString.Invariant($"DeLong z {test.Z:F2}, p {p:G3}") : "both rank alike")}");
    }

    private static OrderedDictionary<string, ClassEvaluation> AgainstEach(
        ModelEvaluation evaluation, PtbXlStatementTable statements, int resamples)
    {
        var (scores, result) = (evaluation.Scores, new OrderedDictionary<string, ClassEvaluation>());
        foreach (var (name, chosen) in NormalAgainstClass.Select(evaluation.Predictions.Entries, statements))
        {
            var against = new ScoredRecordings(
                TaskKind.Binary, [name], [.. chosen.Select(c => c.IsPositive ? 1f : 0)],
                [.. chosen.Select(c => scores.Probabilities[c.Recording])], scores.Thresholds,
                [.. chosen.Select(c => scores.Patients[c.Recording])]);
            result.Add(name, EvaluationFigures.Compute(against, resamples).ByClass[name]);
        }
        return result;
    }
}
