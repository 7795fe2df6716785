using System.Diagnostics;

namespace SignalCam.Viewer.Tests;

/// <summary>How much of the machine others have at the moment.</summary>
internal static class BusyMachine
{
    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(100);

    /// <summary>How many times as long as on an idle machine work takes: 1 where nobody else has any.</summary>
    public static double Slowdown()
    {
        var clock = Stopwatch.StartNew();
        var start = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - start < s_work)
            Thread.SpinWait(1000);
        return Math.Max(1, clock.Elapsed / s_work);
    }
}
