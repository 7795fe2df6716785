using System.Globalization;
using System.Text;
using SignalCam.Core.Models;

namespace SignalCam.Torch.Training.Runs;

/// <summary>
/// Figures of a run by epoch, as a table. It is rewritten each time, so that it agrees with the checkpoint after a resume.
/// </summary>
internal static class RunFiles
{
    public static void WriteMetrics(RunFolder run, IReadOnlyList<EpochStatistics> epochs)
    {
        var text = new StringBuilder(
            "epoch,learning_rate,train_loss,train_accuracy,valid_loss,valid_accuracy,valid_roc_auc,seconds,is_best\n");
        foreach (var e in epochs)
            text.Append(CultureInfo.InvariantCulture,
                $"{e.Epoch},{e.LearningRate:R},{e.TrainLoss:R},{e.TrainAccuracy:R},{e.ValidLoss:R},{e.ValidAccuracy:R},{e.ValidRocAuc:R},")
                .Append(CultureInfo.InvariantCulture, $"{e.Seconds:F3},{(e.IsBest ? 1 : 0)}\n");
        WholeFile.WriteText(run.MetricsPath, text.ToString());
    }
}
