using System.Diagnostics;

namespace SignalCam.Testing;

/// <summary>A file system of a given size; needs root on Linux, and skips the test elsewhere.</summary>
public sealed class SmallDisk(string folder) : IDisposable
{
    public static SmallDisk Mount(string folder, int kilobytes)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a small disk is mounted on Linux only");
        Directory.CreateDirectory(folder);
        Skip.If(Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "signalcam-test", folder) != 0,
            "no small disk can be mounted here (that takes root)");
        return new SmallDisk(folder);
    }

    public static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose() => Run("umount", folder);

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
