using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalCam.Core.Inference;

/// <summary>Memory for one call at a time: all rows of all layers, zeroed once, at an address that vectors like.</summary>
internal sealed unsafe class Workspace
{
    private const int Bytes = 64;

    // Pinned, so that the aligned address stays true.
    private readonly float[] _memory;

    public Workspace(int size)
    {
        _memory = GC.AllocateArray<float>(size + Bytes / sizeof(float), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        Start = (float*)((address + Bytes - 1) & ~(nuint)(Bytes - 1));
    }

    /// <summary>The first float.</summary>
    public float* Start { get; }
}

/// <summary>
/// Keeps workspaces for the next call; lends each to one caller at a time. Grows to the largest number of concurrent calls, within limits.
/// </summary>
internal sealed class Workspaces(int size)
{
    private readonly Workspace?[] _idle = new Workspace?[2 * Environment.ProcessorCount];

    public Workspace Take()
    {
        for (var i = 0; i < _idle.Length; i++)
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } idle)
                return idle;
        return new Workspace(size);
    }

    public void Return(Workspace workspace)
    {
        for (var i = 0; i < _idle.Length; i++)
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], workspace, null) is null)
                return;
    }
}
