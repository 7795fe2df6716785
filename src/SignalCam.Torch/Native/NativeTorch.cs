using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;

namespace SignalCam.Torch.Native;

/// <summary>Prepares the process for libtorch and loads it, before TorchSharp does.</summary>
/// <remarks>
/// TorchSharp's own loader, when it fails, copies every native library it can find (half a gigabyte) and then names the wrong cause.
/// Loading in the order of dependency gives the system loader's own words instead.
/// </remarks>
internal static partial class NativeTorch
{
    /// <summary>Set to "0" in the environment, it leaves malloc and OpenMP as they are. See docs/training.md, "Process settings".</summary>
    private const string TuneVariable = "SIGNALCAM_TUNE_PROCESS";

    /// <summary>The version of libtorch that TorchSharp 0.107 is built for.</summary>
    internal const string LibTorchVersion = "2.10.0";

    private static readonly string[] s_stdCppPaths =
    [
        "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/lib64/libstdc++.so.6", "/usr/lib/libstdc++.so.6",
    ];
    private static readonly string[] s_libTorchInOrder = ["gomp-98b21ff3", "c10", "torch_cpu", "torch"];

    // mallopt(3): keep freed memory instead of returning it to the system after every batch. A thread's heaps, other than the first
    // thread's one, are 64 MB each, and glibc gives an empty one back whatever the trim threshold, but for this padding.
    private static readonly (string Variable, int Parameter, int Value)[] s_malloc =
        [("MALLOC_TRIM_THRESHOLD_", -1, 1 << 30), ("MALLOC_TOP_PAD_", -2, 64 << 20), ("MALLOC_MMAP_THRESHOLD_", -3, 1 << 30)];

    /// <summary>Runs before anything of this assembly does, and so before libtorch reads the environment.</summary>
    // An application may use TorchSharp before any method of ours that could do it, and libtorch reads the environment once.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Tune()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(TuneVariable) == "0")
            return;
        try
        {
            // Environment.SetEnvironmentVariable does not reach native code. An existing value stays (the 0).
            _ = SetEnv("OMP_WAIT_POLICY", "PASSIVE", 0);
            foreach (var (variable, parameter, value) in s_malloc)
                if (Environment.GetEnvironmentVariable(variable) is null)
                    _ = MallOpt(parameter, value);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another libc (musl has no mallopt): only speed is lost.
        }
    }

    /// <summary>Loads libtorch and TorchSharp's native library.</summary>
    /// <returns>Null, or what is wrong and what to do.</returns>
    public static string? Load()
    {
        try
        {
            var torchSharp = typeof(torch).Assembly;
            // The application's own comes first; a libtorch that the system has is of another version.
            if (!HasOwnLibTorch())
                LoadFromPackageFolder();
            // On systems where libtorch is found by TorchSharp's library alone, this loads both.
            NativeLibrary.Load("LibTorchSharp", torchSharp, null);
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
            _ = torch.get_num_threads();
            return null;
        }
        catch (Exception e)
            when (e is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException
                or EntryPointNotFoundException or FileNotFoundException)
        {
            return Advise(e, FindStdCpp());
        }
    }

    /// <summary>What is wrong, and what to do.</summary>
    /// <param name="cause">What the loader threw.</param>
    /// <param name="stdCpp">The system's libstdc++; null where it was not found.</param>
    internal static string Advise(Exception cause, string? stdCpp)
    {
        while (cause is TypeInitializationException && cause.InnerException is { } inner)
            cause = inner;
        if (WantedVersion().Match(cause.Message) is { Success: true } wanted)
        {
            var has = stdCpp is null ? "no libstdc++ was found" : $"{stdCpp} ends at {NewestVersion(stdCpp)}";
            return $"torch's native library cannot be loaded: it asks for {wanted.Value}, but on this system {has}. "
                + "Build the application with -p:TorchSharpOldLinux=always, which adds a copy that loads without, or run it where GCC "
                + "13's libstdc++ is (Debian 13, Ubuntu 24.04). "
                + $"The loader says: {Telling(cause.Message)}";
        }
        return "torch's native library cannot be loaded: add one package to the application: libtorch-cpu-linux-x64, "
            + $"libtorch-cpu-osx-arm64 or libtorch-cpu-win-x64 {LibTorchVersion}, "
            + "or TorchSharp-cuda-linux or TorchSharp-cuda-windows for a GPU; for the tool, run `signalcam libtorch`. "
            + $"The loader says: {Telling(cause.Message)}";
    }

    /// <summary>The loader lists every place that it looked at. Those where nothing was tell nothing, unless there are no others.</summary>
    private static string Telling(string message)
    {
        string[] lines = [.. message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("Unable to load", StringComparison.Ordinal))];
        string[] telling = [.. lines.Where(line => !line.Contains("cannot open shared object file", StringComparison.Ordinal))];
        return string.Join(Environment.NewLine, (telling.Length > 0 ? telling : lines).DefaultIfEmpty(message.Trim()));
    }

    /// <summary>
    /// Libtorch out of NuGet's package folder, where `signalcam libtorch` puts it: the tool's own package does not hold it.
    /// </summary>
    private static void LoadFromPackageFolder()
    {
        if (PackageFolder() is not { } folder || !Directory.Exists(folder))
            return;
        foreach (var name in s_libTorchInOrder)
            foreach (var file in Directory.EnumerateFiles(folder, OperatingSystem.IsWindows() ? $"{name}.dll" : $"lib{name}.*"))
                NativeLibrary.TryLoad(file, out _);
    }

    /// <summary>The folder of libtorch's native libraries in NuGet's package folder; null on a system for which there is none.</summary>
    internal static string? PackageFolder()
    {
        if (RuntimeIdentifier is not { } rid)
            return null;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Path.Combine(packages, LibTorchPackage, LibTorchVersion, "runtimes", rid, "native");
    }

    /// <summary>The package with libtorch for this system.</summary>
    internal static string LibTorchPackage => $"libtorch-cpu-{RuntimeIdentifier}";

    private static string? RuntimeIdentifier =>
        (OperatingSystem.IsLinux(), OperatingSystem.IsMacOS(), OperatingSystem.IsWindows(), RuntimeInformation.ProcessArchitecture) switch
        {
            (true, _, _, Architecture.X64) => "linux-x64",
            (_, true, _, Architecture.Arm64) => "osx-arm64",
            (_, _, true, Architecture.X64) => "win-x64",
            _ => null,
        };

    private static bool HasOwnLibTorch()
    {
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        var folders = ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Append(AppContext.BaseDirectory).Any(folder => File.Exists(Path.Combine(folder, name)));
    }

    private static string? FindStdCpp() => Array.Find(s_stdCppPaths, File.Exists);

    private static string NewestVersion(string stdCpp)
    {
        var versions = KnownVersion().Matches(Encoding.Latin1.GetString(File.ReadAllBytes(stdCpp)))
            .Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));
        return FormattableString.Invariant($"GLIBCXX_3.4.{versions.DefaultIfEmpty(0).Max()}");
    }

    [GeneratedRegex(@"GLIBCXX_[0-9.]*[0-9]")]
    private static partial Regex WantedVersion();

    [GeneratedRegex(@"GLIBCXX_3\.4\.([0-9]{1,4})\0")]
    private static partial Regex KnownVersion();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MallOpt(int parameter, int value);
}
