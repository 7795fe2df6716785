using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Architectures;

namespace SignalCam.Torch.Training;

/// <summary>
/// How a network is trained. New options are the preset `recommended`, as <see cref="TrainingPresets.Recommended"/> returns it.
/// </summary>
public sealed class TrainingOptions
{
    /// <summary>The preset these options started from; written into the model file. Default "recommended".</summary>
    [Required]
    public string Preset { get; set; } = TrainingPresets.RecommendedName;

    /// <summary>The architecture and its options. Default the published CNN.</summary>
    [Required]
    public ComponentSpec Architecture { get; set; } = new(SignalCnnArchitecture.ArchitectureName);

    /// <summary>The head; null for the one that fits the task: binary, multiclass or multilabel. Default null.</summary>
    public ComponentSpec? Head { get; set; }

    /// <summary>
    /// What is done to every recording, in order; stored in the model file. Default as docs/presets.md says for `recommended`.
    /// </summary>
    [Required]
    public IReadOnlyList<ComponentSpec> Preprocessing { get; set; } = PreprocessingPresets.Recommended;

    /// <summary>
    /// What is done to training recordings only, in order; empty for nothing. Default as docs/presets.md says for `recommended`.
    /// </summary>
    [Required]
    public IReadOnlyList<ComponentSpec> Augmentation { get; set; } = AugmentationPresets.Recommended;

    /// <summary>Passes over the training recordings. Default 20.</summary>
    [Range(1, 100_000)]
    public int Epochs { get; set; } = 20;

    /// <summary>Recordings per step. Default 128.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; set; } = 128;

    /// <summary>Seed of the weights, the order of recordings and the augmentation. Default 1.</summary>
    public long Seed { get; set; } = 1;

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default "auto".</summary>
    [Required]
    public string Device { get; set; } = "auto";

    /// <summary>Whether a CUDA device that is not there becomes the CPU instead of an error. Default false.</summary>
    public bool AllowDeviceFallback { get; set; }

    /// <summary>Threads that load and augment beside the one that steps; the result does not depend on it. Default 1.</summary>
    [Range(1, 64)]
    public int LoaderThreads { get; set; } = 1;

    /// <summary>
    /// Threads of torch's own on the CPU; 0 for as many as there are processors. Default 0. Sums are split over threads, so the last bits
    /// of the result depend on it.
    /// </summary>
    [Range(0, 256)]
    public int TorchThreads { get; set; }

    /// <summary>
    /// The type that the backbone computes in while it learns. Weights, batch-norm statistics, head, loss, optimizer and validation are in
    /// Float32 in any case. Default <see cref="TrainingPrecision.Float32"/>.
    /// </summary>
    public TrainingPrecision Precision { get; set; }

    /// <summary>
    /// Ends the training when the figure of <see cref="Selection"/> has not become better for so many epochs; null to train all epochs.
    /// Default null.
    /// </summary>
    [Range(1, 100_000)]
    public int? Patience { get; set; }

    /// <summary>
    /// Seconds between two checkpoints within an epoch, 0 for one after each step: how much work a crash may cost. One is written at the
    /// end of each epoch and on cancellation in any case. The result does not depend on it. Default 60.
    /// </summary>
    [Range(0.0, 86_400.0)]
    public double CheckpointSeconds { get; set; } = 60;

    /// <summary>Which optimizer. Default <see cref="OptimizerKind.AdamW"/>.</summary>
    public OptimizerKind Optimizer { get; set; } = OptimizerKind.AdamW;

    /// <summary>The learning rate, or the highest one of a schedule. Default 5e-3.</summary>
    [Range(1e-12, 100.0)]
    public double LearningRate { get; set; } = 5e-3;

    /// <summary>Weight decay of the optimizer. Default 1e-2.</summary>
    [Range(0.0, 10.0)]
    public double WeightDecay { get; set; } = 1e-2;

    /// <summary>How the learning rate changes. Default <see cref="LearningRateSchedule.OneCycle"/>.</summary>
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.OneCycle;

    /// <summary>
    /// Decay of the moving average of the weights over the steps; it is the average that is validated and kept; 0 for no average.
    /// Default 0.999.
    /// </summary>
    [Range(0.0, 0.999999)]
    public double AverageDecay { get; set; } = 0.999;

    /// <summary>
    /// Samples of a training recording that are seen at a time, a window at a random place in each epoch. Default 0: the whole recording.
    /// </summary>
    [Range(0, 10_000_000)]
    public int Crop { get; set; }

    /// <summary>Alpha of mixup: how evenly two recordings and their targets are blended. Default 0: they are not.</summary>
    [Range(0.0, 1.0)]
    public double Mixup { get; set; }

