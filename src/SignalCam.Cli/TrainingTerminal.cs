using SignalCam.Sdk.Training;
using SignalCam.Torch.Training;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>A training with its progress on the terminal.</summary>
internal static class TrainingTerminal
{
    public static async Task<TrainingOutcome> RunAsync(
        ITrainingService service, TrainingRequest request, IAnsiConsole terminal, CancellationToken cancellationToken)
    {
        var outcome = await Terminal.Progress(terminal, "reading", bar =>
            service.TrainAsync(request,
                new DirectProgress<TrainingServiceProgress>(progress => Show(progress, bar, terminal)), cancellationToken));
        Print(terminal, "training", outcome.Train, outcome.Task.Name);
        Print(terminal, "validation", outcome.Validation, outcome.Task.Name);
        if (outcome.Result.Best is { } best)
            terminal.Line($"best epoch {best.Epoch}: accuracy {Format.Number(best.ValidAccuracy)}, ",
                $"ROC-AUC {Format.Number(best.ValidRocAuc)}; written to {outcome.ModelPath}");
        else
            terminal.Line($"stopped before the first epoch ended; weights written to {outcome.ModelPath}");
        terminal.Line($"ended: {outcome.Result.Reason}");
        if (outcome.Result.Cancelled)
            terminal.Line($"go on with: train --resume {outcome.RunFolder}");
        return outcome;
    }

    private static void Print(IAnsiConsole terminal, string what, RecordingCounts counts, string task) => terminal.Line(
        $"{Format.Count(counts.Used)} {what} recordings{Terminal.Skipped(counts.Skipped)}, {Format.Count(counts.WithoutLabel)} without a ",
        $"label for task {task}");

    private static void Show(TrainingServiceProgress progress, Terminal.Bar bar, IAnsiConsole terminal)
    {
        var what = progress switch
        {
            { Training: { } t } => $"epoch {t.Epoch}/{t.Epochs}, loss {Format.Number(t.Loss)}",
            { Phase: TrainingPhase.ReadingTraining } => "reading training recordings",
            _ => "reading validation recordings",
        };
        bar.Show(progress.Done, progress.Total, what);
        if (progress.Training?.Finished is { } done)
            terminal.Line($"epoch {done.Epoch,3}  loss {Format.Number(done.TrainLoss)}  validation: loss {Format.Number(done.ValidLoss)}  ",
                $"accuracy {Format.Number(done.ValidAccuracy)}  ROC-AUC {Format.Number(done.ValidRocAuc)}  ",
                $"{Format.Number(done.Seconds, 1)} s{(done.IsBest ? "  best so far" : "")}");
    }
}
