using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SignalCam.Cli;

namespace SignalCam.Cli.Tests;

/// <summary>Runs the command line in this process and gives back what it wrote.</summary>
internal sealed record Tool(int ExitCode, string Out, string Error)
{
    // Objects of options: the task's in `evaluate`, and those in a manifest.
    private static readonly string[] s_options = ["policy", "label_policy", "options"];

    public JsonNode Json => JsonNode.Parse(Out)!;

    public static Task<Tool> RunAsync(params string[] args) => RunInAsync(Path.GetTempPath(), args);

    /// <summary>The same where the signalcam.json of a folder counts.</summary>
    public static async Task<Tool> RunInAsync(string folder, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await SignalCamTool.RunAsync(args, folder, configure: null, new CommandOutput(output, error));
        var run = new Tool(exitCode, output.ToString(), error.ToString());
        if (JsonOf(args, run) is { } written)
            NamesMustBeSnakeCase(JsonNode.Parse(written), args[0]);
        return run;
    }

    /// <summary>What a call wrote as JSON; null for nothing.</summary>
    private static string? JsonOf(string[] args, Tool run)
    {
        var at = Array.IndexOf(args, "--json");
        if (run.ExitCode != 0 || at < 0)
            return null;
        // `inspect --json` names no file.
        var target = args[0] == "inspect" || at + 1 == args.Length ? "-" : args[at + 1];
        return target != "-" ? (File.Exists(target) ? File.ReadAllText(target) : null) : run.Out.Length > 0 ? run.Out : null;
    }

    /// <summary>
    /// All that a command writes is snake_case, but for options, which are those of C# classes: docs/decisions/0016-two-forms-of-json.md.
    /// </summary>
    private static void NamesMustBeSnakeCase(JsonNode? node, string path)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                NamesMustBeSnakeCase(item, path);
        if (node is not JsonObject members)
            return;
        foreach (var (name, value) in members)
        {
            Assert.False(IsCamelCase(name), $"{path}: '{name}' is not snake_case");
            if (!s_options.Contains(name))
                NamesMustBeSnakeCase(value, $"{path}/{name}");
        }
    }

    private static bool IsCamelCase(string name) => Regex.IsMatch(name, "^[a-z]+[A-Z][A-Za-z]*$");

    /// <summary>The same, for calls that must succeed.</summary>
    public static async Task<Tool> OkAsync(params string[] args)
    {
        var run = await RunAsync(args);
        Assert.True(run.ExitCode == 0, $"signalcam {string.Join(' ', args)} ended with {run.ExitCode}:\n{run.Out}\n{run.Error}");
        return run;
    }
}
