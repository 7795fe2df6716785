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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(ConvolutionStep step, float* workspace)
        where T : struct, ILanes<T>
    {
        fixed (float* weights = step.Weights, biases = step.Biases)
        fixed (int* offsets = step.Offsets)
        {
            var (taps, vectors, outStride) = (step.Offsets.Length, (step.Length + T.Count - 1) / T.Count, step.Output.Stride);
            float* input = workspace + step.Input.Offset, output = workspace + step.Output.Offset;
            var (slope, perVector) = (T.Broadcast(step.Slope), step.HalvesByMax ? T.Count / 2 : T.Count);
            var tile = step.TileVectors(T.Count);
            for (var first = 0; first < vectors; first += tile)
            {
                var end = Math.Min(vectors, first + tile);
                for (var channel = 0; channel < step.Channels; channel += Rows)
                {
                    var block = new Block(offsets, taps, weights + channel * taps, biases + channel, outStride, Math.Min(Rows, step.Channels - channel), step.HalvesByMax);
                    var target = output + channel * outStride;
                    for (var at = first; at < end;)
                    {
                        float* source = input + at * T.Count, destination = target + at * perVector;
                        // 4 are two blocks of 2: a block of 1 has too few sums to keep the units busy.
                        switch (end - at)
                        {
                            case 1:
                                One<T>(block, source, destination, slope);
                                at += 1;
                                break;
                            case 2 or 4:
                                Two<T>(block, source, destination, slope);
                                at += 2;
                                break;
                            default:
                                Three<T>(block, source, destination, slope);
                                at += 3;
                                break;
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Three<T>(in Block block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        T a0 = T.Broadcast(block.Biases[0]), a1 = a0, a2 = a0;
        T b0 = T.Broadcast(block.Biases[1]), b1 = b0, b2 = b0;
        T c0 = T.Broadcast(block.Biases[2]), c1 = c0, c2 = c0;
        T d0 = T.Broadcast(block.Biases[3]), d1 = d0, d2 = d0;
        var weights = block.Weights;
        var end = block.Offsets + block.Taps;
        for (var offset = block.Offsets; offset < end; offset++)
        {
            var source = input + *offset;
            T x0 = T.Load(source), x1 = T.Load(source + T.Count), x2 = T.Load(source + 2 * T.Count);
            var weight = T.Broadcast(weights[0]);
            (a0, a1, a2) = (T.MultiplyAdd(weight, x0, a0), T.MultiplyAdd(weight, x1, a1), T.MultiplyAdd(weight, x2, a2));
            weight = T.Broadcast(weights[1]);
            (b0, b1, b2) = (T.MultiplyAdd(weight, x0, b0), T.MultiplyAdd(weight, x1, b1), T.MultiplyAdd(weight, x2, b2));
            weight = T.Broadcast(weights[2]);
            (c0, c1, c2) = (T.MultiplyAdd(weight, x0, c0), T.MultiplyAdd(weight, x1, c1), T.MultiplyAdd(weight, x2, c2));
            weight = T.Broadcast(weights[3]);
            (d0, d1, d2) = (T.MultiplyAdd(weight, x0, d0), T.MultiplyAdd(weight, x1, d1), T.MultiplyAdd(weight, x2, d2));
            weights += Rows;
        }
        var (stride, step) = (block.OutStride, block.IsPaired ? T.Count / 2 : T.Count);
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
    private static void Two<T>(in Block block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        T a0 = T.Broadcast(block.Biases[0]), a1 = a0;
        T b0 = T.Broadcast(block.Biases[1]), b1 = b0;
        T c0 = T.Broadcast(block.Biases[2]), c1 = c0;
        T d0 = T.Broadcast(block.Biases[3]), d1 = d0;
        var weights = block.Weights;
        var end = block.Offsets + block.Taps;
        for (var offset = block.Offsets; offset < end; offset++)
        {
            var source = input + *offset;
            T x0 = T.Load(source), x1 = T.Load(source + T.Count);
            var weight = T.Broadcast(weights[0]);
            (a0, a1) = (T.MultiplyAdd(weight, x0, a0), T.MultiplyAdd(weight, x1, a1));
            weight = T.Broadcast(weights[1]);
            (b0, b1) = (T.MultiplyAdd(weight, x0, b0), T.MultiplyAdd(weight, x1, b1));
            weight = T.Broadcast(weights[2]);
            (c0, c1) = (T.MultiplyAdd(weight, x0, c0), T.MultiplyAdd(weight, x1, c1));
            weight = T.Broadcast(weights[3]);
            (d0, d1) = (T.MultiplyAdd(weight, x0, d0), T.MultiplyAdd(weight, x1, d1));
            weights += Rows;
        }
        StoreColumn(block, output, a0, b0, c0, d0, slope);
        StoreColumn(block, output + (block.IsPaired ? T.Count / 2 : T.Count), a1, b1, c1, d1, slope);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(in Block block, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        T a = T.Broadcast(block.Biases[0]), b = T.Broadcast(block.Biases[1]), c = T.Broadcast(block.Biases[2]), d = T.Broadcast(block.Biases[3]);
        var weights = block.Weights;
        var end = block.Offsets + block.Taps;
        for (var offset = block.Offsets; offset < end; offset++)
        {
            var x = T.Load(input + *offset);
            a = T.MultiplyAdd(T.Broadcast(weights[0]), x, a);
            b = T.MultiplyAdd(T.Broadcast(weights[1]), x, b);
            c = T.MultiplyAdd(T.Broadcast(weights[2]), x, c);
            d = T.MultiplyAdd(T.Broadcast(weights[3]), x, d);
            weights += Rows;
        }
        StoreColumn(block, output, a, b, c, d, slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumn<T>(in Block block, float* output, T a, T b, T c, T d, T slope)
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
    private static void Store<T>(in Block block, float* output, T sum, T slope)
        where T : struct, ILanes<T>
    {
        var activated = T.Activate(sum, slope);
        if (block.IsPaired)
            T.StorePairMax(activated, output);
        else
            T.Store(activated, output);
    }

    /// <summary>What all blocks of the same output channels share.</summary>
    private readonly struct Block(int* offsets, int taps, float* weights, float* biases, int outStride, int rows, bool isPaired)
    {
        public readonly int* Offsets = offsets;
        public readonly float* Weights = weights;
        public readonly float* Biases = biases;
        public readonly int Taps = taps;
        public readonly int OutStride = outStride;
        public readonly int Rows = rows;
        public readonly bool IsPaired = isPaired;
    }
}
