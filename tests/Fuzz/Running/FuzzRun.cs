using SignalCam.Abstractions;

namespace SignalCam.Fuzz.Running;

/// <summary>Gives inputs to the product, in this process.</summary>
public static class FuzzRun
{
    /// <summary>
    /// Processor time that an input may take. A machine that is busy with other things stretches the clock's time, not this.
    /// </summary>
    public const double MostSeconds = 2;

    /// <summary>Bytes that may be allocated for an input.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>Runs inputs one after the other.</summary>
    /// <param name="kind">What is made.</param>
    /// <param name="first">The number of the first input.</param>
    /// <param name="count">How many.</param>
    /// <param name="begin">Called before each input with its number; null for nothing.</param>
    public static FuzzReport Run(FuzzKind kind, ulong first, long count, Action<ulong>? begin = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var report = new FuzzReport();
        for (var i = 0L; i < count; i++)
        {
            var seed = first + (ulong)i;
            begin?.Invoke(seed);
            RunOne(kind, seed, report);
        }
        return report;
    }

    private static void RunOne(FuzzKind kind, ulong seed, FuzzReport report)
    {
        var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
        string? problem = null;
        var isRefused = false;
        try
        {
            kind.Run(seed);
        }
        catch (SignalCamException)
        {
            isRefused = true;
        }
        catch (Exception e)
        {
            problem = $"{e.GetType().Name}: {FirstLine(e.Message)} {Place(e)}";
        }
        report.Cases++;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        var seconds = (Environment.CpuUsage.TotalTime - time).TotalSeconds;
        report.MostSeconds = Math.Max(report.MostSeconds, seconds);
        report.MostBytes = Math.Max(report.MostBytes, bytes);
        problem ??= seconds > MostSeconds
            ? FormattableString.Invariant($"took {seconds:0.0} s")
            : bytes > MostBytes ? $"allocated {bytes >> 20} MB" : null;
        if (problem is not null)
            report.Findings.Add(new Finding(seed, problem));
        else if (isRefused)
            report.Refused++;
        else
            report.Taken++;
    }

    private static string FirstLine(string message) => message.Split('\n')[0] is var line && line.Length > 300 ? line[..300] : line;

    private static string Place(Exception e) =>
        e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("SignalCam", StringComparison.Ordinal))?.Trim() ?? "";
}
