using SignalCam.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Optimization;

/// <summary>
/// The update of Adam (Kingma and Ba 2015, algorithm 1, with the order of their section 2) and AdamW (Loshchilov and Hutter 2019, algorithm
/// 2), on the moments and with the rates of torch's own optimizer.
/// </summary>
/// <remarks>
/// Torch's own step leaves each number that it passes to native code to the garbage collector (see <see cref="HeldScalars"/>), a dozen for
/// each parameter. Here a handful serves all parameters and is held until they are done.
/// </remarks>
internal sealed class AdamStep
{
    private const double Epsilon = 1e-8;

    private readonly OptimizerHelper _optimizer;
    private readonly Parameter[] _parameters;
    private readonly AdamMoments[] _moments;
    private readonly double _weightDecay;
    private readonly bool _isDecoupled;
    private readonly int _headFrom;
    private readonly double _headFactor;

    /// <summary>Prepares the steps of an optimizer.</summary>
    /// <param name="optimizer">Adam or AdamW over the parameters, in one group.</param>
    /// <param name="parameters">Its parameters, in its order.</param>
    /// <param name="weightDecay">Weight decay; the optimizer's other options are the defaults.</param>
    /// <param name="headFrom">The index of the head's first parameter.</param>
    /// <param name="headFactor">The ratio of the head's rate to the optimizer's.</param>
    public AdamStep(OptimizerHelper optimizer, IEnumerable<Parameter> parameters, double weightDecay, int headFrom = int.MaxValue,
        double headFactor = 1)
    {
        (_headFrom, _headFactor) = (headFrom, headFactor);
        _optimizer = optimizer;
        _parameters = [.. parameters];
        _moments = AdamMoments.Of(optimizer);
        _weightDecay = weightDecay;
        _isDecoupled = optimizer is AdamW;
        if (_moments.Length != _parameters.Length)
            throw new ArgumentException(
                $"the optimizer has {_moments.Length} parameters, expected {_parameters.Length}", nameof(optimizer));
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Run()
    {
        using var quiet = no_grad();
        var group = _optimizer.ParamGroups.First();
        var (rate, (beta1, beta2)) = (group.LearningRate, ((optim.IBetas)group).Betas);
        using Scalar keepMean = beta1, addMean = 1 - beta1, keepSquare = beta2, addSquare = 1 - beta2;
        using Scalar decay = DecayAt(rate), headDecay = DecayAt(rate * _headFactor);
        StepNumbers? numbers = null;
        try
        {
            for (var i = 0; i < _parameters.Length; i++)
            {
                using var gradient = _parameters[i].grad;
                if (gradient is null)
                    continue;
                var (parameter, moments) = (_parameters[i], _moments[i]);
                moments.Step++;
                var isHead = i >= _headFrom;
                var itsRate = isHead ? rate * _headFactor : rate;
                // All parameters of a part have made as many steps, but for those that had no gradient in one.
                if (numbers?.Step != moments.Step || numbers.Learning != itsRate)
                {
                    numbers?.Dispose();
                    numbers = new StepNumbers(moments.Step, itsRate, beta1, beta2);
                }
                using var decayed = Decay(parameter, gradient, isHead ? headDecay : decay);
                moments.Mean.mul_(keepMean).add_(decayed ?? gradient, addMean);
                moments.Square.mul_(keepSquare).addcmul_(decayed ?? gradient, decayed ?? gradient, addSquare);
                using var spread = moments.Square.sqrt();
                spread.Increase(numbers.Epsilon);
                parameter.addcdiv_(moments.Mean, spread, numbers.Rate);
            }
        }
        finally
        {
            numbers?.Dispose();
        }
    }

    private double DecayAt(double rate) => _isDecoupled ? 1 - rate * _weightDecay : _weightDecay;

    /// <summary>
    /// Decays the parameter (AdamW), or gives the gradient with the decay in it (Adam); null if the gradient stays unchanged.
    /// </summary>
    private Tensor? Decay(Parameter parameter, Tensor gradient, Scalar decay)
    {
        if (_weightDecay == 0)
            return null;
        if (!_isDecoupled)
            return gradient.add(parameter, decay);
        parameter.mul_(decay);
        return null;
    }

    /// <summary>The numbers that depend on how many steps there have been.</summary>
    private sealed class StepNumbers : IDisposable
    {
        public StepNumbers(long step, double rate, double beta1, double beta2)
        {
            (Step, Learning) = (step, rate);
            var correction = Math.Sqrt(1 - Math.Pow(beta2, step));
            Rate = -rate * correction / (1 - Math.Pow(beta1, step));
            Epsilon = AdamStep.Epsilon * correction;
        }

        public long Step { get; }

        /// <summary>The rate for which they were computed.</summary>
        public double Learning { get; }

        public Scalar Rate { get; }

        public Scalar Epsilon { get; }

        public void Dispose()
        {
            Rate.Dispose();
            Epsilon.Dispose();
        }
    }
}
