using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Cli.Commands;

/// <summary>`ensemble`: joins models of the same classes into one whose logits are the mean of theirs.</summary>
internal static class EnsembleCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var models = new Option<string[]>("--model")
        {
            Description = "Model file to join; given at least twice",
            HelpName = "MODEL",
            Required = true,
        };
        var path = new Option<string>("--out") { Description = "Model file to write", HelpName = "FILE", Required = true };
        var command = new Command("ensemble", "Join models of the same classes into one that averages them") { models, path };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(models), parsed.GetRequiredValue(path));
            if (from.Length < 2)
                throw new UsageException($"--model: expected at least two, found {from.Length}");
            ModelFile joined;
            try
            {
                joined = ModelEnsemble.Join(
                    [.. from.Select(name => (name, ModelFile.Load(name)))], services.GetRequiredService<SignalCamComponents>());
            }
            catch (Exception e) when (e is ArgumentException or ModelNotSupportedException)
            {
                throw new UsageException(e.Message);
            }
            OutputFile.Prepare(to);
            joined.Save(to);
            output.Out.WriteLine($"{to}: the mean of {from.Length} models, without calibration; fit one with `signalcam calibrate`");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
