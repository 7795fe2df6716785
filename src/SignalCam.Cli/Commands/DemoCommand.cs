using System.CommandLine;

namespace SignalCam.Cli.Commands;

/// <summary>`demo`: the main job from start to end, on a synthetic set or on PTB-XL.</summary>
internal static class DemoCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (data, device, json) = (CommonOptions.PtbXlFolder(), CommonOptions.Device(), CommonOptions.Json());
        data.Description = "A folder in PTB-XL's layout; without it a synthetic set is made";
        var folder = new Option<string>("--out")
        {
            Description = "Where everything is written",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.Combine("runs", "demo"),
        };
        var epochs = new Option<int?>("--epochs")
        {
            Description = "Passes over the training recordings [15 on the synthetic set, 40 on PTB-XL]",
        };
        epochs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
                result.AddError("--epochs: expected a number above 0");
        });
        var command = new Command("demo",
            "The main job: overview, train, evaluate, explain, report.html") { data, folder, epochs, device, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var terminal = output.Terminal(parsed.GetValue(json));
            var demo = new Demo(services, terminal, Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName,
                parsed.GetRequiredValue(device));
            var figures = await demo.RunAsync(parsed.GetValue(data), parsed.GetValue(epochs), cancellationToken);
            output.Write(parsed.GetValue(json), figures);
            return SignalCamTool.Ok;
        });
        return command;
    }
}
