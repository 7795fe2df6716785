using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace SignalCam.Offline.Torch;

/// <summary>Sequences that PyTorch's manual states, or that follow from its formulas by hand.</summary>
public class SchedulerTests
{
    [Fact]
    public void StepLR_divides_at_every_step_size() =>
        AssertRates(1, optimizer => StepLR(optimizer, 2, 0.1), [1, 1, 0.1, 0.1, 0.01]);

    [Fact]
    public void MultiStepLR_divides_at_its_milestones() =>
        AssertRates(1, optimizer => MultiStepLR(optimizer, [1, 3], 0.1), [1, 0.1, 0.1, 0.01, 0.01]);

    [Fact]
    public void ExponentialLR_divides_at_every_epoch() =>
        AssertRates(1, optimizer => ExponentialLR(optimizer, 0.5), [1, 0.5, 0.25, 0.125]);

    [Fact]
    public void LambdaLR_multiplies_the_base_rate() =>
        AssertRates(2, optimizer => LambdaLR(optimizer, epoch => 1.0 / (1 + epoch)), [2, 1, 2.0 / 3, 0.5]);

    [Fact]
    public void LinearLR_is_the_manuals_sequence() =>
        AssertRates(0.05, optimizer => LinearLR(optimizer, start_factor: 0.5, total_iters: 4), [0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05]);

    [Fact]
    public void CosineAnnealingLR_is_half_a_cosine_and_back() =>
        AssertRates(1, optimizer => CosineAnnealingLR(optimizer, 4, 0.1), [1, Cosine(1), Cosine(2), Cosine(3), 0.1, Cosine(3), Cosine(2), Cosine(1), 1]);

    [Fact]
    public void SequentialLR_starts_the_next_at_its_milestone() =>
        AssertRates(1, optimizer => SequentialLR(optimizer, [LinearLR(optimizer, 0.1, 0.1, 2), ExponentialLR(optimizer, 0.9)], [2]), [0.1, 0.1, 1, 0.9, 0.81]);

    [Fact]
    public void OneCycleLR_rises_and_falls_by_cosine_and_turns_the_momentum()
    {
        using var parameter = new Parameter(torch.zeros(1));
        using var optimizer = optim.AdamW([parameter], 1);
        var scheduler = OneCycleLR(optimizer, 0.5, total_steps: 20, pct_start: 0.3);
        var (rates, momenta) = (new List<double>(), new List<double>());
        for (var step = 0; step < 20; step++)
        {
            rates.Add(scheduler.get_last_lr().Single());
            momenta.Add(optimizer.Betas.Item1);
            if (step < 19)
                scheduler.step();
        }
        Assert.Equal(0.02, rates[0], 1e-15);
        Assert.Equal(0.5, rates[5], 1e-15);
        Assert.Equal(2e-6, rates[19], 1e-15);
        Assert.Equal(0.02 + (0.5 - 0.02) * (1 - Math.Cos(Math.PI * 2 / 5)) / 2, rates[2], 1e-14);
        Assert.Equal(2e-6 + (0.5 - 2e-6) * (1 + Math.Cos(Math.PI * 4 / 14)) / 2, rates[9], 1e-14);
        Assert.Equal(0.95, momenta[0], 1e-15);
        Assert.Equal(0.85, momenta[5], 1e-15);
        Assert.Equal(0.95, momenta[19], 1e-15);
        Assert.Equal(0.999, optimizer.Betas.Item2);
        scheduler.step();
        Assert.Throws<InvalidOperationException>(() => scheduler.step());
    }

    [Fact]
    public void OneCycleLR_in_a_line_over_three_phases() =>
        AssertRates(1, optimizer => OneCycleLR(optimizer, 1, epochs: 2, steps_per_epoch: 5, pct_start: 0.3, anneal_strategy: impl.OneCycleLR.AnnealStrategy.Linear, cycle_momentum: false, div_factor: 10, final_div_factor: 10, three_phase: true),
            [0.1, 0.55, 1, 0.55, 0.1, 0.082, 0.064, 0.046, 0.028, 0.01]);

    [Fact]
    public void ReduceLROnPlateau_waits_its_patience_with_a_relative_threshold()
    {
        // 0.85 is better than 0.9 by more than 5e-2 of it, 0.84 is not better than 0.85: counted from there.
        AssertPlateau(optimizer => ReduceLROnPlateau(optimizer, "min", 0.5, patience: 2, threshold: 0.05),
            [(0.9, 1), (0.85, 1), (0.84, 1), (0.84, 1), (0.84, 0.5), (0.84, 0.5), (0.84, 0.5), (0.84, 0.25), (0.5, 0.25)]);
    }

    [Fact]
    public void ReduceLROnPlateau_of_a_maximum_cools_down_and_stops_at_its_minimum()
    {
        AssertPlateau(optimizer => ReduceLROnPlateau(optimizer, "max", 0.1, patience: 0, threshold: 0.1, threshold_mode: "abs", cooldown: 1, min_lr: [0.05]),
            [(0.5, 1), (0.55, 0.1), (0.55, 0.1), (0.55, 0.05), (0.7, 0.05), (0.7, 0.05)]);
    }

    [Fact]
    public void ReduceLROnPlateau_needs_a_metric()
    {
        using var parameter = new Parameter(torch.zeros(1));
        using var optimizer = optim.SGD([parameter], 1);
        Assert.Throws<InvalidOperationException>(() => ReduceLROnPlateau(optimizer).step());
        Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(optimizer, "least"));
    }

    private static double Cosine(int epoch) => 0.1 + 0.9 * (1 + Math.Cos(Math.PI * epoch / 4)) / 2;

    private static void AssertRates(double rate, Func<optim.Optimizer, LRScheduler> create, double[] expected)
    {
        using var parameter = new Parameter(torch.zeros(1));
        using var optimizer = optim.SGD([parameter], rate);
        var scheduler = create(optimizer);
        for (var epoch = 0; epoch < expected.Length; epoch++)
        {
            Assert.Equal(expected[epoch], optimizer.ParamGroups.Single().LearningRate, 1e-12);
            scheduler.step();
        }
    }

    private static void AssertPlateau(Func<optim.Optimizer, LRScheduler> create, (double Metric, double Rate)[] sequence)
    {
        using var parameter = new Parameter(torch.zeros(1));
        using var optimizer = optim.SGD([parameter], 1);
        var scheduler = create(optimizer);
        foreach (var (metric, rate) in sequence)
        {
            scheduler.step(metric);
            Assert.Equal(rate, optimizer.ParamGroups.Single().LearningRate, 1e-12);
        }
    }
}
