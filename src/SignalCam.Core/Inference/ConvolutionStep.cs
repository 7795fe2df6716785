using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>
/// A convolution with what follows it: batch norm, whose scale and shift are in weights and biases; an activation; max pooling by two.
/// </summary>
/// <param name="Node">The convolution of the graph.</param>
/// <param name="Name">What it is called where it is measured.</param>
/// <param name="Input">What is read; with a stride, the input dealt out to rows of neighbours.</param>
/// <param name="InputChannels">Channels of the convolution's input.</param>
/// <param name="Output">What is written.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Length">Time steps of the convolution's output, before pooling.</param>
/// <param name="Slope">Of the activation; 1 for none.</param>
/// <param name="HalvesByMax">Whether pooling follows.</param>
internal sealed record ConvolutionPlan(
    ConvolutionNode Node, string Name, RowSlot Input, int InputChannels, RowSlot Output, int Channels, int Length,
    float Slope, bool HalvesByMax)
{
    /// <summary>An activation that the sums do not get before they are stored; null for none.</summary>
    public RowFunction? After { get; init; }

    /// <summary>Groups of channels, each a convolution of its own.</summary>
    public int Groups => Node.Groups;

    /// <summary>Input channels of a group.</summary>
    public int GroupInputs => InputChannels / Node.Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupChannels => Channels / Node.Groups;

    /// <summary>Multiply-adds of the convolution as it is defined.</summary>
    public long MultiplyAdds => (long)Channels * GroupInputs * Node.Kernel * Length;
}

/// <summary>A convolution, one way or another.</summary>
internal abstract unsafe class ConvolutionStep(ConvolutionPlan plan) : ScorerStep
{
    public ConvolutionPlan Plan => plan;

    /// <summary>Multiply-adds of the inner loops, as they are computed.</summary>
    public abstract long InnerMultiplyAdds { get; }

    public sealed override void Run(float* workspace, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.V512:
                Run<Lanes512>(workspace);
                break;
            case VectorWidth.V256:
                Run<Lanes256>(workspace);
                break;
            case VectorWidth.V128:
                Run<Lanes128>(workspace);
                break;
            default:
                RunChecked(workspace, width);
                break;
        }
        if (plan.After is { } function)
            for (var c = 0; c < plan.Channels; c++)
                function.Apply(plan.Output.Row(workspace, c));
        plan.Output.ClearMargin(workspace, plan.Channels);
    }

    protected abstract void Run<T>(float* workspace)
        where T : struct, ILanes<T>;

    /// <summary>The floats of the output's rows up to a number behind the begin of each.</summary>
    protected MemoryAccess OutputAccess(long written) =>
        new(plan.Output.Offset, plan.Output.Offset + (plan.Channels - 1L) * plan.Output.Stride + (plan.HalvesByMax ? written / 2 : written),
            plan.Output);

    private void RunChecked(float* workspace, VectorWidth width)
    {
        AccessCheck.Begin(workspace, Accesses);
        try
        {
            if (width == VectorWidth.Checked512)
                Run<CheckedLanes<Lanes512>>(workspace);
            else if (width == VectorWidth.Checked256)
                Run<CheckedLanes<Lanes256>>(workspace);
            else
                Run<CheckedLanes<Lanes128>>(workspace);
        }
        finally
        {
            AccessCheck.End();
        }
    }
}
