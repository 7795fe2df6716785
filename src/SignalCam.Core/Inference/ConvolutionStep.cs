using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>A convolution with what follows it: batch norm, whose scale and shift are in weights and biases; ReLU, leaky or not; max pooling by two.</summary>
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
    ConvolutionNode Node, string Name, RowSlot Input, int InputChannels, RowSlot Output, int Channels, int Length, float Slope, bool HalvesByMax)
{
    /// <summary>Multiply-adds of the convolution as it is defined.</summary>
    public long MultiplyAdds => (long)Channels * InputChannels * Node.Kernel * Length;
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
            default:
                Run<Lanes128>(workspace);
                break;
        }
        plan.Output.ClearMargin(workspace, plan.Channels);
    }

    protected abstract void Run<T>(float* workspace)
        where T : struct, ILanes<T>;
}
