using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using SignalCam.Testing;

namespace Samples.Tests;

/// <summary>What a program did.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The output of a program that ended well.</summary>
    public SampleRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Errors}");
        return this;
    }
}

/// <summary>Starts the samples as somebody at a terminal would.</summary>
internal static class Sample
{
    // Far above what they take on two busy cores.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <summary>For what a build takes on a machine that builds something else as well.</summary>
    public static TimeSpan BuildPatience { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The folder of the configuration that these tests, and so the samples, were built in: "debug" or "release".</summary>
    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static Process Start(string sample, params IEnumerable<string> args) => Start(sample, [], args);

    public static Process Start(string sample, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> args) =>
        Launch(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "..", "..", sample, Configuration, sample + ".dll"), .. args], environment);

    public static Process StartFile(string file, params IEnumerable<string> args) =>
        Launch("dotnet", ["run", "-c", Capital(Configuration), Path.Combine("samples", file), "--", .. args], []);

    /// <summary>Starts a program that was published.</summary>
    public static Process StartProgram(string program, params IEnumerable<string> args) => Launch(program, args, []);

    /// <summary>Publishes a sample for this machine into a folder.</summary>
    public static Process StartPublishing(string sample, string folder, params string[] properties) => Launch(
        "dotnet",
        [
            "publish", Path.Combine("samples", sample), "-c", Capital(Configuration), "-r", RuntimeInformation.RuntimeIdentifier, "-o",
            folder, "-v", "quiet", "-nologo", .. properties,
        ], []);

    /// <summary>Waits for the end, and ends it together with what it started when that takes too long.</summary>
    public static async Task<SampleRun> EndAsync(this Process process, TimeSpan? most = null)
    {
        using (process)
        {
            using var patience = new CancellationTokenSource(most ?? s_patience);
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token),
                process.StandardError.ReadToEndAsync(patience.Token));
            try
            {
                await process.WaitForExitAsync(patience.Token);
                return new SampleRun(process.ExitCode, await output, await errors);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException(
                    $"{process.StartInfo.FileName} {process.StartInfo.ArgumentList[0]} did not end within {most ?? s_patience}");
            }
        }
    }

    /// <summary>Reads a picture, which has to be well-formed, and gives its text.</summary>
    public static string TextOf(string svg)
    {
        var root = XDocument.Load(svg).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        return string.Join('\n', root.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
    }

    public static string Text(this int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>As the configuration is written when everything is built: in another spelling, all of it would be built anew.</summary>
    private static string Capital(string configuration) => char.ToUpperInvariant(configuration[0]) + configuration[1..];

    private static Process Launch(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = TestData.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Build servers would outlive the program, and hold on to its output.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
