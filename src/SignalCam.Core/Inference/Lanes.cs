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

    /// <summary>As <see cref="V128"/>, with every access held to what the step declares: for tests.</summary>
    Checked128 = Checked | V128,

    /// <summary>As <see cref="V256"/>, with every access held to what the step declares: for tests.</summary>
    Checked256 = Checked | V256,

    /// <summary>As <see cref="V512"/>, with every access held to what the step declares: for tests.</summary>
    Checked512 = Checked | V512,

    /// <summary>The mark of the checked ones.</summary>
    Checked = 0x100,
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

    /// <summary>The value at an address, in every lane.</summary>
    static abstract T Spread(float* source);

    /// <summary>The integer at an address.</summary>
    static abstract int Read(int* source);

    /// <summary>Says that a step may read an array, where accesses are checked.</summary>
    static abstract void Permit(void* begin, long bytes);

    /// <summary>a x b + c, rounded once where the processor can.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Max(T a, T b);

    /// <summary>The larger of x and slope x x: ReLU for 0, leaky ReLU up to 1, which leaves x as it is.</summary>
    static abstract T Activate(T x, T slope);

    /// <summary>All but the first of a, and the first of b.</summary>
    static abstract T ShiftIn(T a, T b);

    /// <summary>a0, b0, a1, b1, ...: the first half, and the second.</summary>
    static abstract (T Low, T High) Interleave(T a, T b);

    /// <summary>Of the values of both, those at even and those at odd places: what <see cref="Interleave"/> undoes.</summary>
    static abstract (T Even, T Odd) Deinterleave(T low, T high);

    static abstract void Store(T x, float* destination);

    /// <summary>Stores the larger one of each pair of neighbours: half as many.</summary>
    static abstract void StorePairMax(T x, float* destination);
}

