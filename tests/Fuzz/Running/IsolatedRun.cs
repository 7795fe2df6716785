using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SignalCam.Fuzz.Running;

/// <summary>
/// Gives inputs to the product in a process of its own, so that an input which ends the process is a finding like any other: the run goes
/// on behind it.
/// </summary>
internal static class IsolatedRun
{
    // Clock time after which an input is given up; what counts as too long is said by FuzzRun.MostSeconds.
    private const int MostSeconds = 60;
    private const int GivenUp = 99;
    private const int PerProcess = 20_000;

    // A heap that is larger than this ends in OutOfMemoryException, which is a finding.
    private const string HeapLimit = "0x60000000";

    /// <summary>Runs inputs.</summary>
    public static FuzzReport Run(FuzzKind kind, ulong first, long count)
    {
        var report = new FuzzReport();
        var next = first;
        while (next < first + (ulong)count)
        {
            var part = Math.Min(PerProcess, (long)(first + (ulong)count - next));
            var (done, at) = RunPart(kind, next, part);
            report.Add(done);
            next = at;
        }
        return report;
    }

    /// <summary>What the other process runs: its report goes to the file, and so does, before each input, its number.</summary>
    public static void Work(FuzzKind kind, ulong first, long count, string path)
    {
        using var progress = File.Open(path + ".at", FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        var started = Stopwatch.GetTimestamp();
        using var watch = new Timer(
            _ =>
            {
                if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)).TotalSeconds > MostSeconds)
                    Environment.Exit(GivenUp);
            },
            null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        // What is compiled at first use is no input's fault.
        FuzzRun.Run(kind, first, Math.Min(count, 3));
        var report = FuzzRun.Run(kind, first, count, seed =>
        {
            Volatile.Write(ref started, Stopwatch.GetTimestamp());
            RandomAccess.Write(progress.SafeFileHandle, BitConverter.GetBytes(seed), 0);
        });
        File.WriteAllText(path, JsonSerializer.Serialize(report));
    }

    private static (FuzzReport Report, ulong Next) RunPart(FuzzKind kind, ulong first, long count)
    {
        var path = Path.Combine(Path.GetTempPath(), $"signalcam-fuzz-{Guid.NewGuid():N}");
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardError = true };
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(typeof(IsolatedRun).Assembly.Location);
            foreach (var argument in new[]
            {
                Program.WorkArgument, kind.Name, first.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture),
                path,
            })
                start.ArgumentList.Add(argument);
            start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
            start.Environment["DOTNET_TieredPGO"] = "0";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0 && File.Exists(path))
                return (JsonSerializer.Deserialize<FuzzReport>(File.ReadAllText(path))!, first + (ulong)count);
            var at = File.Exists(path + ".at") && File.ReadAllBytes(path + ".at") is { Length: 8 } bytes
                ? BitConverter.ToUInt64(bytes)
                : first;
            var what = process.ExitCode == GivenUp
                ? $"did not end within {MostSeconds} s"
                : $"ended the process with exit code {process.ExitCode}: {error.Split('\n')[0]}";
            // What went well before it is not known any more, and is run again.
            var before = at > first ? RunPart(kind, first, (long)(at - first)).Report : new FuzzReport();
            before.Add(new FuzzReport { Cases = 1, Findings = [new Finding(at, what)] });
            return (before, at + 1);
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".at");
        }
    }
}
