using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk;

/// <summary>What a host may set; bound from the section `SignalCam` of its configuration. Checked when the host starts.</summary>
public sealed class SignalCamOptions
{
    private static readonly Dictionary<string, ModelOptions> s_withoutAny = new(StringComparer.OrdinalIgnoreCase)
    {
        [PretrainedModels.NormalAbnormal] = new ModelOptions { Pretrained = PretrainedModels.NormalAbnormal },
    };

    /// <summary>The section's name: "SignalCam".</summary>
    public const string SectionName = "SignalCam";

    /// <summary>
    /// Where models run unless a model or a request says otherwise: "auto", "cpu", "cuda" or "cuda:N". Default "auto": what the compiled
    /// backend can score, on the CPU; training, and what needs TorchSharp, on the first CUDA device if there is one.
    /// </summary>
    [Required]
    [RegularExpression(DevicePattern, ErrorMessage = DeviceMessage)]
    public string Device { get; set; } = "auto";

    /// <summary>Whether a CUDA device that is not there becomes the CPU instead of an error. Default false.</summary>
    public bool AllowDeviceFallback { get; set; }

    /// <summary>The model behind the classifier that is asked for without a name. Default null: the only one there is.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>
    /// The models to classify with, by name (case-insensitive). Default none: then there is one,
    /// <see cref="PretrainedModels.NormalAbnormal"/>, with the weights of that name that come with the SDK.
    /// </summary>
    public Dictionary<string, ModelOptions> Models { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the models are loaded while the host starts, in the background, and not by their first calls; until all are there, the
    /// health check is not healthy. Needs a host that runs hosted services. Default false.
    /// </summary>
    public bool PreloadModels { get; set; }

    /// <summary>What is classified with: the host's models, or the one there is without any.</summary>
    internal IReadOnlyDictionary<string, ModelOptions> ModelsInUse => Models.Count > 0 ? Models : s_withoutAny;

    /// <summary>The device for somebody who may have asked for one.</summary>
    internal string DeviceFor(string? wanted) => TorchDevice.Select(wanted ?? Device, AllowDeviceFallback).ToString();

    /// <summary>Whether a device is one of CUDA's; nothing is loaded to tell.</summary>
    internal static bool IsCuda(string device) => device.Trim().StartsWith("cuda", StringComparison.OrdinalIgnoreCase);

    internal const string DevicePattern = "^([aA][uU][tT][oO]|[cC][pP][uU]|[cC][uU][dD][aA](:[0-9]+)?)$";
    internal const string DeviceMessage = "allowed are auto, cpu, cuda and cuda:N.";
}

/// <summary>One model to classify with. Exactly one of <see cref="Path"/> and <see cref="Pretrained"/> must be set.</summary>
public sealed class ModelOptions
{
    /// <summary>The model file (.safetensors), or the authors' released weights (.pt). Default null.</summary>
    public string? Path { get; set; }

    /// <summary>The name of weights that come with the SDK (<see cref="PretrainedModels"/>), such as "super". Default null.</summary>
    public string? Pretrained { get; set; }

    /// <summary>Where this model lives; default null: as <see cref="SignalCamOptions.Device"/> says.</summary>
    [RegularExpression(SignalCamOptions.DevicePattern, ErrorMessage = SignalCamOptions.DeviceMessage)]
    public string? Device { get; set; }

    /// <summary>What computes scores and class activation maps. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; set; } = ScoringBackend.Auto;

    /// <summary>
    /// What may be done to a recording that is longer or shorter than the model's input. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.
    /// </summary>
    public LengthPolicy Length { get; set; } = LengthPolicy.Exact;

    /// <summary>Seconds from one window to the next where a recording is slid over. Default null: half of the model's input.</summary>
    [Range(0.001, 3600.0)]
    public double? WindowStep { get; set; }

    /// <summary>How the probabilities of the windows become one. Default <see cref="WindowCombination.Mean"/>.</summary>
    public WindowCombination Combine { get; set; } = WindowCombination.Mean;

    /// <summary>
    /// Recordings of a stream that are in memory at a time, and in one pass of TorchSharp, which then has another such batch waiting;
    /// memory grows with it. Default 32.
    /// </summary>
    [Range(1, 4096)]
    public int BatchSize { get; set; } = 32;

    /// <summary>What makes the heat maps, with its options. Default "cam": exact class activation maps of every class.</summary>
    [Required]
    public ComponentSpec Explainer { get; set; } = new(CamExplainerOptions.ExplainerName);

    /// <summary>
    /// What becomes of a recording that a check finds unusable. Default <see cref="QualityPolicy.Report"/>: no class is decided.
    /// </summary>
    public QualityPolicy Quality { get; set; } = QualityPolicy.Report;

    /// <summary>Whether classes are decided although a recording cannot be believed. Default false.</summary>
    public bool DecideUnusable { get; set; }

    /// <summary>
    /// The checks that recordings go through, each with its options where they are other than the defaults. Default empty: every one that
    /// is registered.
    /// </summary>
    public IList<ComponentSpec> Checks { get; } = [];

    /// <summary>
    /// Whether a changed file is loaded while the host runs. A call that has begun ends with the model it began with; a file that cannot
    /// be read is logged, and the model before it stays. Not for <see cref="Pretrained"/> weights, which cannot change. Default false.
    /// </summary>
    public bool ReloadOnChange { get; set; }

    /// <summary>
    /// Whether a changed file may be of another task, or have other classes or another input than the model before it. Default false: such
    /// a file is logged and told by the health check, and the model before it stays.
    /// </summary>
    public bool AllowContractChange { get; set; }

    /// <summary>
    /// How often the file is looked at, 10 ms to a day; a change is taken over once it has been the same for two looks. Default 5 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal ScoringOptions ToScoring(string name) => new()
    {
        Name = name,
        Length = Length,
        WindowStep = WindowStep,
        Combine = Combine,
        Explainer = Explainer,
        BatchSize = BatchSize,
        Backend = Backend,
        Quality = Quality,
        DecideUnusable = DecideUnusable,
    };

    internal ModelSource Source => string.IsNullOrWhiteSpace(Path) ? new ModelSource(null, Pretrained!) : new ModelSource(Path, "");
}
