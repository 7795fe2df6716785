using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;

namespace SignalCam.Core.Tests.Augmentation;

public class NormalNoiseTests
{
    /// <summary>Standard normal distribution function at the points below, from tables (Abramowitz and Stegun, table 26.1).</summary>
    private static readonly (double X, double Below)[] Table =
    [
        (-3, 0.0013498980), (-2, 0.0227501319), (-1, 0.1586552539), (-0.5, 0.3085375387), (0, 0.5),
        (0.25, 0.5987063257), (0.5, 0.6914624613), (1, 0.8413447461), (1.5, 0.9331927987), (2, 0.9772498681), (3, 0.9986501020),
    ];

    [Fact]
    public void The_numbers_follow_the_normal_distribution()
    {
        var values = new float[2_000_000];
        NormalNoise.Fill(values, 1, new EcgRandom(11));
        foreach (var (x, below) in Table)
        {
            var allowed = 4.5 * Math.Sqrt(below * (1 - below) / values.Length);
            Assert.Equal(below, values.Count(v => v < x) / (double)values.Length, allowed);
        }
        Assert.Equal(0, values.Average(v => (double)v), 0.0035);
        Assert.Equal(1, values.Average(v => (double)v * v), 0.005);
        Assert.Equal(3, values.Average(v => Math.Pow(v, 4)), 0.04);
        // Beyond the ziggurat's edge, where numbers come from another algorithm: 2 x 1.2902e-4 of them.
        Assert.InRange(values.Count(v => Math.Abs(v) > 3.6541528853610088), 440, 600);
        Assert.InRange(values.Count(v => Math.Abs(v) > 4.2), 30, 80);
    }

    [Fact]
    public void Neighbours_are_not_correlated()
    {
        var values = new float[1_000_000];
        NormalNoise.Fill(values, 1, new EcgRandom(12));
        Assert.InRange(Recordings.Correlation(values.AsSpan(1), values.AsSpan(0, values.Length - 1)), -0.0045, 0.0045);
    }

    [Fact]
    public void Nearly_every_number_takes_one_draw()
    {
        var values = new float[12_000];
        var (random, twin) = (new EcgRandom(1), new EcgRandom(1));
        NormalNoise.Fill(values, 0.03, random);
        // The twin is as far when its next numbers are the same.
        ulong[] next = [random.NextUInt64(), random.NextUInt64()];
        var (draws, last) = (-2, new ulong[2]);
        while (!last.SequenceEqual(next))
        {
            last = [last[1], twin.NextUInt64()];
            draws++;
            Assert.InRange(draws, -1, 2 * values.Length);
        }
        Assert.InRange(draws, values.Length, 1.03 * values.Length);
    }
}
