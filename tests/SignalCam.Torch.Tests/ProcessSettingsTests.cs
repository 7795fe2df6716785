using System.Globalization;
using SignalCam.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests;

public sealed class ProcessSettingsTests
{
    private const int Blocks = 12;
    private const int Floats = 4 << 20;
    private const int PagesOfARound = Blocks * Floats * sizeof(float) / 4096;

    [SkippableFact]
    public void Memory_that_a_thread_has_freed_is_there_for_its_next_batch()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the settings are glibc's");
        Skip.If(Environment.GetEnvironmentVariable("SIGNALCAM_TUNE_PROCESS") == "0", "the settings are switched off");
        TorchRuntime.EnsureUsable();
        var faults = 0L;
        // As a training does it, on a thread of its own: those have other heaps than the first one.
        var thread = new Thread(() =>
        {
            for (var round = 0; round < 10; round++)
            {
                var before = PageFaults();
                using (NewDisposeScope())
                    for (var block = 0; block < Blocks; block++)
                        zeros(Floats);
                // In the first rounds the heaps grow.
                if (round >= 3)
                    faults += PageFaults() - before;
            }
        });
        thread.Start();
        thread.Join();
        // Of seven rounds, and of other threads. Without the settings they come to about one round's pages.
        Assert.InRange(faults, 0, PagesOfARound / 4);
    }

    /// <summary>Pages that the process was given so far: the tenth field of the file, the eighth after the program's name.</summary>
    private static long PageFaults() =>
        long.Parse(File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[7], CultureInfo.InvariantCulture);
}