internal readonly unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    public Vector128<float> Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Spread(float* source) => new(Vector128.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(int* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Permit(void* begin, long bytes)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) =>
        new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => new(Vector128.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Activate(Lanes128 x, Lanes128 slope) => new(Vector128.MaxNative(x._value, x._value * slope._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ShiftIn(Lanes128 a, Lanes128 b) =>
        new(Vector128.Shuffle(a._value.WithElement(0, b._value.ToScalar()), Vector128.Create(1, 2, 3, 0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes128 Low, Lanes128 High) Interleave(Lanes128 a, Lanes128 b)
    {
        Vector128<float> x = a._value, y = b._value;
        if (Sse.IsSupported)
            return (new(Sse.UnpackLow(x, y)), new(Sse.UnpackHigh(x, y)));
        return AdvSimd.Arm64.IsSupported
            ? (new(AdvSimd.Arm64.ZipLow(x, y)), new(AdvSimd.Arm64.ZipHigh(x, y)))
            : (new(Vector128.Create(x[0], y[0], x[1], y[1])), new(Vector128.Create(x[2], y[2], x[3], y[3])));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes128 Even, Lanes128 Odd) Deinterleave(Lanes128 low, Lanes128 high)
    {
        Vector128<float> x = low._value, y = high._value;
        if (Sse.IsSupported)
            return (new(Sse.Shuffle(x, y, 0b10_00_10_00)), new(Sse.Shuffle(x, y, 0b11_01_11_01)));
        return AdvSimd.Arm64.IsSupported
            ? (new(AdvSimd.Arm64.UnzipEven(x, y)), new(AdvSimd.Arm64.UnzipOdd(x, y)))
            : (new(Vector128.Create(x[0], x[2], y[0], y[2])), new(Vector128.Create(x[1], x[3], y[1], y[3])));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 x, float* destination) => x._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairMax(Lanes128 x, float* destination) => PairMax(x, x)._value.GetLower().Store(destination);

    /// <summary>The larger one of each pair of neighbours of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PairMax(Lanes128 low, Lanes128 high)
    {
        var (even, odd) = Deinterleave(low, high);
        return Max(even, odd);
    }
}

internal readonly unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    public Vector256<float> Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Spread(float* source) => new(Vector256.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(int* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Permit(void* begin, long bytes)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 a, Lanes256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Activate(Lanes256 x, Lanes256 slope) => new(Vector256.MaxNative(x._value, x._value * slope._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftIn(Lanes256 a, Lanes256 b) =>
        new(Vector256.Shuffle(a._value.WithElement(0, b._value.ToScalar()), Vector256.Create(1, 2, 3, 4, 5, 6, 7, 0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes256 Low, Lanes256 High) Interleave(Lanes256 a, Lanes256 b)
    {
        if (Avx.IsSupported)
        {
            // Within halves of 128 bits; the halves are put in order afterwards.
            Vector256<float> low = Avx.UnpackLow(a._value, b._value), high = Avx.UnpackHigh(a._value, b._value);
            return (new(Avx.Permute2x128(low, high, 0x20)), new(Avx.Permute2x128(low, high, 0x31)));
        }
        var (a0, a1) = Lanes128.Interleave(new(a._value.GetLower()), new(b._value.GetLower()));
        var (b0, b1) = Lanes128.Interleave(new(a._value.GetUpper()), new(b._value.GetUpper()));
        return (Join(a0, a1), Join(b0, b1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes256 Even, Lanes256 Odd) Deinterleave(Lanes256 low, Lanes256 high)
    {
        if (Avx.IsSupported)
        {
            Vector256<float> first = Avx.Permute2x128(low._value, high._value, 0x20),
                second = Avx.Permute2x128(low._value, high._value, 0x31);
            return (new(Avx.Shuffle(first, second, 0b10_00_10_00)), new(Avx.Shuffle(first, second, 0b11_01_11_01)));
        }
        var (even0, odd0) = Lanes128.Deinterleave(new(low._value.GetLower()), new(low._value.GetUpper()));
        var (even1, odd1) = Lanes128.Deinterleave(new(high._value.GetLower()), new(high._value.GetUpper()));
        return (Join(even0, even1), Join(odd0, odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 x, float* destination) => x._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairMax(Lanes256 x, float* destination) =>
        Lanes128.Store(Lanes128.PairMax(new(x._value.GetLower()), new(x._value.GetUpper())), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes256 Join(Lanes128 low, Lanes128 high) => new(Vector256.Create(low.Value, high.Value));
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
    public static Lanes512 Spread(float* source) => new(Vector512.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(int* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Permit(void* begin, long bytes)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) =>
        new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Subtract(Lanes512 a, Lanes512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Multiply(Lanes512 a, Lanes512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Activate(Lanes512 x, Lanes512 slope) => new(Vector512.MaxNative(x._value, x._value * slope._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftIn(Lanes512 a, Lanes512 b)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.AlignRight32(b._value.AsInt32(), a._value.AsInt32(), 1).AsSingle());
        Lanes256 low = new(a._value.GetLower()), high = new(a._value.GetUpper());
        return Join(Lanes256.ShiftIn(low, high), Lanes256.ShiftIn(high, new(b._value.GetLower())));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes512 Low, Lanes512 High) Interleave(Lanes512 a, Lanes512 b)
    {
        if (Avx512F.IsSupported)
        {
            var low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            return (new(Avx512F.PermuteVar16x32x2(a._value, low, b._value)),
                new(Avx512F.PermuteVar16x32x2(a._value, low + Vector512.Create(8), b._value)));
        }
        var (a0, a1) = Lanes256.Interleave(new(a._value.GetLower()), new(b._value.GetLower()));
        var (b0, b1) = Lanes256.Interleave(new(a._value.GetUpper()), new(b._value.GetUpper()));
        return (Join(a0, a1), Join(b0, b1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Lanes512 Even, Lanes512 Odd) Deinterleave(Lanes512 low, Lanes512 high)
    {
        if (Avx512F.IsSupported)
        {
            var even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            return (new(Avx512F.PermuteVar16x32x2(low._value, even, high._value)),
                new(Avx512F.PermuteVar16x32x2(low._value, even + Vector512<int>.One, high._value)));
        }
        var (even0, odd0) = Lanes256.Deinterleave(new(low._value.GetLower()), new(low._value.GetUpper()));
        var (even1, odd1) = Lanes256.Deinterleave(new(high._value.GetLower()), new(high._value.GetUpper()));
        return (Join(even0, even1), Join(odd0, odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 x, float* destination) => x._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairMax(Lanes512 x, float* destination)
    {
        Lanes256.StorePairMax(new(x._value.GetLower()), destination);
        Lanes256.StorePairMax(new(x._value.GetUpper()), destination + Vector128<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 Join(Lanes256 low, Lanes256 high) => new(Vector512.Create(low.Value, high.Value));
}
