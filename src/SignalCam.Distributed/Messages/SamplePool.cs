using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>
/// Memory of recordings, used again: a worker's recordings are of one length, and each would be garbage after a third of a millisecond.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SamplePool
{
    // More than are scored at a time on most machines.
    private const int Most = 512;

    private readonly ConcurrentQueue<float[]> _idle = new();

    /// <summary>An array of just this length, with anything in it.</summary>
    public float[] Rent(int length)
    {
        // One of another length goes.
        while (_idle.TryDequeue(out var samples))
            if (samples.Length == length)
                return samples;
        return GC.AllocateUninitializedArray<float>(length);
    }

    /// <summary>Takes the memory of a recording that nobody looks at any more.</summary>
    public void Return(EcgSignal recording)
    {
        if (_idle.Count < Most && MemoryMarshal.TryGetArray(recording.Samples, out var samples))
            _idle.Enqueue(samples.Array!);
    }
}
