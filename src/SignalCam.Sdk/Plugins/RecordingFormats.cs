using SignalCam.Abstractions;
using SignalCam.Formats;

namespace SignalCam.Sdk.Plugins;

/// <summary>The file formats of a host and the one reader composed of them.</summary>
internal static class RecordingFormats
{
    public static void AddBuiltIn(PluginRegistry<IEcgFormat> formats)
    {
        foreach (var format in EcgFile.Formats)
            formats.Add(format.Name, () => format);
    }

    /// <summary>
    /// The host's own formats are asked first, in the order of their names: the last of the built-in ones takes nearly any text.
    /// </summary>
    public static EcgFileReader CreateReader(PluginRegistry<IEcgFormat> formats)
    {
        var builtIn = EcgFile.Formats.Select(format => format.Name).ToArray();
        var own = formats.Names.Except(builtIn, StringComparer.OrdinalIgnoreCase);
        return new EcgFileReader([.. own.Concat(builtIn.Where(formats.Contains)).Select(name => formats.Create(new ComponentSpec(name)))]);
    }
}
