using SignalCam.Core.Models;

namespace SignalCam.Torch.Training;

/// <summary>The result of a training.</summary>
/// <param name="Epochs">The statistics of each finished epoch, including those before a resume.</param>
/// <param name="Best">The epoch with the best figure; null if none was finished.</param>
/// <param name="BestState">The weights of that epoch; those at the stop if none was finished.</param>
/// <param name="LastState">The weights at the end, or at the stop.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Reason">The same in words, with the figures: "no ROC-AUC above 0.9412 (epoch 12) for 8 epochs".</param>
public sealed record TrainingResult(
    IReadOnlyList<EpochStatistics> Epochs,
    EpochStatistics? Best,
    IReadOnlyList<NamedTensor> BestState,
    IReadOnlyList<NamedTensor> LastState,
    TrainingEnd End,
    string Reason)
{
    /// <summary>Whether it was cancelled before its end; it can be resumed.</summary>
    public bool Cancelled => End == TrainingEnd.Cancelled;
}

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The selection figure has not improved for <see cref="TrainingOptions.Patience"/> epochs.</summary>
    EarlyStopped,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
