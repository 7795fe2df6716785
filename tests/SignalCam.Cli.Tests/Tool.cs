using System.Text.Json.Nodes;
using SignalCam.Cli;

namespace SignalCam.Cli.Tests;

/// <summary>Runs the command line in this process and gives back what it wrote.</summary>
internal sealed record Tool(int ExitCode, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    public static Task<Tool> RunAsync(params string[] args) => RunInAsync(Path.GetTempPath(), args);

    /// <summary>The same where the signalcam.json of a folder counts.</summary>
    public static async Task<Tool> RunInAsync(string folder, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await SignalCamTool.RunAsync(args, folder, configure: null, new CommandOutput(output, error));
        return new Tool(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The same, for calls that must succeed.</summary>
    public static async Task<Tool> OkAsync(params string[] args)
    {
        var run = await RunAsync(args);
        Assert.True(run.ExitCode == 0, $"signalcam {string.Join(' ', args)} ended with {run.ExitCode}:\n{run.Out}\n{run.Error}");
        return run;
    }
}
