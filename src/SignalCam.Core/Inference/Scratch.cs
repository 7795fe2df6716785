namespace SignalCam.Core.Inference;

/// <summary>A part of the workspace that each step may write over: nothing in it outlives the step.</summary>
internal sealed class Scratch
{
    /// <summary>Floats that the step with the largest demand needs.</summary>
    public int Size { get; private set; }

    /// <summary>Floats from the workspace's begin; known once all slots are placed.</summary>
    public int Offset { get; set; }

    public void Reserve(int size) => Size = Math.Max(Size, size);
}
