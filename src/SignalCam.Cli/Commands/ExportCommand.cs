using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Torch;

namespace SignalCam.Cli.Commands;

/// <summary>`export`: a model in a format that other runtimes read.</summary>
internal static class ExportCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var model = new ModelOption();
        var format = new Option<string>("--format") { Description = "onnx", DefaultValueFactory = _ => "onnx" };
        format.AcceptOnlyFromAmong("onnx");
        var preprocessing = new Option<bool>("--preprocessing")
        {
            Description = "Put the model's preprocessing into the graph, which then takes raw samples in millivolt",
        };
        var path = new Option<string>("--out") { Description = "The file to write", HelpName = "FILE", Required = true };
        var command = new Command("export", "Writes a model as ONNX, with logits, probabilities and class activation maps as outputs")
        {
            model.Model, model.Task, format, preprocessing, path,
        };
        command.SetAction(parsed =>
        {
            // The network is made, so that a checkpoint, or a file from before there were layer graphs, gets its graph from its
            // architecture.
            using var loaded = model.Of(parsed).Load(services.GetRequiredService<SignalCamComponents>(), "cpu");
            if (loaded.Network.FindGraph(loaded.Input.LeadCount, out var missing) is null)
                throw new OnnxExportException($"the model cannot be exported: {missing}");
            var (to, bytes) = (parsed.GetRequiredValue(path), OnnxExporter.Export(loaded.ToFile(), parsed.GetValue(preprocessing)));
            OutputFile.Prepare(to);
            WholeFile.Write(to, bytes);
            output.Out.WriteLine(
                $"{to}: ONNX opset {OnnxExporter.Opset}, input "
                + $"{(parsed.GetValue(preprocessing) ? OnnxExporter.MillivoltInput : OnnxExporter.PreparedInput)} "
                + $"(batch, {loaded.Input.LeadCount}, {loaded.Input.Length}), classes {string.Join(", ", loaded.Manifest.Classes)}");
            return SignalCamTool.Ok;
        });
        return command;
    }
}
