using System.Runtime.CompilerServices;

namespace SignalCam.Core.Inference;

/// <summary>
/// Where in a workspace the rows (channels) of a layer's output lie. Around each row are zeros, which are the padding of the convolution
/// that reads it; a row may be written up to a multiple of 64 and read a little beyond its end, so nobody has to mind the last few samples.
/// </summary>
internal sealed class RowSlot(int length, int marginBefore, int marginAfter)
{
    /// <summary>Rows are cut to whole vectors of the widest kind.</summary>
    public const int Alignment = 16;

    /// <summary>Time steps of a row.</summary>
    public int Length => length;

    /// <summary>Most channels that any of the layers which share the slot has.</summary>
    public int Channels { get; private set; }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = marginBefore + RoundUp(length) + marginAfter;

    /// <summary>Floats from the workspace's begin to the first row; known once all slots are.</summary>
    public int Offset { get; private set; }

    public static int RoundUp(int length) => (length + Alignment - 1) / Alignment * Alignment;

    public void Widen(int channels) => Channels = Math.Max(Channels, channels);

    /// <summary>Places the slot; gives where the next one begins.</summary>
    public int PlaceAt(int begin)
    {
        Offset = begin + marginBefore;
        // The last row may be read beyond its margin, as every other row may into the next one's.
        return begin + Channels * Stride + marginBefore + marginAfter;
    }

    /// <summary>Sets what a layer wrote behind the end of its rows back to zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void ClearMargin(float* workspace, int channels)
    {
        for (var c = 0; c < channels; c++)
            new Span<float>(workspace + Offset + c * Stride + length, Stride - marginBefore - length).Clear();
    }

    /// <summary>A row.</summary>
    public unsafe Span<float> Row(float* workspace, int channel) => new(workspace + Offset + channel * Stride, length);
}

/// <summary>Hands out slots; layers of the same length share those that are no longer needed.</summary>
internal sealed class RowSlots(int marginBefore, int marginAfter)
{
    private readonly List<RowSlot> _all = [];
    private readonly List<RowSlot> _free = [];

    public RowSlot Take(int channels, int length)
    {
        var slot = _free.Find(s => s.Length == length);
        if (slot is null)
            _all.Add(slot = new RowSlot(length, marginBefore, marginAfter));
        else
            _free.Remove(slot);
        slot.Widen(channels);
        return slot;
    }

    public void Release(RowSlot slot) => _free.Add(slot);

    /// <summary>Places all slots; gives the floats that they need.</summary>
    public int Place()
    {
        var size = 0;
        foreach (var slot in _all)
            size = RowSlot.RoundUp(slot.PlaceAt(size));
        return size;
    }
}
