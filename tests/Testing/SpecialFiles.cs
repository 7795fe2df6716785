using System.Diagnostics;
using System.Net.Sockets;

namespace SignalCam.Testing;

/// <summary>Files that are no files: what a folder from elsewhere may hold where a recording or a model is expected.</summary>
public static class SpecialFiles
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Makes a FIFO that nobody writes to; skips the test where there are none.</summary>
    public static string Fifo(string path)
    {
        Skip.If(OperatingSystem.IsWindows(), "FIFOs are made on Unix only");
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    /// <summary>Makes a socket that is listened on.</summary>
    public static Socket Socket(string path)
    {
        Skip.If(OperatingSystem.IsWindows(), "sockets in the file system are refused on Unix only");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    /// <summary>A device that never ends; skips the test where there is none.</summary>
    public static string Endless()
    {
        Skip.IfNot(File.Exists("/dev/zero"), "there is no /dev/zero");
        return "/dev/zero";
    }

    /// <summary>Runs what must not wait: a call that hangs fails the test instead of stopping all of them.</summary>
    public static async Task<T> WithoutWaiting<T>(Func<Task<T>> run) => await Task.Run(run).WaitAsync(s_patience);

    /// <inheritdoc cref="WithoutWaiting{T}(Func{Task{T}})"/>
    public static Task<T> WithoutWaiting<T>(Func<T> run) => WithoutWaiting(() => Task.FromResult(run()));
}
