using System.CommandLine;
using System.Security.Cryptography;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Cli.Commands;

/// <summary>`--model` and `--task`: a model file, or weights that come with the SDK.</summary>
internal sealed class ModelOption
{
    public Option<string?> Model { get; } = new("--model")
    {
        Description = "A model file, the authors' released .pt, or the name of weights that come with signalcam [those of --task]",
        HelpName = "FILE",
    };

    public Option<string?> Task { get; } = new("--task")
    {
        Description = $"The weights that come with signalcam for this task, where there is no --model [{PtbXlTasks.NormalAbnormal}]",
    };

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UsageException">Both are given, or no weights come for the task.</exception>
    public ModelChoice Of(ParseResult parsed)
    {
        var (model, task) = (parsed.GetValue(Model), parsed.GetValue(Task));
        if (model is not null && task is not null)
            throw new UsageException($"--task {task}: a model knows its task; give --task only without --model");
        if (model is not null)
            return PretrainedModels.Contains(model) && !File.Exists(model) ? new ModelChoice(null, model) : new ModelChoice(model, "");
        task ??= PtbXlTasks.NormalAbnormal;
        return PretrainedModels.Contains(task)
            ? new ModelChoice(null, task)
            : throw new UsageException($"--task {task}: no weights for it come with signalcam; there are: "
                + $"{string.Join(", ", PretrainedModels.All.Select(m => m.Name))}; for another task give a model file (--model)");
    }
}

/// <summary>A model file, or, where the path is null, weights that come with the SDK.</summary>
internal sealed record ModelChoice(string? Path, string Pretrained)
{
    public EcgModel Load(SignalCamComponents components, string device) =>
        Path is null ? PretrainedModels.Get(Pretrained).Load(components, device) : EcgModel.Load(Path, components, device);

    /// <summary>SHA-256 of the model file, 64 hexadecimal digits.</summary>
    /// <exception cref="SignalCam.Abstractions.ModelFormatException">The file cannot be read.</exception>
    public string Sha256 =>
        Path is null ? PretrainedModels.Get(Pretrained).Sha256 : Convert.ToHexStringLower(SHA256.HashData(ModelBytes.Read(Path)));

    /// <summary>The path, or the name of the weights and the beginning of their hash.</summary>
    public override string ToString() => Path ?? PretrainedModels.Get(Pretrained).ToString();
}
