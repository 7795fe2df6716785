namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Times factor once the metric has not improved for more than `patience` steps.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool lower;
                    private readonly bool relative;
                    private readonly double factor;
                    private readonly int patience;
                    private readonly double threshold;
                    private readonly int cooldown;
                    private readonly double[] minima;
                    private readonly double eps;
                    private double best;
                    private int badEpochs;
                    private int cooling;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false)
                        : base(optimizer, 0, verbose)
                    {
                        if (factor >= 1)
                            throw new ArgumentException($"factor is {factor}, expected less than 1");
                        lower = mode switch
                        {
                            "min" => true,
                            "max" => false,
                            _ => throw new ArgumentException($"mode is '{mode}', expected 'min' or 'max'"),
                        };
                        relative = threshold_mode switch
                        {
                            "rel" => true,
                            "abs" => false,
                            _ => throw new ArgumentException($"threshold_mode is '{threshold_mode}', expected 'rel' or 'abs'"),
                        };
                        this.factor = factor;
                        this.patience = patience;
                        this.threshold = threshold;
                        this.cooldown = cooldown;
                        this.eps = eps;
                        var groups = Groups.Length;
                        minima = min_lr switch
                        {
                            null => new double[groups],
                            { Count: 1 } => [.. Enumerable.Repeat(min_lr[0], groups)],
                            _ when min_lr.Count == groups => [.. min_lr],
                            _ => throw new ArgumentException($"min_lr has {min_lr.Count} values for {groups} parameter groups"),
                        };
                        best = lower ? double.PositiveInfinity : double.NegativeInfinity;
                    }

                    public override void step() => throw new InvalidOperationException("step() should not be used with the ReduceLROnPlateau scheduler: it needs the metric, step(double, int?).");

                    public override void step(int? epoch) => step();

                    public override void step(double current, int? epoch = null)
                    {
                        _step_count++;
                        Epoch = epoch ?? Epoch + 1;
                        if (Better(current))
                        {
                            best = current;
                            badEpochs = 0;
                        }
                        else
                        {
                            badEpochs++;
                        }
                        if (cooling > 0)
                        {
                            cooling--;
                            badEpochs = 0;
                        }
                        if (badEpochs <= patience)
                            return;
                        foreach (var (group, minimum) in Groups.Zip(minima))
                        {
                            var reduced = Math.Max(group.LearningRate * factor, minimum);
                            if (group.LearningRate - reduced > eps)
                                group.LearningRate = reduced;
                        }
                        cooling = cooldown;
                        badEpochs = 0;
                    }

                    private bool Better(double current)
                    {
                        var margin = relative ? best * threshold : threshold;
                        return lower ? current < (double.IsInfinity(best) ? best : best - margin) : current > (double.IsInfinity(best) ? best : best + margin);
                    }
                }
            }

            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4, string threshold_mode = "rel", int cooldown = 0, IList<double>? min_lr = null, double eps = 1e-8, bool verbose = false) =>
                new impl.ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);
        }
    }
}
