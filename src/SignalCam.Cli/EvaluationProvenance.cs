using SignalCam.Core.Labels;
using SignalCam.Sdk.Evaluation;

namespace SignalCam.Cli;

/// <summary>Description of an evaluation in words: recordings, labels, dropped recordings, patients.</summary>
internal static class EvaluationProvenance
{
    public static IEnumerable<(string Name, string Text)> Of(EvaluationOutcome outcome)
    {
        var (labels, heldOut) = (outcome.Labels, outcome.HeldOut);
        yield return ("recordings", $"{Format.Count(outcome.Recordings.Used)}{Terminal.Skipped(outcome.Recordings.Skipped)}, "
            + $"{Format.Count(outcome.Recordings.WithoutLabel)} without a label for task {outcome.Task.Name}");
        yield return ("label policy", outcome.LabelPolicy is { Count: > 0 } options
            ? string.Join(", ", options.Select(o => $"{o.Key} {o.Value?.ToJsonString() ?? "null"}"))
            : "none stated");
        yield return ("labels", $"{string.Join(", ", labels.Classes.Select(c => $"{c.Key} {Format.Count(c.Value)}"))}; "
            + $"{Format.Count(labels.NoClass)} with none, {Format.Count(labels.SeveralClasses)} with several");
        yield return ("dropped", labels.Dropped.Count == 0
            ? "none"
            : string.Join(", ", labels.Dropped.Select(d => $"{Format.Count(d.Value)} {Reason(d.Key)}")));
        yield return ("patients", heldOut switch
        {
            { Patients: 0 } => "not stated; unknown whether any is in the training folds",
            { SharedPatients: 0 } => $"none of {Format.Count(heldOut.Patients)} is in training folds {heldOut.TrainFolds}",
            { SharedPatients: { } shared } =>
                $"{Format.Count(shared)} of {Format.Count(heldOut.Patients)} are in training folds {heldOut.TrainFolds}",
            _ => $"{Format.Count(heldOut.Patients)}; unknown whether any is in the training folds",
        });
    }

    private static string Reason(LabelOutcome outcome) => outcome switch
    {
        LabelOutcome.NoStatement => "without a statement of the task",
        LabelOutcome.TooUnlikely => "whose statements of the task are too unlikely",
        LabelOutcome.NormalWithOther => "normal together with another class",
        _ => outcome.ToString(),
    };
}
