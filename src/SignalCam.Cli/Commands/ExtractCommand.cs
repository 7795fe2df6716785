using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Cli.Commands;

/// <summary>`extract`: the model of one task out of one that learned several.</summary>
internal static class ExtractCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var model = CommonOptions.ModelFile();
        var task = new Option<string>("--task") { Description = "Which of the tasks that it learned", Required = true };
        var path = new Option<string>("--out") { Description = "The model file to write", HelpName = "FILE", Required = true };
        var command = new Command("extract", "Takes one task out of a model of the task `joint`") { model, task, path };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(model), parsed.GetRequiredValue(path));
            ModelFile file;
            try
            {
                file = TaskExtraction.Extract(ModelFile.Load(from), parsed.GetRequiredValue(task), services.GetRequiredService<SignalCamComponents>());
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
