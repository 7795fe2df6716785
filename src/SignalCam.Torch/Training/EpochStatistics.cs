namespace SignalCam.Torch.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">1 for the first.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="TrainLoss">Mean loss over the training recordings as they were seen (augmented, while learning).</param>
/// <param name="TrainAccuracy">Accuracy over the same.</param>
/// <param name="ValidLoss">Mean loss over the validation recordings.</param>
/// <param name="ValidAccuracy">Accuracy over the validation recordings (the mean over batches where validation is as published).</param>
/// <param name="ValidRocAuc">ROC-AUC over the validation recordings, the mean over classes where there are several; null where it is not
/// defined.</param>
/// <param name="Seconds">How long the epoch took, validation included.</param>
/// <param name="IsBest">Whether it is the best so far by the chosen figure.</param>
public sealed record EpochStatistics(
    int Epoch,
    double LearningRate,
    double TrainLoss,
    double TrainAccuracy,
    double ValidLoss,
    double ValidAccuracy,
    double? ValidRocAuc,
    double Seconds,
    bool IsBest);

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="Loss">Loss of the latest step.</param>
/// <param name="Finished">The statistics of the epoch when it has just ended, else null.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Step, int Steps, double Loss, EpochStatistics? Finished);
