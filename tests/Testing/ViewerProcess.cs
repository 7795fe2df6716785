using System.Diagnostics;

namespace SignalCam.Testing;

/// <summary>`signalcam view` as a program of its own, on a free port of this machine.</summary>
public sealed class ViewerProcess : IAsyncDisposable
{
    // Far above what it takes on two busy cores.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ViewerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The tool beside the tests, for `dotnet` to run.</summary>
    public static string Program
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(output.Parent!.Parent!.FullName, "SignalCam.Cli", output.Name, "signalcam.dll");
        }
    }

    /// <summary>Starts it, and waits until it prints its address.</summary>
    public static async Task<ViewerProcess> StartAsync(params IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("dotnet", [Program, "view", "--urls", "http://127.0.0.1:0", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            var line = await process.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new InvalidOperationException($"the viewer ended: {await process.StandardError.ReadToEndAsync(patience.Token)}");
            // What is not read would stop it once the pipe is full.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            return new ViewerProcess(process, new Uri(line.Split(' ')[2]));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
