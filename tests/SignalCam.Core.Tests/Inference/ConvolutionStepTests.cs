using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Tests.Inference;

/// <summary>Both ways to compute a convolution, against its definition in double.</summary>
public sealed class ConvolutionStepTests
{
    [Theory]
    [InlineData(3, 4, 2, 100, 1.0f, false)]
    [InlineData(7, 5, 3, 125, 0.01f, false)]
    [InlineData(7, 16, 12, 250, 0.2f, true)]
    [InlineData(7, 1, 3, 125, 1.0f, false)]
    [InlineData(8, 1, 1, 101, 0.0f, true)]
    [InlineData(11, 6, 4, 1000, 0.0f, true)]
    [InlineData(39, 9, 2, 131, 1.0f, false)]
    [InlineData(163, 4, 2, 140, 1.0f, false)]
    public void Both_ways_give_the_convolution(int kernel, int channels, int inputChannels, int length, float slope, bool halves)
    {
        foreach (var (before, after) in new[] { (kernel / 2, (kernel - 1) / 2), (0, kernel - 1), (kernel - 1, 0) })
            foreach (var width in Enum.GetValues<VectorWidth>().Where(width => width != VectorWidth.Checked))
            {
                var problem = new Problem(kernel, channels, inputChannels, length, slope, halves, before, after);
                problem.Check(problem.Direct(), width);
                problem.Check(problem.Winograd(), width);
            }
    }

    [Fact]
    public void Winograds_way_costs_few_digits()
    {
        var problem = new Problem(kernel: 8, channels: 16, inputChannels: 32, length: 1000, slope: 1, halves: false, before: 4, after: 3);
        var squares = problem.Check(problem.Winograd(), VectorWidth.V256);
        Assert.InRange(Math.Sqrt(squares / (16 * 1000)), 0, 1e-6);
    }

    [Theory]
    [InlineData(11, 1, 16, 1000, true)]
    [InlineData(7, 1, 64, 125, true)]
    [InlineData(3, 1, 64, 250, true)]
    [InlineData(7, 2, 64, 125, false)]
    [InlineData(7, 1, 64, 63, false)]
    [InlineData(7, 1, 1, 1000, false)]
    [InlineData(3, 1, 8, 1000, false)]
    [InlineData(1, 1, 512, 1000, false)]
    public void Winograds_way_is_taken_where_it_saves(int kernel, int stride, int channels, int length, bool expected)
    {
        var slot = new RowSlot(length, 16, 64);
        var node = new ConvolutionNode("c", "x", channels, kernel, stride, kernel / 2, kernel / 2, true);
        Assert.Equal(expected, WinogradConvolution.Suits(new(node, "c", slot, 1, slot, channels, length, 1, false)));
    }

    private sealed unsafe class Problem
    {
        private const int Margin = 64;

        private readonly double[,] _input;
        private readonly double[] _weights;
        private readonly double[] _biases;
        private readonly Scratch _scratch = new();
        private readonly RowSlots _slots;

        public Problem(int kernel, int channels, int inputChannels, int length, float slope, bool halves, int before, int after)
        {
            var random = new EcgRandom((ulong)(kernel + before));
            _slots = new RowSlots(RowSlot.RoundUp(before), RowSlot.RoundUp(after) + 3 * RowSlot.Alignment);
            Plan = new(
                new ConvolutionNode("c", "x", channels, kernel, 1, before, after, true), "c",
                _slots.Take(inputChannels, length), inputChannels, _slots.Take(channels, halves ? length / 2 : length),
                channels, length, slope, halves);
            _weights = [.. Enumerable.Range(0, channels * inputChannels * kernel)
                .Select(_ => random.Normal() / Math.Sqrt(inputChannels * kernel))];
            _biases = [.. Enumerable.Range(0, channels).Select(_ => random.Normal())];
            _input = new double[inputChannels, length];
            foreach (ref var x in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref _input[0, 0], _input.Length))
                x = (float)random.Normal();
        }

        public ConvolutionPlan Plan { get; }

        public DirectConvolution Direct() => new(Plan, _weights, _biases);

        public WinogradConvolution Winograd() => new(Plan, _weights, _biases, _scratch);

        /// <summary>Runs a step; the sum of the squared errors.</summary>
        public double Check(ConvolutionStep step, VectorWidth width)
        {
            _scratch.Offset = _slots.Place();
            var size = (int)(_scratch.Offset + _scratch.Size);
            var memory = new float[size + Margin];
            var squares = 0.0;
            fixed (float* workspace = memory)
            {
                // What another step left there must not matter, and nothing may be written behind the end.
                memory.AsSpan(_scratch.Offset).Fill(float.NaN);
                for (var c = 0; c < Plan.InputChannels; c++)
                    for (var t = 0; t < Plan.Input.Length; t++)
                        Plan.Input.Row(workspace, c)[t] = (float)_input[c, t];
                step.Run(workspace, width);
                for (var c = 0; c < Plan.Channels; c++)
                {
                    var found = Plan.Output.Row(workspace, c);
                    for (var t = 0; t < found.Length; t++)
                    {
                        var expected = Plan.HalvesByMax ? Math.Max(At(c, 2 * t), At(c, 2 * t + 1)) : At(c, t);
                        Assert.Equal(expected, found[t], 2e-5);
                        squares += (found[t] - expected) * (found[t] - expected);
                    }
                    // The padding of whoever reads the row.
                    var margins = new ReadOnlySpan<float>(
                        workspace + Plan.Output.Offset + c * Plan.Output.Stride + found.Length, Plan.Output.Stride - found.Length);
                    Assert.Equal(-1, margins.IndexOfAnyExcept(0f));
                }
                Assert.Equal(-1, memory.AsSpan(size).IndexOfAnyExcept(float.NaN));
            }
            return squares;
        }

        private double At(int channel, int time)
        {
            var sum = _biases[channel];
            for (var c = 0; c < Plan.InputChannels; c++)
                for (var k = 0; k < Plan.Node.Kernel; k++)
                    if (time + k - Plan.Node.PaddingBefore is >= 0 and var t && t < Plan.Input.Length)
                        sum += _weights[(channel * Plan.InputChannels + c) * Plan.Node.Kernel + k] * _input[c, t];
            return Math.Max(sum, Plan.Slope * sum);
        }
    }
}
