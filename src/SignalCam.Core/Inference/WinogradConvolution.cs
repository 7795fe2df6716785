using System.Runtime.CompilerServices;

namespace SignalCam.Core.Inference;

/// <summary>
/// A convolution over time by Winograd's minimal filtering F(4, 4) (Winograd 1980; Lavin and Gray 2016,
/// <see href="https://arxiv.org/abs/1509.09308">arXiv:1509.09308</see>): four outputs of four taps cost 7 multiplications instead of 16.
/// </summary>
/// <remarks>
/// <para>Time is cut into tiles of four outputs, the kernel into parts of four taps. A tile's seven samples are taken to the values at
/// seven points of the polynomial whose coefficients they are (transposed), the points being 0, 1, -1, 2, -2, 1/2 and -1/2; there a part of
/// the kernel is one multiplication a point, and the sums over input channels and parts are taken back to the four outputs. As a part is as
/// long as a tile, the next part reads the next tile: one transformation of the input serves all of them, and the sums at a point are a
/// plain convolution over tiles, for which <see cref="ConvolutionKernel"/> is used.</para>
/// <para>Rounding errors stay below 1e-6 (root mean square, sums of about 1), which a test asserts.</para>
/// </remarks>
internal sealed unsafe class WinogradConvolution : ConvolutionStep
{
    private const int Tile = 4;
    private const int Points = 2 * Tile - 1;
    private const int LeastLength = 100;

    // One block's sums at all points: four channels, three vectors of the widest kind.
    private const int SumStride = ConvolutionKernel.Vectors * RowSlot.Alignment;
    private const int SumFloats = Points * ConvolutionKernel.Rows * SumStride;

    private static readonly double[] s_points = [0, 1, -1, 2, -2, 0.5, -0.5];

    private readonly Scratch _scratch;
    private readonly float[] _weights;
    private readonly float[] _biases;
    private readonly int[] _offsets;
    private readonly int _parts;
    private readonly int _stride;
    private readonly long _scratchFloats;

    /// <summary>Prepares the weights.</summary>
    /// <param name="plan">What is computed.</param>
    /// <param name="weights">(output channel, input channel, kernel).</param>
    /// <param name="biases">One per output channel.</param>
    /// <param name="scratch">Where values and sums at the points are kept during the step.</param>
    public WinogradConvolution(ConvolutionPlan plan, double[] weights, double[] biases, Scratch scratch)
        : base(plan)
    {
        _scratch = scratch;
        _parts = Parts(plan.Node.Kernel);
        // Up to a vector of zeros and a vector that is read and not used behind the tiles of a row.
        _stride = RowSlot.RoundUp(Tiles + _parts) + RowSlot.Alignment;
        _offsets = [.. Enumerable.Range(0, plan.InputChannels * _parts).Select(tap => tap / _parts * _stride + tap % _parts)];
        _biases = PackedConvolution.Biases(biases, 1);
        _weights = [.. s_points.SelectMany(
            point => PackedConvolution.Weights(WeightsAt(point, weights, plan.Node.Kernel, _parts), 1, plan.Channels))];
        _scratchFloats = SumFloats + (long)Points * plan.InputChannels * _stride + RowSlot.Alignment * ConvolutionKernel.Vectors;
        scratch.Reserve(_scratchFloats);
    }

    public override IEnumerable<MemoryAccess> Accesses
    {
        get
        {
            // Tiles are read four vectors at a time, up to four behind those of the last one that is needed.
            var tiles = Math.Min((Plan.Input.Length + Plan.Node.PaddingBefore + Tile - 1) / Tile, Tiles + _parts - 1);
            var begin = Plan.Input.Offset - (long)Plan.Node.PaddingBefore;
            yield return new(
                begin, begin + (Plan.InputChannels - 1L) * Plan.Input.Stride + (RowSlot.RoundUp(tiles) + RowSlot.Alignment) * (long)Tile);
            yield return new(_scratch.Offset, _scratch.Offset + _scratchFloats, _scratch);
            yield return OutputAccess(RowSlot.RoundUp(Tiles) * (long)Tile);
        }
    }

    public override long InnerMultiplyAdds => (long)Points * _offsets.Length * Plan.Channels * Tiles;

    private int Tiles => (Plan.Length + Tile - 1) / Tile;

