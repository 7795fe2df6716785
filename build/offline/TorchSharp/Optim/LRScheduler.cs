namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Plans of the learning rate. Each applies its first value when it is made, then one more per step.</summary>
        public static partial class lr_scheduler
        {
            public abstract partial class LRScheduler
            {
                private readonly Optimizer? optimizer;

                public int _step_count;

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    this.optimizer = optimizer;
                    Epoch = last_epoch;
                    Bases = optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToArray();
                }

                /// <summary>The epoch whose rate holds now.</summary>
                internal int Epoch { get; set; }

                private protected double[] Bases { get; } = [];

                private protected double[] Rates => [.. Groups.Select(group => group.LearningRate)];

                private protected ILearningRateController[] Groups => optimizer?.ParamGroups.ToArray() ?? [];

                public IEnumerable<double> get_last_lr() => Rates;

                public virtual void step()
                {
                    _step_count++;
                    Epoch++;
                    Apply(get_lr());
                }

                /// <summary>Goes to an epoch, or with null to the next.</summary>
                public virtual void step(int? epoch)
                {
                    if (epoch is not { } wanted)
                    {
                        step();
                        return;
                    }
                    _step_count++;
                    Epoch = wanted;
                    Apply(get_closed_form_lr());
                }

                /// <summary>A scheduler that has no use for a metric ignores it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                protected virtual IEnumerable<double> get_lr() => Rates;

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected void Apply(IEnumerable<double> rates)
                {
                    foreach (var (group, rate) in Groups.Zip(rates.ToArray()))
                        group.LearningRate = rate;
                }

                /// <summary>The same rule for each group's base rate.</summary>
                private protected IEnumerable<double> FromBases(Func<double, double> rule) => [.. Bases.Select(rule)];

                /// <summary>The same rule for each group's present rate.</summary>
                private protected IEnumerable<double> FromRates(Func<double, double> rule) => [.. Rates.Select(rule)];
            }
        }
    }
}
