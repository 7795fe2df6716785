using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`describe`: what a model file says of itself, and what its network costs.</summary>
internal static class DescribeCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, json) = (new ModelOption(), CommonOptions.Json());
        var command = new Command("describe",
            "What a model is: classes, preprocessing, layers with parameters and multiply-adds, with and without the CAM")
            {
                model.Model, model.Task, json,
            };
        command.SetAction(parsed =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            using var loaded = model.Of(parsed).Load(services.GetRequiredService<SignalCamComponents>(), "cpu");
            var layers = LayerTable.Of(loaded.Network, loaded.Input);
            var terminal = output.Terminal(parsed.GetValue(json));
            terminal.Line(
                $"{loaded.Manifest.Architecture.Name}, task {loaded.Manifest.Task}: {string.Join(", ", loaded.Manifest.Classes)}");
            terminal.Line($"takes {loaded.Input} ({string.Join(", ", loaded.Input.Leads)}); ",
                $"{string.Join(", then ", loaded.Preprocessor.Transforms.Select(t => t.Name))}");
            terminal.Write(Table(layers));
            output.Write(parsed.GetValue(json), new
            {
                manifest = loaded.Manifest,
                layers.Parameters,
                layers.ConvolutionMultiplyAdds,
                layers.MultiplyAdds,
                layers.CamMultiplyAdds,
                layers.Layers,
                layers.Cam,
            });
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static Table Table(LayerTable layers)
    {
        var table = new Table().AddColumns("layer", "kind", "output", "parameters", "multiply-adds");
        table.Columns[3].RightAligned();
        table.Columns[4].RightAligned();
        foreach (var layer in layers.Layers.Concat(layers.Cam))
            table.Row(layer.Name, layer.Kind, $"{layer.Channels} x {layer.Length}", Format.Count(layer.Parameters),
                layer.MultiplyAdds is { } cost ? Format.Count(cost) : "-");
        table.AddEmptyRow();
        table.Row("without CAM", "", "", Format.Count(layers.Parameters), layers.MultiplyAdds is { } all ? Format.Count(all) : "-");
        if (layers.MultiplyAdds is { } plain && layers.CamMultiplyAdds is { } cam)
            table.Row("with CAM", $"+ {((double)cam / plain).ToString("P2", System.Globalization.CultureInfo.InvariantCulture)}", "",
                Format.Count(layers.Parameters), Format.Count(plain + cam));
        return table;
    }
}
