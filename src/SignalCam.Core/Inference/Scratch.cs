namespace SignalCam.Core.Inference;

/// <summary>A part of the workspace that each step may write over: nothing in it outlives the step.</summary>
internal sealed class Scratch : IMemoryPart
{
    /// <summary>Floats that the step with the largest demand needs.</summary>
    public long Size { get; private set; }

    /// <summary>Floats from the workspace's begin; known once all slots are placed.</summary>
    public int Offset { get; set; }

    /// <inheritdoc/>
    public long Begin => Offset;

    /// <inheritdoc/>
    public long End => Offset + Size;

    public void Reserve(long size) => Size = Math.Max(Size, size);

    /// <summary>The first floats.</summary>
    public unsafe Span<float> Span(float* workspace, int length) => length <= Size
        ? new(workspace + Offset, length)
        : throw new InvalidOperationException($"{length} floats of {Size}");
}
