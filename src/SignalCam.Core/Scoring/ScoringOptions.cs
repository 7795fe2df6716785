using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Core.Quality;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Scoring;

/// <summary>Options for scoring with a model.</summary>
public sealed record ScoringOptions
{
    /// <summary>The model's name in answers. Default null: the name in the model file, or otherwise its task.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// How to handle a recording that is longer or shorter than the model's input. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.
    /// </summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>Seconds from one window to the next where a recording is scored window by window. Default null: half of the model's
    /// input.</summary>
    public double? WindowStep { get; init; }

    /// <summary>How the probabilities of the windows are combined. Default <see cref="WindowCombination.Mean"/>.</summary>
    public WindowCombination Combine { get; init; } = WindowCombination.Mean;

    /// <summary>The explainer that computes heat maps. Default "cam": exact class activation maps.</summary>
    public ComponentSpec Explainer { get; init; } = new(CamExplainerOptions.ExplainerName);

    /// <summary>
    /// Recordings of a stream that are read or scored at a time, and in one pass if the backend supports several; memory grows with it.
    /// Default 32.
    /// </summary>
    [Range(1, 4096)]
    public int BatchSize { get; init; } = 32;

    /// <summary>The checks of a recording, in the order of their findings. Default: the built-in checks.</summary>
    public IReadOnlyList<IRecordingCheck> Checks { get; init; } = BuiltInChecks.All;

    /// <summary>How an unusable recording is handled. Default <see cref="QualityPolicy.Report"/>.</summary>
    public QualityPolicy Quality { get; init; } = QualityPolicy.Report;

    /// <summary>
    /// Whether classes are decided even if a finding makes the recording unusable. Default false: every decision is
    /// <see cref="ClassDecision.Undecided"/> then.
    /// </summary>
    public bool DecideUnusable { get; init; }

    /// <summary>The available transforms. Default null: the built-in ones.</summary>
    public PluginRegistry<ISignalTransform>? Transforms { get; init; }

    /// <summary>The backend that computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>Creates the extension for what the compiled backend cannot do, on first use; null if there is none.</summary>
    internal Func<ModelFile, IScoringExtension>? Extension { get; init; }
}

/// <summary>How a recording with an unusable finding is handled.</summary>
public enum QualityPolicy
{
    /// <summary>The answer contains the findings, and no class is decided.</summary>
    Report,

    /// <summary>It is refused with <see cref="RecordingRefusedException"/>, which has the findings.</summary>
    Refuse,

    /// <summary>Recordings are not checked. The file's own warnings are still in the answer.</summary>
    Off,
}

/// <summary>The backend that computes a model's scores.</summary>
public enum ScoringBackend
{
    /// <summary>The compiled backend if the model file has a layer graph and no CUDA device is requested, otherwise TorchSharp.</summary>
    Auto,

    /// <summary>The compiled backend: managed code, on the CPU. A model that cannot be compiled is refused when it is loaded.</summary>
    Compiled,

    /// <summary>TorchSharp.</summary>
    Torch,
}

/// <summary>How the probabilities of a long recording's windows are combined, class by class.</summary>
public enum WindowCombination
{
    /// <summary>The mean, which reflects how much of the recording looks like the class. The probabilities of a multiclass model still
    /// add up to 1.</summary>
    Mean,

    /// <summary>The largest: whether any window looks like the class. Grows with the number of windows.</summary>
    Max,

    /// <summary>
    /// 1 - product of (1 - p): the probability that any window has the class if windows erred independently of each other, which they do
    /// not. Grows faster than <see cref="Max"/>. Not for a multiclass task, whose probabilities must add up to 1.
    /// </summary>
    NoisyOr,
}
