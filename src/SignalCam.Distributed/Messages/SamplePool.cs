using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>
/// Pools the memory of recordings: a worker's recordings have the same length, and each would become garbage after a third of a
/// millisecond.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SamplePool
{
    // More than are scored at a time on most machines.
    private const int Most = 512;

    private readonly ConcurrentQueue<float[]> _idle = new();

    /// <summary>An array of exactly this length, with arbitrary content.</summary>
    public float[] Rent(int length)
    {
        // One of another length goes.
        while (_idle.TryDequeue(out var samples))
            if (samples.Length == length)
                return samples;
        return GC.AllocateUninitializedArray<float>(length);
    }

    /// <summary>Returns the memory of a recording that is no longer in use.</summary>
    public void Return(EcgSignal recording)
    {
        if (_idle.Count < Most && MemoryMarshal.TryGetArray(recording.Samples, out var samples))
            _idle.Enqueue(samples.Array!);
    }
}
