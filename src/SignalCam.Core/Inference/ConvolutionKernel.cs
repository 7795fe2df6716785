using System.Runtime.CompilerServices;

namespace SignalCam.Core.Inference;

/// <summary>
/// The inner loops of a convolution. A block is 4 output channels by 3 vectors of time: 12 sums stay in registers, and each tap costs
/// 3 loads of the input and 4 of a weight for 12 multiply-adds, which is what lets the multiply-add units be the limit. Compiled in full at
/// once, and not into one method, which would leave too few registers.
/// </summary>
internal static unsafe class ConvolutionKernel
{
    /// <summary>Output channels of a block.</summary>
    public const int Rows = 4;

    /// <summary>Vectors of time of a full block.</summary>
    public const int Vectors = 3;

    // Of one output channel, such as the map of one class: the rows of a full block would be three quarters of nothing.
    private const int SingleVectors = 4;

    /// <summary>
    /// How many of the vectors of time that are left make the next block. 4 are two blocks of 2: a block of 1 has too few sums to keep the
    /// units busy.
    /// </summary>
    public static int NextVectors(int left, int rows) =>
        rows == 1 && left >= SingleVectors ? SingleVectors : left is 2 or 4 ? 2 : Math.Min(left, Vectors);

    /// <summary>Computes a block.</summary>
    /// <param name="block">What all blocks of the same output channels share.</param>
    /// <param name="vectors">Vectors of time, as <see cref="NextVectors"/> gives them.</param>
    /// <param name="input">Where offset 0 of the first time step is read.</param>
    /// <param name="output">Where the first time step of the first channel is written.</param>
    /// <param name="slope">Of the activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T>(in ConvolutionBlock block, int vectors, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        switch (vectors)
        {
            case 1:
                One(block, input, output, slope);
                break;
            case 2:
                Two(block, input, output, slope);
                break;
            case Vectors:
                Three(block, input, output, slope);
                break;
            default:
                Single(block, input, output, slope);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Three<T>(in ConvolutionBlock block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        T a0 = T.Spread(block.Biases), a1 = a0, a2 = a0;
        T b0 = T.Spread(block.Biases + 1), b1 = b0, b2 = b0;
        T c0 = T.Spread(block.Biases + 2), c1 = c0, c2 = c0;
        T d0 = T.Spread(block.Biases + 3), d1 = d0, d2 = d0;
        var weights = block.Weights;
        var end = block.Offsets + block.Taps;
        for (var offset = block.Offsets; offset < end; offset++)
        {
            var source = input + T.Read(offset);
            T x0 = T.Load(source), x1 = T.Load(source + T.Count), x2 = T.Load(source + 2 * T.Count);
            var weight = T.Spread(weights);
            (a0, a1, a2) = (T.MultiplyAdd(weight, x0, a0), T.MultiplyAdd(weight, x1, a1), T.MultiplyAdd(weight, x2, a2));
            weight = T.Spread(weights + 1);
            (b0, b1, b2) = (T.MultiplyAdd(weight, x0, b0), T.MultiplyAdd(weight, x1, b1), T.MultiplyAdd(weight, x2, b2));
            weight = T.Spread(weights + 2);
            (c0, c1, c2) = (T.MultiplyAdd(weight, x0, c0), T.MultiplyAdd(weight, x1, c1), T.MultiplyAdd(weight, x2, c2));
            weight = T.Spread(weights + 3);
            (d0, d1, d2) = (T.MultiplyAdd(weight, x0, d0), T.MultiplyAdd(weight, x1, d1), T.MultiplyAdd(weight, x2, d2));
            weights += Rows;
        }
        var (stride, step) = (block.OutStride, Written<T>(block));
        Store(block, output, a0, slope);
        Store(block, output + step, a1, slope);
        Store(block, output + 2 * step, a2, slope);
        if (block.Rows > 1)
        {
            output += stride;
            Store(block, output, b0, slope);
            Store(block, output + step, b1, slope);
            Store(block, output + 2 * step, b2, slope);
        }
        if (block.Rows > 2)
        {
            output += stride;
            Store(block, output, c0, slope);
            Store(block, output + step, c1, slope);
            Store(block, output + 2 * step, c2, slope);
        }
        if (block.Rows > 3)
        {
            output += stride;
            Store(block, output, d0, slope);
            Store(block, output + step, d1, slope);
            Store(block, output + 2 * step, d2, slope);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Two<T>(in ConvolutionBlock block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        T a0 = T.Spread(block.Biases), a1 = a0;
        T b0 = T.Spread(block.Biases + 1), b1 = b0;
        T c0 = T.Spread(block.Biases + 2), c1 = c0;
        T d0 = T.Spread(block.Biases + 3), d1 = d0;
        var weights = block.Weights;
        var end = block.Offsets + block.Taps;
        for (var offset = block.Offsets; offset < end; offset++)
        {
            var source = input + T.Read(offset);
            T x0 = T.Load(source), x1 = T.Load(source + T.Count);
            var weight = T.Spread(weights);
            (a0, a1) = (T.MultiplyAdd(weight, x0, a0), T.MultiplyAdd(weight, x1, a1));
            weight = T.Spread(weights + 1);
            (b0, b1) = (T.MultiplyAdd(weight, x0, b0), T.MultiplyAdd(weight, x1, b1));
            weight = T.Spread(weights + 2);
            (c0, c1) = (T.MultiplyAdd(weight, x0, c0), T.MultiplyAdd(weight, x1, c1));
            weight = T.Spread(weights + 3);
            (d0, d1) = (T.MultiplyAdd(weight, x0, d0), T.MultiplyAdd(weight, x1, d1));
            weights += Rows;
        }
        StoreColumn(block, output, a0, b0, c0, d0, slope);
        StoreColumn(block, output + (Written<T>(block)), a1, b1, c1, d1, slope);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(in ConvolutionBlock block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        T a = T.Spread(block.Biases), b = T.Spread(block.Biases + 1), c = T.Spread(block.Biases + 2), d = T.Spread(block.Biases + 3);
        var weights = block.Weights;
        var end = block.Offsets + block.Taps;
        for (var offset = block.Offsets; offset < end; offset++)
        {
            var x = T.Load(input + T.Read(offset));
            a = T.MultiplyAdd(T.Spread(weights), x, a);
            b = T.MultiplyAdd(T.Spread(weights + 1), x, b);
            c = T.MultiplyAdd(T.Spread(weights + 2), x, c);
            d = T.MultiplyAdd(T.Spread(weights + 3), x, d);
            weights += Rows;
        }
        StoreColumn(block, output, a, b, c, d, slope);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Single<T>(in ConvolutionBlock block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        // Two sums for each vector, so that one multiply-add need not wait for the one before.
        T a0 = T.Spread(block.Biases), a1 = a0, a2 = a0, a3 = a0, b0 = default, b1 = default, b2 = default, b3 = default;
        var weights = block.Weights;
        var tap = 0;
        for (; tap < block.Taps - 1; tap += 2, weights += 2 * Rows)
        {
            float* source = input + T.Read(block.Offsets + tap), other = input + T.Read(block.Offsets + tap + 1);
            var weight = T.Spread(weights);
            (a0, a1) = (T.MultiplyAdd(weight, T.Load(source), a0), T.MultiplyAdd(weight, T.Load(source + T.Count), a1));
            (a2, a3) = (T.MultiplyAdd(weight, T.Load(source + 2 * T.Count), a2), T.MultiplyAdd(weight, T.Load(source + 3 * T.Count), a3));
            weight = T.Spread(weights + Rows);
            (b0, b1) = (T.MultiplyAdd(weight, T.Load(other), b0), T.MultiplyAdd(weight, T.Load(other + T.Count), b1));
            (b2, b3) = (T.MultiplyAdd(weight, T.Load(other + 2 * T.Count), b2), T.MultiplyAdd(weight, T.Load(other + 3 * T.Count), b3));
        }
        if (tap < block.Taps)
        {
            var source = input + T.Read(block.Offsets + tap);
            var weight = T.Spread(weights);
            (b0, b1) = (T.MultiplyAdd(weight, T.Load(source), b0), T.MultiplyAdd(weight, T.Load(source + T.Count), b1));
            (b2, b3) = (T.MultiplyAdd(weight, T.Load(source + 2 * T.Count), b2), T.MultiplyAdd(weight, T.Load(source + 3 * T.Count), b3));
        }
        var step = Written<T>(block);
        Store(block, output, T.Add(a0, b0), slope);
        Store(block, output + step, T.Add(a1, b1), slope);
        Store(block, output + 2 * step, T.Add(a2, b2), slope);
        Store(block, output + 3 * step, T.Add(a3, b3), slope);
    }

    /// <summary>Floats that are written for a vector of time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Written<T>(in ConvolutionBlock block)
        where T : struct, ILanes<T> => block.Epilogue == ConvolutionEpilogue.ActivationAndPairMax ? T.Count / 2 : T.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumn<T>(in ConvolutionBlock block, float* output, T a, T b, T c, T d, T slope)
        where T : struct, ILanes<T>
    {
        Store(block, output, a, slope);
        if (block.Rows > 1)
            Store(block, output + block.OutStride, b, slope);
        if (block.Rows > 2)
            Store(block, output + 2 * block.OutStride, c, slope);
        if (block.Rows > 3)
            Store(block, output + 3 * block.OutStride, d, slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(in ConvolutionBlock block, float* output, T sum, T slope)
        where T : struct, ILanes<T>
    {
        if (block.Epilogue == ConvolutionEpilogue.None)
            T.Store(sum, output);
        else if (block.Epilogue == ConvolutionEpilogue.Activation)
            T.Store(T.Activate(sum, slope), output);
        else
            T.StorePairMax(T.Activate(sum, slope), output);
    }
}

/// <summary>What becomes of a convolution's sums.</summary>
internal enum ConvolutionEpilogue
{
    /// <summary>They are written as they are.</summary>
    None,

    /// <summary>The activation is.</summary>
    Activation,

    /// <summary>Of each pair of neighbours, the larger activation is.</summary>
    ActivationAndPairMax,
}

/// <summary>What all blocks of the same output channels share.</summary>
/// <param name="offsets">Where a tap reads, in floats from the output's time in the first input row.</param>
/// <param name="taps">How many there are.</param>
/// <param name="weights">Four, one for each output channel, for every tap.</param>
/// <param name="biases">Four.</param>
/// <param name="outStride">Floats from an output row to the next.</param>
/// <param name="rows">Output channels that are written, up to four.</param>
/// <param name="epilogue">What becomes of the sums.</param>
internal readonly unsafe struct ConvolutionBlock(
    int* offsets, int taps, float* weights, float* biases, int outStride, int rows, ConvolutionEpilogue epilogue)
{
    public readonly int* Offsets = offsets;
    public readonly float* Weights = weights;
    public readonly float* Biases = biases;
    public readonly int Taps = taps;
    public readonly int OutStride = outStride;
    public readonly int Rows = rows;
    public readonly ConvolutionEpilogue Epilogue = epilogue;
}
