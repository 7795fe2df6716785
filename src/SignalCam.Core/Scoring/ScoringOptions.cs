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
    /// <summary>The name that answers carry. Default null: the one in the model file, or else its task.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// How a recording that is longer or shorter than the model's input is handled. Default <see cref="LengthPolicy.Exact"/>: it is
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
    /// Recordings of a stream that are read or scored at a time, and in one pass where the backend takes several; memory grows with it.
    /// Default 32.
    /// </summary>
    [Range(1, 4096)]
    public int BatchSize { get; init; } = 32;

    /// <summary>The checks of a recording, in the order of their findings. Default: the built-in checks.</summary>
    public IReadOnlyList<IRecordingCheck> Checks { get; init; } = BuiltInChecks.All;

    /// <summary>How an unusable recording is handled. Default <see cref="QualityPolicy.Report"/>.</summary>
    public QualityPolicy Quality { get; init; } = QualityPolicy.Report;

    /// <summary>
    /// Whether classes are decided although a finding says that the recording cannot be trusted. Default false: every decision is
    /// <see cref="ClassDecision.Undecided"/> then.
    /// </summary>
    public bool DecideUnusable { get; init; }

    /// <summary>The transforms that the model file may name. Default null: the built-in ones.</summary>
    public PluginRegistry<ISignalTransform>? Transforms { get; init; }

    /// <summary>The backend that computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>Creates what the compiled backend cannot do, when it is first needed; null if there is nothing to make it.</summary>
    internal Func<ModelFile, IScoringExtension>? Extension { get; init; }
}

/// <summary>How a recording with an unusable finding is handled.</summary>
public enum QualityPolicy
{
    /// <summary>It is answered: the findings are in the answer, and no class is decided.</summary>
    Report,

    /// <summary>It is refused with <see cref="RecordingRefusedException"/>, which has the findings.</summary>
    Refuse,

    /// <summary>Recordings are not checked. What the file said against itself is still in the answer.</summary>
    Off,
}

/// <summary>The backend that computes a model's scores.</summary>
public enum ScoringBackend
{
    /// <summary>The compiled backend where the model file has a layer graph and no CUDA device is requested, else TorchSharp.</summary>
    Auto,

    /// <summary>The compiled backend: managed code, on the CPU. A model that cannot be compiled is refused when it is loaded.</summary>
    Compiled,

    /// <summary>TorchSharp.</summary>
    Torch,
}

/// <summary>How the probabilities of a long recording's windows are combined, class by class.</summary>
public enum WindowCombination
{
    /// <summary>The mean: how much of the recording looks like the class. The sum of a multiclass model's probabilities stays 1.</summary>
    Mean,

    /// <summary>The largest: whether any window looks like the class. Grows with the number of windows.</summary>
    Max,

    /// <summary>
    /// 1 - product of (1 - p): the probability that any window has the class if windows erred independently of each other, which they do
    /// not. Grows faster than <see cref="Max"/>. Not for a multiclass task, whose probabilities have to add up to 1.
    /// </summary>
    NoisyOr,
}
