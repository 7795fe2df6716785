using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

internal static class LiveTensors
{
    /// <summary>How many native tensors there are once the garbage collector has freed what nobody refers to.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Tensor.TotalCount;
    }
}
