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
        var command = new Command("import",
            "Converts the authors' released weights into a model file; runs nothing that is in them") { weights, path };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(weights), parsed.GetRequiredValue(path));
            var file = ReleasedCheckpoint.Load(from);
            // Loading it into the network shows that every weight fits before anything is written.
            using var network = EcgModel.CreateNetwork(file.Manifest, services.GetRequiredService<SignalCamComponents>());
            NetworkState.Load(network, file.Weights, from);
            OutputFile.Prepare(to);
            file.Save(to);
            output.Out.WriteLine($"{to}: {network.ParameterCount:N0} parameters, classes {string.Join(", ", file.Manifest.Classes)}");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
