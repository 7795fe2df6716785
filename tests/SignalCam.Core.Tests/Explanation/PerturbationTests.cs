using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Core.Tests.Explanation;

public sealed class PerturbationTests
{
    [Fact]
    public void Windows_go_by_their_mean_and_ties_in_time()
    {
        float[] map = [1, 1, 5, 0, 2, 3, 9];
        Assert.Equal([3, 1, 2, 0], Perturbation.Rank(map, 2, PerturbationOrder.MostRelevantFirst));
        Assert.Equal([0, 1, 2, 3], Perturbation.Rank(map, 2, PerturbationOrder.LeastRelevantFirst));
    }

    [Fact]
    public void Step_by_step_all_leads_of_a_window_are_replaced()
    {
        float[] samples = [1, 2, 3, 4, 5, 6, 7, 8];
        var steps = new float[3 * 8];
        Perturbation.Steps(samples, new float[8], 2, [1, 0], 2, 2, steps);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 0, 0, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], steps);
    }

    [Fact]
    public void Deleting_the_most_relevant_first_and_inserting_the_least_are_one_curve_read_from_both_ends()
    {
        float[] samples = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], map = [4, 4, 1, 1, 5, 5, 2, 2, 3, 3];
        var (most, least) = (new float[6 * 10], new float[6 * 10]);
        Perturbation.Steps(samples, new float[10], 1, Perturbation.Rank(map, 2, PerturbationOrder.MostRelevantFirst), 2, 5, most);
        Perturbation.Steps(samples, new float[10], 1, Perturbation.Rank(map, 2, PerturbationOrder.LeastRelevantFirst), 2, 5, least);
        // What is gone after s steps of one is what is left after 5 - s of the other.
        for (var step = 0; step <= 5; step++)
            for (var t = 0; t < 10; t++)
                Assert.Equal(samples[t], most[step * 10 + t] + least[(5 - step) * 10 + t]);
    }

    [Fact]
    public void Baselines_are_zero_the_mean_and_noise_like_the_lead()
    {
        var random = new EcgRandom(1);
        float[] samples = [.. Enumerable.Range(0, 2000).Select(_ => (float)(2 + 3 * random.Normal())), .. Enumerable.Repeat(7f, 2000)];
        Assert.All(Perturbation.Baseline(samples, 2, PerturbationBaseline.Zero, random), v => Assert.Equal(0, v));
        var mean = Perturbation.Baseline(samples, 2, PerturbationBaseline.Mean, random);
        Assert.Equal(samples[..2000].Average(), mean[0], 1e-4);
        Assert.Equal(7, mean[^1]);
        var noise = Perturbation.Baseline(samples, 2, PerturbationBaseline.Noise, random);
        Assert.Equal(2, noise[..2000].Average(), 0.3);
        Assert.Equal(3, Math.Sqrt(noise[..2000].Average(v => (v - 2.0) * (v - 2.0))), 0.2);
        Assert.All(noise[2000..], v => Assert.Equal(7, v, 1e-5));
    }

    [Fact]
    public void The_area_is_the_trapezoid_rule_s() => Assert.Equal((0.5 + 0.5 + 0.25 + 0) / 3, Perturbation.Area([1, 0.5, 0.25, 0]), 1e-12);
}
