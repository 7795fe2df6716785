using System.Runtime.CompilerServices;

namespace SignalCam.Testing;

/// <summary>
/// Finds what the tests need beside the code: real PTB-XL (environment variable SIGNALCAM_PTBXL) and the expected values of
/// independent software (SIGNALCAM_SHARED, by default the folder `shared` beside the checkout). What is absent skips the test, and says so.
/// </summary>
public static class TestData
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A PTB-XL folder, or skips the test.</summary>
    public static string PtbXl()
    {
        var folder = Environment.GetEnvironmentVariable("SIGNALCAM_PTBXL");
        Skip.If(string.IsNullOrEmpty(folder), "real PTB-XL is not here: set SIGNALCAM_PTBXL to its folder");
        Assert.True(File.Exists(Path.Combine(folder!, "ptbxl_database.csv")),
            $"SIGNALCAM_PTBXL names '{folder}', which holds no ptbxl_database.csv");
        return folder!;
    }

    /// <summary>A file or folder of expected values such as "golden/cam.safetensors" or "wfdb", or skips the test.</summary>
    public static string Shared(string relative)
    {
        var folder = Environment.GetEnvironmentVariable("SIGNALCAM_SHARED") ?? Path.Combine(Root, "..", "shared");
        var path = Path.GetFullPath(Path.Combine(folder, relative));
        Skip.If(!File.Exists(path) && !Directory.Exists(path),
            $"expected values are not here: set SIGNALCAM_SHARED to the folder that holds {relative}");
        return path;
    }

    /// <summary>A new empty folder, removed when disposed.</summary>
    public static TemporaryFolder Folder([CallerMemberName] string name = "") => new(name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "SignalCam.Sdk.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"no SignalCam.Sdk.sln above {AppContext.BaseDirectory}");
    }
}

public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string name)
    {
        Path = Directory.CreateTempSubdirectory($"signalcam-{name[..Math.Min(name.Length, 24)]}-").FullName;
    }

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
