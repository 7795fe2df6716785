using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Runs;

namespace SignalCam.Sdk.Training;

/// <summary>Trains a classifier: from any registered dataset and task to a model file.</summary>
/// <remarks>
/// One training at a time: torch's random generator is one for the whole process. Loading a model draws from it too, so a training repeats
/// bit for bit only where no model is loaded meanwhile.
/// </remarks>
public interface ITrainingService
{
    /// <summary>
    /// Reads, labels and preprocesses the recordings, trains, and writes the best epoch's model and a run folder with the rest.
    /// </summary>
    /// <param name="request">A training: model, dataset, task and options.</param>
    /// <param name="progress">Receives each recording read, each step and each epoch, on any thread.</param>
    /// <param name="cancellationToken">
    /// While reading: ends with <see cref="OperationCanceledException"/>. While training: ends after the current step, with the files
    /// written.
    /// </param>
    /// <exception cref="PluginException">A plug-in that the request names is not there, or its options do not fit.</exception>
    /// <exception cref="EcgFormatException">A recording is missing or corrupt and is not to be skipped.</exception>
    /// <exception cref="DatasetSplitException">A part of the split is empty, or a patient is in two.</exception>
    /// <exception cref="ModelFormatException">The model to start from cannot be read.</exception>
    /// <exception cref="TrainingException">
    /// The loss became infinite or not a number; the model to start from has another architecture, preprocessing or input; or the run
    /// folder holds a training that has not ended and is not to be resumed.
    /// </exception>
    /// <exception cref="ResumeException">The checkpoint to resume from has other options, data or threads.</exception>
    /// <exception cref="IOException">The files cannot be written, or the disk has too little space.</exception>
    Task<TrainingOutcome> TrainAsync(
        TrainingRequest request, IProgress<TrainingServiceProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>A training: model, dataset, task and options.</summary>
public sealed class TrainingRequest
{
    /// <summary>The model file to write: the best epoch.</summary>
    public required string ModelPath { get; init; }

    /// <summary>
    /// Where checkpoint, figures and description go (<see cref="Torch.Training.Runs.RunFolder"/>). Default: beside the model file,
    /// "super.run" for "super.safetensors".
    /// </summary>
    public string? RunFolder { get; init; }

    /// <summary>Continues from the run folder's checkpoint as if nothing had happened; see <see cref="FromRun"/>. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>The command that requested the training, word by word, for run.json. Default null.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>The dataset and its options, such as the folder of "ptb-xl".</summary>
    public required ComponentSpec Dataset { get; init; }

    /// <summary>The task and its options. Default "normal-abnormal".</summary>
    public ComponentSpec Task { get; init; } = new(PtbXlTasks.NormalAbnormal);

    /// <summary>
    /// Architecture, head, preprocessing, augmentation, epochs, seed, device and the rest. Default the preset `recommended`; a device
    /// "auto" is the host's (<see cref="SignalCamOptions.Device"/>).
    /// </summary>
    public TrainingOptions Options { get; init; } = TrainingPresets.Recommended();

    /// <summary>
    /// The layout that recordings are brought to. Default null: that of the model in <see cref="TrainingOptions.From"/>; without one, 100
    /// Hz,
    /// the twelve standard leads and 10 seconds for dataset "folder", and recordings as they are for others.
    /// </summary>
    public TrainingInput? Input { get; init; }

    /// <summary>Folds to learn from. Default 1 to 8, PTB-XL's own.</summary>
    public FoldSet TrainFolds { get; init; } = DatasetSplit.OfficialTrainFolds;

    /// <summary>Folds to choose the best epoch on. Default 9.</summary>
    public FoldSet ValidFolds { get; init; } = DatasetSplit.OfficialValidationFolds;

    /// <summary>How a bad recording is handled, and how many are read at once. Default: the first bad one ends the training.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();

    /// <summary>Whether recordings that a check finds unusable are left out, and counted with the bad ones. Default false.</summary>
    public bool ExcludeUnusable { get; init; }

    /// <summary>The request that a run folder was made with, to continue where it stands.</summary>
    /// <param name="folder">The run folder.</param>
    /// <exception cref="ModelFormatException">The folder holds no run, or one that was not started by a training service.</exception>
    public static TrainingRequest FromRun(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return SavedRequest.Read(folder);
    }
}

/// <summary>The result of a training.</summary>
/// <param name="ModelPath">The model file with the best epoch.</param>
/// <param name="LastPath">The latest checkpoint in the run folder, which is a model file too.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Task">The task.</param>
/// <param name="Train">What was learned from.</param>
/// <param name="Validation">What the best epoch was chosen on.</param>
/// <param name="Result">The epochs.</param>
public sealed record TrainingOutcome(
    string ModelPath, string LastPath, IEcgDataset Dataset, IEcgTask Task, RecordingCounts Train,
    RecordingCounts Validation, TrainingResult Result)
{
    /// <summary>Whether the head of the model that was started from was kept; null without such a model, and on a resume.</summary>
    public bool? HeadKept { get; init; }

    /// <summary>The run folder.</summary>
    public string RunFolder => Path.GetDirectoryName(LastPath)!;
}

/// <summary>The number of recordings used, and why the others were not.</summary>
/// <param name="Used">Recordings used.</param>
/// <param name="WithoutLabel">Recordings left out because they have no label for the task.</param>
/// <param name="Skipped">Recordings left out because they are missing or corrupt.</param>
public sealed record RecordingCounts(int Used, int WithoutLabel, IReadOnlyList<SkippedRecording> Skipped);

/// <summary>The progress of a training.</summary>
/// <param name="Phase">What is continuing.</param>
/// <param name="Done">Recordings read, or steps done of all epochs.</param>
/// <param name="Total">Recordings to read, or steps of all epochs.</param>
/// <param name="Training">Epoch, step and loss while training; otherwise null.</param>
public sealed record TrainingServiceProgress(TrainingPhase Phase, int Done, int Total, TrainingProgress? Training = null);

/// <summary>The parts of a training.</summary>
public enum TrainingPhase
{
    /// <summary>The recordings to learn from are read.</summary>
    ReadingTraining,

    /// <summary>The recordings to choose the best epoch on are read.</summary>
    ReadingValidation,

    /// <summary>Training the network.</summary>
    Training,
}
