using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>An activation as a step applies it to rows.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Parameter">
/// Slope of <see cref="ActivationFunction.Relu"/>, 1 for none; alpha of <see cref="ActivationFunction.Elu"/>.
/// </param>
internal readonly record struct RowFunction(ActivationFunction Kind, float Parameter)
{
    // Abramowitz and Stegun 1964, 7.1.26: erf within 1.5e-7.
    private const float Erf0 = 0.3275911f, Erf1 = 0.254829592f, Erf2 = -0.284496736f, Erf3 = 1.421413741f,
        Erf4 = -1.453152027f, Erf5 = 1.061405429f;

    private interface IFunction
    {
        static abstract Vector<float> Of(Vector<float> x, Vector<float> parameter);
    }

    /// <summary>Leaves values as they are.</summary>
    public static RowFunction None { get; } = new(ActivationFunction.Relu, 1);

    /// <summary>Whether a convolution does it to its sums.</summary>
    public bool IsSlope => Kind == ActivationFunction.Relu;

    /// <summary>The function of an activation.</summary>
    public static RowFunction Of(ActivationNode node) =>
        new(node.Function, (float)(node.Function == ActivationFunction.Relu ? node.NegativeSlope : node.Alpha));

    /// <summary>Changes a row in place.</summary>
    public void Apply(Span<float> row)
    {
        switch (Kind)
        {
            case ActivationFunction.Relu when Parameter == 0:
                TensorPrimitives.Max(row, 0f, row);
                break;
            case ActivationFunction.Relu when Parameter < 1:
                Map<LeakyRelu>(row);
                break;
            case ActivationFunction.Relu6:
                TensorPrimitives.Clamp(row, 0f, 6f, row);
                break;
            case ActivationFunction.Elu:
                Map<Elu>(row);
                break;
            case ActivationFunction.Gelu:
                Map<Gelu>(row);
                break;
            case ActivationFunction.GeluTanh:
                Map<GeluTanh>(row);
                break;
            case ActivationFunction.Silu:
                Map<Silu>(row);
                break;
            case ActivationFunction.Sigmoid:
                TensorPrimitives.Sigmoid(row, row);
                break;
            case ActivationFunction.Tanh:
                TensorPrimitives.Tanh(row, row);
                break;
            case ActivationFunction.HardSigmoid:
                Map<HardSigmoid>(row);
                break;
            case ActivationFunction.HardSwish:
                Map<HardSwish>(row);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Map<TFunction>(Span<float> row)
        where TFunction : struct, IFunction
    {
        var parameter = Vector.Create(Parameter);
        ref var first = ref MemoryMarshal.GetReference(row);
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
            TFunction.Of(Vector.LoadUnsafe(ref first, (nuint)i), parameter).StoreUnsafe(ref first, (nuint)i);
        if (i == row.Length)
            return;
        Span<float> last = stackalloc float[Vector<float>.Count];
        row[i..].CopyTo(last);
        last[(row.Length - i)..].Clear();
        TFunction.Of(Vector.Create<float>(last), parameter).CopyTo(last);
        last[..(row.Length - i)].CopyTo(row[i..]);
    }

    /// <summary>1 / (1 + e^-x). Far below zero e^-x is infinite and the result zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> SigmoidOf(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> HardSigmoidOf(Vector<float> x) =>
        Vector.Min(Vector.Max(x * Vector.Create(1 / 6f) + Vector.Create(0.5f), Vector<float>.Zero), Vector<float>.One);

    private readonly struct LeakyRelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter) => Vector.Max(x, parameter * x);
    }

    private readonly struct Elu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter) =>
            Vector.Max(x, Vector<float>.Zero) + parameter * (Vector.Exp(Vector.Min(x, Vector<float>.Zero)) - Vector<float>.One);
    }

    private readonly struct Gelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter)
        {
            var z = x * Vector.Create(0.70710678f);
            var magnitude = Vector.Abs(z);
            var t = Vector<float>.One / (Vector<float>.One + Vector.Create(Erf0) * magnitude);
            var series = ((((Vector.Create(Erf5) * t + Vector.Create(Erf4)) * t + Vector.Create(Erf3)) * t + Vector.Create(Erf2)) * t
                + Vector.Create(Erf1)) * t;
            var erf = Vector.CopySign(Vector<float>.One - series * Vector.Exp(-magnitude * magnitude), z);
            return Vector.Create(0.5f) * x * (Vector<float>.One + erf);
        }
    }

    private readonly struct GeluTanh : IFunction
    {
        // (1 + tanh y) / 2 is the sigmoid of 2 y.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter) =>
            x * SigmoidOf(Vector.Create(1.5957691f) * (x + Vector.Create(0.044715f) * x * x * x));
    }

    private readonly struct Silu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter) => x * SigmoidOf(x);
    }

    private readonly struct HardSigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter) => HardSigmoidOf(x);
    }

    private readonly struct HardSwish : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<float> Of(Vector<float> x, Vector<float> parameter) => x * HardSigmoidOf(x);
    }
}