    /// <summary>
    /// Model files of networks to learn from besides the labels (distillation); their mean probability counts, calibrated where the file
    /// says how. Default none.
    /// </summary>
    [Required]
    public IReadOnlyList<string> Teachers { get; set; } = [];

    /// <summary>The teachers' share of each target; the label has the rest. Default 0.7; without teachers it has no effect.</summary>
    [Range(0.0, 1.0)]
    public double TeacherWeight { get; set; } = 0.7;

    /// <summary>
    /// The model to start from: a model file, or for <c>ITrainingService</c> the name of weights that come with the SDK too. Architecture,
    /// preprocessing, leads and rate are the model's; its head is kept where kind and classes are the same, and made anew otherwise.
    /// Default null: fresh weights.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; set; }

    /// <summary>
    /// What of the model that <see cref="From"/> names stays as it is, batch-norm statistics included. Default
    /// <see cref="FrozenPart.None"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FrozenPart Freeze { get; set; }

    /// <summary>
    /// The head's learning rate, which follows the same schedule as <see cref="LearningRate"/>, the backbone's. Default null: the same.
    /// </summary>
    [Range(1e-12, 100.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HeadLearningRate { get; set; }

    /// <summary>
    /// Whether the teachers score each recording once, as it is, or each batch as the student sees it. Default
    /// <see cref="TeachingMode.Recorded"/>; without teachers it has no effect.
    /// </summary>
    public TeachingMode Teaching { get; set; }

    /// <summary>
    /// The type that teachers compute in when <see cref="Teaching"/> is <see cref="TeachingMode.Consistent"/>. Default
    /// <see cref="TrainingPrecision.Float32"/>.
    /// </summary>
    public TrainingPrecision TeacherPrecision { get; set; }

    /// <summary>Which figure of the validation recordings chooses the best epoch. Default <see cref="ModelSelection.RocAuc"/>.</summary>
    public ModelSelection Selection { get; set; } = ModelSelection.RocAuc;

    /// <summary>
    /// Validates as the reference implementation does: in training mode, so that batch-norm statistics take in validation data, and with
    /// the accuracy of an epoch as the mean over its batches. Default false; true in preset `paper`.
    /// </summary>
    public bool ValidateAsPublished { get; set; }

    /// <summary>The number of torch's threads that <see cref="TorchThreads"/> comes to on this machine.</summary>
    internal int EffectiveTorchThreads => TorchThreads > 0 ? TorchThreads : Environment.ProcessorCount;

    /// <summary>The same options, to be changed without changing these.</summary>
    public TrainingOptions Copy() => (TrainingOptions)MemberwiseClone();
}

/// <summary>The parts of a network that may stay as they are.</summary>
public enum FrozenPart
{
    /// <summary>None: everything learns.</summary>
    None,

    /// <summary>The backbone: the head alone learns.</summary>
    Backbone,
}

/// <summary>The types that a backbone can compute in while it learns.</summary>
public enum TrainingPrecision
{
    /// <summary>24 bits of mantissa.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name",
        Justification = "Options are read by this name, which is the type's everywhere.")]
    Float32,

    /// <summary>
    /// 8 bits of mantissa, the exponent of Float32: about half the time on processors with AVX512_BF16 or AMX and on CUDA, far more time on
    /// others. Needs a backbone that takes it (<see cref="Backbone.TakesBfloat16"/>).
    /// </summary>
    Bfloat16,
}

/// <summary>What teachers score.</summary>
public enum TeachingMode
{
    /// <summary>Each recording once, before the training and without augmentation (Hinton et al. 2015, arXiv:1503.02531).</summary>
    Recorded,

    /// <summary>
    /// Each batch as the student sees it, after window, augmentation and mixup (Beyer et al. 2022, arXiv:2106.05237). Costs a forward pass
    /// of every teacher for each batch, on the loader's thread beside the step, and pays with long schedules.
    /// </summary>
    Consistent,
}

/// <summary>The optimizers.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,
}

/// <summary>How the learning rate changes during training.</summary>
public enum LearningRateSchedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>
    /// Up to the given rate over the first 30 % of the steps and down to almost zero, both along a cosine (Smith and Topin 2018).
    /// </summary>
    OneCycle,

    /// <summary>
    /// As published: halved after more than 8 epochs without a lower validation accuracy (sic: the reference minimises it),
    /// relative threshold 5e-4.
    /// </summary>
    PublishedPlateau,
}

/// <summary>Which figure of the validation recordings chooses the best epoch.</summary>
public enum ModelSelection
{
    /// <summary>ROC-AUC; the mean over classes where there are several.</summary>
    RocAuc,

    /// <summary>Accuracy at a threshold of 0.5 (or of the most probable class).</summary>
    Accuracy,

    /// <summary>
    /// None: the last epoch is kept, so that figures on the validation recordings are not of an epoch that was chosen by them.
    /// </summary>
    LastEpoch,
}
