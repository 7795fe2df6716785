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
        var weights = new Argument<string>("WEIGHTS.pt") { Description = "A PyTorch zip checkpoint of the published CNN" };
        var path = new Option<string>("--out") { Description = "The model file to write", HelpName = "FILE", Required = true };
        var command = new Command(
            "import", "Converts the authors' released weights into a model file; runs nothing that is in them") { weights, path };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(weights), parsed.GetRequiredValue(path));
            // Through the network: every weight is shown to fit, and the file says what is computed, so that it runs without libtorch.
            using var model = EcgModel.Load(from, services.GetRequiredService<SignalCamComponents>(), device: "cpu");
            OutputFile.Prepare(to);
            model.Save(to);
            output.Out.WriteLine($"{to}: {model.Network.ParameterCount:N0} parameters, classes {string.Join(", ", model.Manifest.Classes)}");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
