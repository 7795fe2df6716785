using System.Diagnostics;
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
    public void A_recordings_noise_takes_well_under_a_millisecond()
    {
        var values = new float[12_000];
        var random = new EcgRandom(1);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            NormalNoise.Fill(values, 0.03, random);
            var elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }
        Assert.True(best.TotalMicroseconds < 500, $"the fastest of 200 took {best.TotalMicroseconds:f0} microseconds");
    }
}
