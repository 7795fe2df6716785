using System.Runtime.CompilerServices;

namespace SignalCam.Core.Inference;

/// <summary>
/// Where in a workspace the rows (channels) of a layer's output lie. Around each row are zeros, which are the padding of the convolution
/// that reads it; a row may be written up to a multiple of 64 and read a little beyond its end, so nobody has to mind the last few samples.
/// </summary>
internal sealed class RowSlot(int length, int marginBefore, int marginAfter) : IMemoryPart
{
    /// <summary>Rows are cut to whole vectors of the widest kind.</summary>
    public const int Alignment = 16;

    /// <summary>Time steps of a row.</summary>
    public int Length => length;

    /// <summary>The largest number of channels of the layers that share the slot.</summary>
    public int Channels { get; private set; }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = checked(marginBefore + RoundUp(length) + marginAfter);

    /// <summary>Floats from the workspace's begin to the first row; known once all slots are.</summary>
    public int Offset { get; private set; }

    /// <inheritdoc/>
    public long Begin => Offset - (long)marginBefore;

    /// <inheritdoc/>
    public long End => Begin + (long)Channels * Stride;

    public static int RoundUp(int length) => checked(length + Alignment - 1) / Alignment * Alignment;

    public void Widen(int channels) => Channels = Math.Max(Channels, channels);

    /// <summary>Places the slot; gives where the next one begins.</summary>
    public long PlaceAt(long begin)
    {
        Offset = checked((int)(begin + marginBefore));
        // The last row may be read beyond its margin, as every other row may into the next one's.
        return End + marginBefore + marginAfter;
    }

    /// <summary>Sets what a layer wrote after the end of its rows back to zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void ClearMargin(float* workspace, int channels)
    {
        RequireRow(channels - 1);
        for (var c = 0; c < channels; c++)
            new Span<float>(workspace + Offset + (nint)c * Stride + length, Stride - marginBefore - length).Clear();
    }

    /// <summary>A row.</summary>
    public unsafe Span<float> Row(float* workspace, int channel)
    {
        RequireRow(channel);
        return new(workspace + Offset + (nint)channel * Stride, length);
    }

    /// <summary>The first rows with what lies between them.</summary>
    public unsafe Span<float> Rows(float* workspace, int channels)
    {
        RequireRow(channels - 1);
        return new(workspace + Offset, (channels - 1) * Stride + length);
    }

    private void RequireRow(int channel)
    {
        if ((uint)channel >= (uint)Channels)
            throw new InvalidOperationException($"row {channel} of {Channels}");
    }
}

/// <summary>Hands out slots; layers of the same length share those that are no longer needed.</summary>
internal sealed class RowSlots(int marginBefore, int marginAfter)
{
    private readonly List<RowSlot> _all = [];
    private readonly Dictionary<int, Stack<RowSlot>> _free = [];

    /// <summary>All slots.</summary>
    public IReadOnlyList<RowSlot> All => _all;

    public RowSlot Take(int channels, int length)
    {
        if (!_free.TryGetValue(length, out var free) || !free.TryPop(out var slot))
            _all.Add(slot = new RowSlot(length, marginBefore, marginAfter));
        slot.Widen(channels);
        return slot;
    }

    public void Release(RowSlot slot)
    {
        if (!_free.TryGetValue(slot.Length, out var free))
            _free.Add(slot.Length, free = []);
        free.Push(slot);
    }

    /// <summary>Floats that all slots need.</summary>
    public long Size => _all.Sum(slot => (long)slot.Channels * slot.Stride + marginBefore + marginAfter + RowSlot.Alignment);

    /// <summary>Places all slots; gives the floats that they need.</summary>
    public int Place()
    {
        var size = 0L;
        foreach (var slot in _all)
            size = RowSlot.RoundUp(checked((int)slot.PlaceAt(size)));
        return (int)size;
    }
}
