using System.CommandLine;
using System.Security.Cryptography;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Cli.Commands;

/// <summary>`--model` and `--task`: a model file, or pretrained weights.</summary>
internal sealed class ModelOption
{
    public Option<string?> Model { get; } = new("--model")
    {
        Description = "Model file, the authors' released .pt, or the name of pretrained weights [those of --task]",
        HelpName = "FILE",
    };

    public Option<string?> Task { get; } = new("--task")
    {
        Description = $"Use the pretrained weights for this task, without --model [{PtbXlTasks.NormalAbnormal}]",
        HelpName = "TASK",
    };

    /// <summary>The value given on the command line.</summary>
    /// <exception cref="UsageException">Both are given, or no weights exist for the task.</exception>
    public ModelChoice Of(ParseResult parsed)
    {
        var (model, task) = (parsed.GetValue(Model), parsed.GetValue(Task));
        if (model is not null && task is not null)
            throw new UsageException($"--task {task}: a model states its own task; give --task only without --model");
        if (model is not null)
            return PretrainedModels.Contains(model) && !File.Exists(model) ? new ModelChoice(null, model) : new ModelChoice(model, "");
        task ??= PtbXlTasks.NormalAbnormal;
        return PretrainedModels.Contains(task)
            ? new ModelChoice(null, task)
            : throw new UsageException($"--task {task}: there are no pretrained weights for it, only for "
                + $"{string.Join(", ", PretrainedModels.All.Select(m => m.Name))}; for another task, give a model file (--model)");
    }
}

/// <summary>A model file, or, if the path is null, pretrained weights.</summary>
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
