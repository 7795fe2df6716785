using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SignalCam.Core.Inference;

/// <summary>How many floats a vector register holds.</summary>
internal enum VectorWidth
{
    /// <summary>128 bits, 4 floats.</summary>
    V128 = 4,

    /// <summary>256 bits, 8 floats.</summary>
    V256 = 8,

    /// <summary>512 bits, 16 floats.</summary>
    V512 = 16,
}

/// <summary>
/// A vector register of floats, so that a kernel is written once and compiled for each width: the framework's own interface of this
/// kind is not public.
/// </summary>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T Load(float* source);

    static abstract T Broadcast(float value);

    /// <summary>a x b + c, rounded once where the processor can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>The larger of x and slope x x: ReLU for 0, leaky ReLU up to 1, which leaves x as it is.</summary>
    static abstract T Activate(T x, T slope);

    static abstract void Store(T x, float* destination);

    /// <summary>Stores the larger one of each pair of neighbours: half as many.</summary>
    static abstract void StorePairMax(T x, float* destination);
}

internal readonly unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Activate(Lanes128 x, Lanes128 slope) => new(Vector128.MaxNative(x._value, x._value * slope._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 x, float* destination) => x._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairMax(Lanes128 x, float* destination) => PairMax(x._value, x._value).GetLower().Store(destination);

    /// <summary>The larger one of each pair of neighbours of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> PairMax(Vector128<float> low, Vector128<float> high)
    {
        if (Sse.IsSupported)
            return Sse.Max(Sse.Shuffle(low, high, 0b10_00_10_00), Sse.Shuffle(low, high, 0b11_01_11_01));
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.MaxPairwise(low, high);
        return Vector128.Create(MathF.Max(low[0], low[1]), MathF.Max(low[2], low[3]), MathF.Max(high[0], high[1]), MathF.Max(high[2], high[3]));
    }
}

internal readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Activate(Lanes256 x, Lanes256 slope) => new(Vector256.MaxNative(x._value, x._value * slope._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 x, float* destination) => x._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairMax(Lanes256 x, float* destination) => Lanes128.PairMax(x._value.GetLower(), x._value.GetUpper()).Store(destination);
}

internal readonly unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> _value = value;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Activate(Lanes512 x, Lanes512 slope) => new(Vector512.MaxNative(x._value, x._value * slope._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 x, float* destination) => x._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairMax(Lanes512 x, float* destination)
    {
        Lanes256.StorePairMax(new(x._value.GetLower()), destination);
        Lanes256.StorePairMax(new(x._value.GetUpper()), destination + Vector128<float>.Count);
    }
}
