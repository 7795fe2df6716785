using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options of <see cref="AmplitudeScale"/>.</summary>
internal sealed class AmplitudeScaleOptions : AugmentationOptions
{
    /// <summary>Smallest change of the amplitude, -1 to 1; -0.2 by default, which is 20 % less.</summary>
    [Range(-1.0, 1.0)]
    public double Low { get; set; } = -0.2;

    /// <summary>Largest change of the amplitude, -1 to 1; 0.2 by default, which is 20 % more.</summary>
    [Range(-1.0, 1.0)]
    public double High { get; set; } = 0.2;
}

/// <summary>"amplitude-scale": multiplies all leads by one factor, 1 + a number uniform between the two limits.</summary>
internal sealed class AmplitudeScale : ProbabilisticAugmentation
{
    private readonly double _low;
    private readonly double _high;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public AmplitudeScale(AmplitudeScaleOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "amplitude-scale", options)).Probability)
    {
        if (options.High < options.Low)
            throw new PluginException(FormattableString.Invariant(
                $"the options of augmentation 'amplitude-scale' do not fit: High is {options.High}, below Low, which is {options.Low}"));
        (_low, _high) = (options.Low, options.High);
    }

    /// <inheritdoc/>
    public override string Name => "amplitude-scale";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random) =>
        TensorPrimitives.Multiply(samples, (float)(1 + random.Uniform(_low, _high)), samples);
}
