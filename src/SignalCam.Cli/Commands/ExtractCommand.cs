using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Cli.Commands;

/// <summary>`extract`: extracts the model of one task from a model of several, or stores a model's weights in fewer bits.</summary>
internal static class ExtractCommand
{
    private static readonly Dictionary<string, TensorDType> s_precisions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["float32"] = TensorDType.F32,
        ["float16"] = TensorDType.F16,
        ["bfloat16"] = TensorDType.BF16,
    };

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var model = CommonOptions.ModelFile();
        var task = new Option<string?>("--task") { Description = "Task to extract [all]", HelpName = "TASK" };
        var precision = new Option<string?>("--precision-of-weights")
        {
            Description = "Storage type of layer weights: float32, float16 or bfloat16 [unchanged]",
        };
        precision.AcceptOnlyFromAmong([.. s_precisions.Keys]);
        var path = new Option<string>("--out") { Description = "Model file to write", HelpName = "FILE", Required = true };
        var command = new Command("extract", "Extract one task from a model of the task joint, or store weights in half precision")
        {
            model, task, precision, path,
        };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(model), parsed.GetRequiredValue(path));
            if (parsed.GetValue(task) is null && parsed.GetValue(precision) is null)
                throw new UsageException("expected --task, --precision-of-weights or both");
            ModelFile file;
            try
            {
                file = ModelFile.Load(from);
                if (parsed.GetValue(task) is { } name)
                    file = TaskExtraction.Extract(file, name, services.GetRequiredService<SignalCamComponents>());
                if (parsed.GetValue(precision) is { } stored)
                    file = file.StoredAs(s_precisions[stored]);
            }
            catch (Exception e) when (e is ArgumentException or ModelNotSupportedException)
            {
                throw new UsageException($"{from}: {e.Message}");
            }
            OutputFile.Prepare(to);
            file.Save(to);
            output.Out.WriteLine($"{to}: task {file.Manifest.Task}, classes {string.Join(", ", file.Manifest.Classes)}");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
