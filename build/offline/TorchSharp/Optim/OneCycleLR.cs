namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>
                /// Up from max_lr / div_factor to max_lr, then down to far below the start (Smith and Topin 2018); the momentum, or
                /// Adam's first beta, goes the other way. Step it after every batch.
                /// </summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly Plan[] plans;
                    private readonly int total;
                    private readonly bool cycleMomentum;
                    private readonly AnnealStrategy strategy;

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Same(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, Same(optimizer, base_momentum), Same(optimizer, max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        total = total_steps > 0 ? total_steps : epochs > 0 && steps_per_epoch > 0 ? epochs * steps_per_epoch
                            : throw new ArgumentException("give total_steps, or epochs and steps_per_epoch");
                        if (pct_start is < 0 or > 1)
                            throw new ArgumentException($"pct_start is {pct_start}, expected a number from 0 to 1");
                        strategy = anneal_strategy;
                        cycleMomentum = cycle_momentum;
                        plans = [.. max_lr
                            .Zip(base_momentum ?? Same(optimizer, 0.85), max_momentum ?? Same(optimizer, 0.95))
                            .Select(group => new Plan(Phases(group.First, group.First / div_factor, final_div_factor, group.Second, group.Third, pct_start, three_phase)))];
                        if (last_epoch == -1)
                            foreach (var (group, plan) in Groups.Zip(plans))
                                group.InitialLearningRate = plan.Phases[0].StartRate;
                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (Epoch > total)
                            throw new InvalidOperationException($"Tried to step {Epoch} times, the plan has {total} steps");
                        var groups = Groups;
                        var rates = new double[groups.Length];
                        for (var i = 0; i < groups.Length; i++)
                        {
                            (rates[i], var momentum) = At(plans[i], Epoch);
                            if (cycleMomentum)
                                SetMomentum(groups[i], momentum);
                        }
                        return rates;
                    }

                    private (double Rate, double Momentum) At(Plan plan, int step)
                    {
                        var start = 0.0;
                        foreach (var phase in plan.Phases)
                        {
                            if (step <= phase.End || ReferenceEquals(phase, plan.Phases[^1]))
                            {
                                var done = (step - start) / (phase.End - start);
                                return (Anneal(phase.StartRate, phase.EndRate, done), Anneal(phase.StartMomentum, phase.EndMomentum, done));
                            }
                            start = phase.End;
                        }
                        throw new InvalidOperationException("a plan without phases");
                    }

                    private double Anneal(double start, double end, double done) =>
                        strategy == AnnealStrategy.Linear ? (end - start) * done + start : end + (start - end) / 2 * (Math.Cos(Math.PI * done) + 1);

                    private Phase[] Phases(double max, double initial, double finalDivisor, double lowMomentum, double highMomentum, double portion, bool threePhase)
                    {
                        var peak = portion * total - 1;
                        var rise = new Phase(peak, initial, max, highMomentum, lowMomentum);
                        return threePhase
                            ? [rise, new Phase(2 * portion * total - 2, max, initial, lowMomentum, highMomentum), new Phase(total - 1, initial, initial / finalDivisor, highMomentum, highMomentum)]
                            : [rise, new Phase(total - 1, max, initial / finalDivisor, lowMomentum, highMomentum)];
                    }

                    private static void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (group is IBetas adaptive)
                            adaptive.Betas = (momentum, adaptive.Betas.Item2);
                        else if (group is IMomentum plain)
                            plain.Momentum = momentum;
                    }

                    private static double[] Same(Optimizer optimizer, double value) => [.. optimizer.ParamGroups.Select(_ => value)];

                    private sealed record Phase(double End, double StartRate, double EndRate, double StartMomentum, double EndMomentum);

                    private sealed record Plan(Phase[] Phases);
                }
            }

            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);
        }
    }
}
