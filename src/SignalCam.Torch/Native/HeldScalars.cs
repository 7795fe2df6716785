using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Native;

/// <summary>
/// Arithmetic of tensors and numbers that is safe beside the garbage collector. Where a number is passed as it is, TorchSharp (up to 0.107)
/// makes a Scalar of it that nothing refers to any more when native code reads it: if a collection falls into that moment, the finalizer
/// frees it first, and the call fails or computes with another number. A sum of two tensors passes such a number too, the factor 1. Here
/// each Scalar lives until the call has returned.
/// </summary>
internal static class HeldScalars
{
    private static readonly Scalar s_one = 1.ToScalar();

    public static Tensor Plus(this Tensor tensor, double number)
    {
        using var held = number.ToScalar();
        return tensor.add(held, s_one);
    }

    public static Tensor Over(this Tensor tensor, double number)
    {
        using var held = number.ToScalar();
        return tensor.div(held);
    }

    /// <summary>Adds a number in place.</summary>
    public static void Increase(this Tensor tensor, long number)
    {
        using var held = number.ToScalar();
        tensor.add_(held, s_one);
    }

    /// <summary>Adds a number in place.</summary>
    public static void Increase(this Tensor tensor, Scalar held) => tensor.add_(held, s_one);

    /// <summary>Adds a tensor in place.</summary>
    public static void Increase(this Tensor tensor, Tensor other) => tensor.add_(other, s_one);

    /// <summary>Leaky ReLU in place.</summary>
    public static void Leak(this Tensor tensor, double negativeSlope)
    {
        using var held = negativeSlope.ToScalar();
        tensor.leaky_relu_(held);
    }
}
