using SignalCam.Testing.Servers;

namespace SignalCam.Distributed.Tests;

/// <summary>The command line tool as a process of its own.</summary>
internal static class SignalCamProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    public static ServerProcess Start(params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "signalcam.dll"), .. arguments],
            new Dictionary<string, string> { ["SIGNALCAM_BROKER_PASSWORD"] = "guest" });

    /// <summary>Runs to the end, which must be a good one.</summary>
    public static async Task<string> OkAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        await EndedWellAsync(process);
        return process.Said;
    }

    public static async Task EndedWellAsync(ServerProcess process)
    {
        await process.WaitAsync(s_patience);
        Assert.True(process.ExitCode == 0, $"it ended with {process.ExitCode}:\n{process.Said}");
    }
}
