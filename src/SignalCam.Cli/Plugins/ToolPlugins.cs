using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using SignalCam.Sdk;

namespace SignalCam.Cli.Plugins;

/// <summary>
/// The plug-ins of a call: those that `--plugin` names, and those of signalcam.json in the folder where the tool is called. They are
/// loaded before the command line is understood, as its options allow the names that plug-ins have.
/// </summary>
internal sealed class ToolPlugins
{
    /// <summary>The file that lists plug-ins.</summary>
    public const string SettingsFile = "signalcam.json";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    private readonly Action<ISignalCamBuilder>? _own;
    private readonly IReadOnlyList<ISignalCamPlugin> _loaded;

    private ToolPlugins(Action<ISignalCamBuilder>? own, IReadOnlyList<ISignalCamPlugin> loaded) => (_own, _loaded) = (own, loaded);

    /// <summary>The option, which every command has.</summary>
    public static Option<string[]> Option() => new("--plugin")
    {
        Description =
            $"An assembly of plug-ins, whose code is run; may be given several times. {SettingsFile} in this folder may list more",
        HelpName = "FILE.dll",
        Recursive = true,
    };

    /// <summary>Loads the plug-ins of a call.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="folder">Where signalcam.json is looked for.</param>
    /// <param name="own">What the program itself adds; null for nothing.</param>
    /// <param name="told">Gets a line for each assembly that a file names and not the person who called.</param>
    /// <exception cref="PluginLoadException">An assembly cannot be used.</exception>
    /// <exception cref="OptionFileException">signalcam.json holds something else.</exception>
    public static ToolPlugins Load(string[] args, string folder, Action<ISignalCamBuilder>? own, TextWriter told)
    {
        var paths = new List<string>();
        var settings = Path.Combine(folder, SettingsFile);
        foreach (var listed in File.Exists(settings) ? Listed(settings) : [])
            if (Add(paths, Path.Combine(folder, listed)))
                told.WriteLine($"{SettingsFile}: plug-in {listed}");
        foreach (var given in Given(args))
            Add(paths, given);
        return new ToolPlugins(own, [.. paths.SelectMany(PluginFile.Load)]);
    }

    /// <summary>Registers all of them, in every set of services that a command builds.</summary>
    public void Configure(ISignalCamBuilder builder)
    {
        _own?.Invoke(builder);
        foreach (var plugin in _loaded)
            PluginFile.Configure(plugin, builder);
    }

    private static IReadOnlyList<string> Listed(string settings) => OptionFile.Read(
        SettingsFile, settings, "{ \"plugins\": [\"FILE.dll\", ...] }",
        text => JsonSerializer.Deserialize<Settings>(text, s_json)?.Plugins);

    /// <summary>What `--plugin` names; everything else is for the commands to understand.</summary>
    private static string[] Given(string[] args)
    {
        var option = Option();
        var parsed = new RootCommand { option };
        parsed.TreatUnmatchedTokensAsErrors = false;
        return parsed.Parse(args, SignalCamTool.Parser).GetValue(option) ?? [];
    }

    private static bool Add(List<string> paths, string path)
    {
        path = Path.GetFullPath(path);
        if (paths.Contains(path, StringComparer.Ordinal))
            return false;
        paths.Add(path);
        return true;
    }

    private sealed record Settings(IReadOnlyList<string>? Plugins);
}
