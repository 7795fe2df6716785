namespace SignalCam.Torch.Training.Data;

/// <summary>Samples and targets of one step.</summary>
internal sealed record Batch(float[] Samples, float[] Targets, int[] Records)
{
    public int Count => Records.Length;
}
