using SignalCam.Abstractions;

namespace SignalCam.Cli.Plugins;

/// <summary>
/// A file of plug-ins cannot be used: it is not there, is not an assembly, was built for another SDK, has no plug-in class, or that class
/// fails.
/// </summary>
internal sealed class PluginLoadException : FileFormatException
{
    public PluginLoadException(string file, string? position, string found, string expected, Exception? innerException = null)
        : base(file, position, found, expected, innerException)
    {
    }
}
