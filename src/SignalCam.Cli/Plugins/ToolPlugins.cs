using System.CommandLine;
using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Sdk;

namespace SignalCam.Cli.Plugins;

/// <summary>
/// The plug-ins of a call: those named by `--plugin` and by signalcam.json in the working directory. They are loaded before the command
/// line is parsed, because its options accept the names of plug-ins.
/// </summary>
internal sealed class ToolPlugins
{
    /// <summary>The file that lists plug-ins.</summary>
    public const string SettingsFile = "signalcam.json";

    private readonly Action<ISignalCamBuilder>? _own;
    private readonly IReadOnlyList<ISignalCamPlugin> _loaded;

    private ToolPlugins(Action<ISignalCamBuilder>? own, IReadOnlyList<ISignalCamPlugin> loaded) => (_own, _loaded) = (own, loaded);

    /// <summary>The option, which every command has.</summary>
    public static Option<string[]> Option() => new("--plugin")
    {
        Description =
            $"Load plug-ins from this assembly, which runs its code; may be repeated. {SettingsFile} in this folder may list more",
        HelpName = "FILE.dll",
        Recursive = true,
    };

    /// <summary>Loads the plug-ins of a call.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="folder">The folder that may contain signalcam.json.</param>
    /// <param name="own">Plug-ins of the program itself; null for none.</param>
    /// <param name="told">Receives a line for each assembly listed in a file rather than on the command line.</param>
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

    /// <summary>Registers all plug-ins in each service collection that a command builds.</summary>
    public void Configure(ISignalCamBuilder builder)
    {
        _own?.Invoke(builder);
        foreach (var plugin in _loaded)
            PluginFile.Configure(plugin, builder);
    }

    private static IReadOnlyList<string> Listed(string settings) => OptionFile.Read(
        SettingsFile, settings, "{ \"plugins\": [\"FILE.dll\", ...] }",
        text => JsonSerializer.Deserialize<Settings>(text, PluginOptions.Json)?.Plugins);

    /// <summary>The assemblies given by `--plugin`; the commands parse everything else.</summary>
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
