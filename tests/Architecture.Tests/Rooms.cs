namespace Architecture.Tests;

/// <summary>The projects under src and which of them each may know.</summary>
internal static class Rooms
{
    private const string Abstractions = "SignalCam.Abstractions";
    private const string Core = "SignalCam.Core";
    private const string Formats = "SignalCam.Formats";
    private const string Reporting = "SignalCam.Reporting";
    private const string Imaging = "SignalCam.Imaging";
    private const string Torch = "SignalCam.Torch";
    private const string Sdk = "SignalCam.Sdk";
    private const string Distributed = "SignalCam.Distributed";
    private const string Viewer = "SignalCam.Viewer";
    private const string Cli = "signalcam";

    private static readonly string[] s_libraries = [Abstractions, Core, Formats, Reporting, Torch, Sdk];

    /// <summary>Each room's assembly with the rooms below it.</summary>
    public static IReadOnlyDictionary<string, string[]> Below { get; } = new Dictionary<string, string[]>
    {
        [Abstractions] = [],
        [Core] = [Abstractions],
        [Formats] = [Abstractions, Core],
        [Reporting] = [Abstractions, Core],
        [Imaging] = [Reporting],
        [Torch] = [Abstractions, Core],
        [Sdk] = s_libraries[..^1],
        [Distributed] = s_libraries,
        [Viewer] = s_libraries,
        [Cli] = [.. s_libraries, Imaging, Distributed, Viewer],
    };

    /// <summary>Rooms that are programs or lists of equals: their root starts or lists the folders.</summary>
    public static IReadOnlyList<string> ComposedAtTheRoot { get; } = [Formats, Viewer, Cli];

    /// <summary>The assembly's file.</summary>
    public static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly + ".dll");

    /// <summary>The room's folder under src.</summary>
    public static string FolderOf(string assembly) => assembly == Cli ? "SignalCam.Cli" : assembly;
}
