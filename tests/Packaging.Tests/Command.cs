using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Packaging.Tests;

/// <summary>What a program wrote and how it ended.</summary>
internal sealed record Command(string Line, int ExitCode, string Out, string Error)
{
    private static readonly string s_dotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>The whole of it, for messages.</summary>
    public string Text => $"{Line} ended with {ExitCode}:\n{Out}\n{Error}";

    /// <summary>Runs a program with a time limit; at its end the program and its children are stopped, and the exit code is -1.</summary>
    public static async Task<Command> RunAsync(
        string folder, TimeSpan limit, IReadOnlyDictionary<string, string> environment, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // What the test runner sets for itself must not reach another build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_ROOT"] = s_dotnetRoot;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        // No build server outlives the test, nor keeps a file of its folder open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var stop = new CancellationTokenSource(limit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop.Token), process.StandardError.ReadToEndAsync(stop.Token));
        var line = $"{Path.GetFileName(file)} {string.Join(' ', arguments)}";
        try
        {
            await process.WaitForExitAsync(stop.Token);
            return new Command(line, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new Command(line, -1, "", $"not done after {limit.TotalSeconds} s");
        }
    }

    /// <summary>The program that builds.</summary>
    public static string Dotnet => Path.Combine(s_dotnetRoot, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
}
