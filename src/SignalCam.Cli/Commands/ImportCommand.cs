using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Cli.Commands;

/// <summary>`import`: released PyTorch weights become a model file.</summary>
internal static class ImportCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var weights = new Argument<string>("WEIGHTS.pt") { Description = "PyTorch zip checkpoint of the published CNN" };
        var path = new Option<string>("--out") { Description = "Model file to write", HelpName = "FILE", Required = true };
        var command = new Command(
            "import", "Convert the authors' released weights to a model file, without executing the checkpoint") { weights, path };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(weights), parsed.GetRequiredValue(path));
            // The network shows that every weight fits, and adds the layer graph, so that the file runs without libtorch.
            using var model = EcgModel.Load(
                ReleasedCheckpoint.Load(from), from, services.GetRequiredService<SignalCamComponents>(), device: "cpu");
            OutputFile.Prepare(to);
            model.Save(to);
            var classes = string.Join(", ", model.Manifest.Classes);
            output.Out.WriteLine($"{to}: {model.Network.ParameterCount:N0} parameters, classes {classes}");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