    /// <summary>
    /// Whether a convolution is sooner done this way: the transformations must be made up for by the multiplications that are saved.
    /// </summary>
    public static bool Suits(ConvolutionPlan plan)
    {
        const int TransformationOfATile = 100;
        var saved = (Tile * plan.Node.Kernel - Points * Parts(plan.Node.Kernel)) * PackedConvolution.RoundUp(plan.Channels);
        return plan.Node is { Stride: 1, Dilation: 1, Groups: 1 } && plan.Length >= LeastLength && saved >= TransformationOfATile;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Run<T>(float* workspace)
    {
        var sums = workspace + _scratch.Offset;
        var values = sums + SumFloats;
        for (var c = 0; c < Plan.InputChannels; c++)
            TransformRow<T>(workspace + Plan.Input.Offset + c * Plan.Input.Stride - Plan.Node.PaddingBefore, values + c * _stride);
        fixed (float* weights = _weights, biases = _biases)
        fixed (int* offsets = _offsets)
        {
            T.Permit(weights, (long)_weights.Length * sizeof(float));
            T.Permit(offsets, (long)_offsets.Length * sizeof(int));
            var (taps, vectors, channels) = (_offsets.Length, (Tiles + T.Count - 1) / T.Count, Plan.Channels);
            var toNextPoint = PackedConvolution.RoundUp(channels) * taps;
            // The bias of the sums.
            var zeros = stackalloc float[ConvolutionKernel.Rows];
            T.Permit(zeros, ConvolutionKernel.Rows * sizeof(float));
            for (int first = 0, count; first < vectors; first += count)
            {
                count = ConvolutionKernel.NextVectors(vectors - first, ConvolutionKernel.Rows);
                for (var channel = 0; channel < channels; channel += ConvolutionKernel.Rows)
                {
                    for (var point = 0; point < Points; point++)
                    {
                        var block = new ConvolutionBlock(offsets, taps, weights + point * toNextPoint + channel * taps, zeros, SumStride,
                            ConvolutionKernel.Rows, ConvolutionEpilogue.None);
                        ConvolutionKernel.Run(block, count, values + point * Plan.InputChannels * _stride + first * T.Count,
                            sums + point * ConvolutionKernel.Rows * SumStride, default(T));
                    }
                    for (var row = 0; row < Math.Min(ConvolutionKernel.Rows, channels - channel); row++)
                        Finish<T>(sums + row * SumStride, count, biases[channel + row],
                            workspace + Plan.Output.Offset + (channel + row) * Plan.Output.Stride, first * T.Count);
                }
            }
        }
    }

    /// <summary>Of each tile of a row, the values at the points: rows that lie as far apart as all input channels take.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void TransformRow<T>(float* source, float* target)
        where T : struct, ILanes<T>
    {
        var toNext = Plan.InputChannels * _stride;
        // What lies behind the padding's first whole tile is zero.
        var (tiles, needed) = ((Plan.Input.Length + Plan.Node.PaddingBefore + Tile - 1) / Tile, Tiles + _parts - 1);
        var at = 0;
        var (d0, d1, d2, d3) = Deal<T>(source);
        for (; at < Math.Min(tiles, needed); at += T.Count)
        {
            // A tile's last three samples are the next tile's first.
            var next = Deal<T>(source + (at + T.Count) * Tile);
            T d4 = T.ShiftIn(d0, next.First), d5 = T.ShiftIn(d1, next.Second), d6 = T.ShiftIn(d2, next.Third);
            var to = target + at;
            T.Store(T.MultiplyAdd(T.Broadcast(5.25f), T.Subtract(d2, d4), T.Subtract(d6, d0)), to);
            StoreSumAndDifference(T.Add(T.MultiplyAdd(T.Broadcast(-4.25f), d4, d2), d6),
                T.Add(T.MultiplyAdd(T.Broadcast(-4.25f), d3, d1), d5), to + toNext, toNext);
            StoreSumAndDifference(
                T.MultiplyAdd(T.Broadcast(-1.25f), d4, T.MultiplyAdd(T.Broadcast(0.25f), d2, d6)),
                T.MultiplyAdd(T.Broadcast(2), d5, T.MultiplyAdd(T.Broadcast(-2.5f), d3, T.Multiply(T.Broadcast(0.5f), d1))),
                to + 3 * toNext, toNext);
            StoreSumAndDifference(
                T.MultiplyAdd(T.Broadcast(-5), d4, T.MultiplyAdd(T.Broadcast(4), d2, d6)),
                T.MultiplyAdd(T.Broadcast(0.5f), d5, T.MultiplyAdd(T.Broadcast(-2.5f), d3, T.Multiply(T.Broadcast(2), d1))),
                to + 5 * toNext, toNext);
            (d0, d1, d2, d3) = next;
        }
        for (; at < needed; at += T.Count)
            for (var point = 0; point < Points; point++)
                T.Store(T.Broadcast(0), target + point * toNext + at);
    }

    /// <summary>Of as many tiles as a vector has lanes, the first sample of each, the second, the third and the fourth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T First, T Second, T Third, T Fourth) Deal<T>(float* source)
        where T : struct, ILanes<T>
    {
        var (even0, odd0) = T.Deinterleave(T.Load(source), T.Load(source + T.Count));
        var (even1, odd1) = T.Deinterleave(T.Load(source + 2 * T.Count), T.Load(source + 3 * T.Count));
        var (first, third) = T.Deinterleave(even0, even1);
        var (second, fourth) = T.Deinterleave(odd0, odd1);
        return (first, second, third, fourth);
    }

    /// <summary>The values at a point and at its negative: the even powers and the odd ones, added and subtracted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSumAndDifference<T>(T even, T odd, float* target, int toNext)
        where T : struct, ILanes<T>
    {
        T.Store(T.Add(even, odd), target);
        T.Store(T.Subtract(even, odd), target + toNext);
    }

    /// <summary>From the sums at the points to a row's outputs, with bias, activation and pooling.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Finish<T>(float* sums, int count, float bias, float* row, int firstTile)
        where T : struct, ILanes<T>
    {
        const int ToNext = ConvolutionKernel.Rows * SumStride;
        var slope = T.Broadcast(Plan.Slope);
        for (var i = 0; i < count; i++)
        {
            var sum = sums + i * T.Count;
            T m1 = T.Load(sum + ToNext), m2 = T.Load(sum + 2 * ToNext), m3 = T.Load(sum + 3 * ToNext);
            T m4 = T.Load(sum + 4 * ToNext), m5 = T.Load(sum + 5 * ToNext), m6 = T.Load(sum + 6 * ToNext);
            T even1 = T.Add(m1, m2), even2 = T.Add(m3, m4), even3 = T.Add(m5, m6);
            T odd1 = T.Subtract(m1, m2), odd2 = T.Subtract(m3, m4), odd3 = T.Subtract(m5, m6);
            var start = T.Broadcast(bias);
            var y0 = T.Activate(T.Add(T.Add(T.Load(sum), even1), T.Add(T.Add(even2, even3), start)), slope);
            var y1 = T.Activate(T.MultiplyAdd(T.Broadcast(2), odd2, T.MultiplyAdd(T.Broadcast(0.5f), odd3, T.Add(odd1, start))), slope);
            var y2 = T.Activate(T.MultiplyAdd(T.Broadcast(4), even2, T.MultiplyAdd(T.Broadcast(0.25f), even3, T.Add(even1, start))), slope);
            var y3 = T.Activate(T.MultiplyAdd(T.Broadcast(8), odd2, T.MultiplyAdd(T.Broadcast(0.125f), odd3, T.Add(odd1, start))), slope);
            var tile = firstTile + i * T.Count;
            if (Plan.HalvesByMax)
            {
                StoreBoth(T.Interleave(T.Max(y0, y1), T.Max(y2, y3)), row + tile * (Tile / 2));
                continue;
            }
            var (evenLow, evenHigh) = T.Interleave(y0, y2);
            var (oddLow, oddHigh) = T.Interleave(y1, y3);
            StoreBoth(T.Interleave(evenLow, oddLow), row + tile * Tile);
            StoreBoth(T.Interleave(evenHigh, oddHigh), row + tile * Tile + 2 * T.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBoth<T>((T Low, T High) pair, float* target)
        where T : struct, ILanes<T>
    {
        T.Store(pair.Low, target);
        T.Store(pair.High, target + T.Count);
    }

    /// <summary>The kernels' parts at a point: (output channel, input channel, part).</summary>
    private static double[] WeightsAt(double point, double[] weights, int kernel, int parts)
    {
        var values = new double[weights.Length / kernel * parts];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, part) = Math.DivRem(i, parts);
            values[i] = ValueAt(point, weights.AsSpan(row * kernel, kernel)[(part * Tile)..Math.Min(kernel, (part + 1) * Tile)]);
        }
        return values;
    }

    /// <summary>The polynomial of four taps at a point, divided by the point's distances to the others.</summary>
    private static double ValueAt(double point, ReadOnlySpan<double> taps)
    {
        var value = 0.0;
        for (var k = taps.Length - 1; k >= 0; k--)
            value = value * point + taps[k];
        foreach (var other in s_points)
            value /= other == point ? 1 : point - other;
        return value;
    }

    private static int Parts(int kernel) => (kernel + Tile - 1) / Tile;
}
