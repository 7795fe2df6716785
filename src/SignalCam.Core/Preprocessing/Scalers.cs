using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// "max-abs": per lead, subtracts the median and divides by the largest absolute value: the scaling of the EMBC 2025 paper
/// (doi 10.1109/EMBC58623.2025.11253260). The result is in [-1, 1]; a constant lead becomes zeros.
/// </summary>
/// <remarks>Throws away the leads' voltages relative to each other; see <see cref="FixedScale"/> for a scaling that keeps them.</remarks>
internal sealed class MaxAbsScaler : ISignalTransform, ISingleLeadTransform
{
    /// <inheritdoc/>
    public string Name => "max-abs";

    /// <inheritdoc/>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    void ISingleLeadTransform.Apply(Span<double> lead)
    {
        var range = OrderStatistics.Range(lead);
        var median = OrderStatistics.Median(lead, range);
        var largest = Math.Max(range.Largest - median, median - range.Smallest);
        LeadTransform.Scale(lead, median, largest > 0 ? 1 / largest : 1);
    }
}

/// <summary>
/// "z-score": per lead, subtracts the mean and divides by the standard deviation (of the population, divisor N). A constant lead becomes
/// zeros.
/// </summary>
internal sealed class ZScoreScaler : ISignalTransform, ISingleLeadTransform
{
    /// <inheritdoc/>
    public string Name => "z-score";

    /// <inheritdoc/>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    void ISingleLeadTransform.Apply(Span<double> lead)
    {
        // The mean of equal values can be off by a rounding error, which the division would make +-1 of.
        if (TensorPrimitives.Min<double>(lead) == TensorPrimitives.Max<double>(lead))
        {
            lead.Clear();
            return;
        }
        TensorPrimitives.Subtract(lead, TensorPrimitives.Sum<double>(lead) / lead.Length, lead);
        TensorPrimitives.Divide(lead, Math.Sqrt(TensorPrimitives.SumOfSquares<double>(lead) / lead.Length), lead);
    }
}

/// <summary>
/// "robust": per lead, subtracts the median and divides by the interquartile range (quantiles by linear interpolation).
/// A lead whose interquartile range is zero is only centred, so that a constant lead becomes zeros.
/// </summary>
internal sealed class RobustScaler : ISignalTransform, ISingleLeadTransform
{
    /// <inheritdoc/>
    public string Name => "robust";

    /// <inheritdoc/>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    void ISingleLeadTransform.Apply(Span<double> lead)
    {
        var (lower, median, upper) = OrderStatistics.Quartiles(lead);
        LeadTransform.Scale(lead, median, upper > lower ? 1 / (upper - lower) : 1);
    }
}

/// <summary>"min-max": per lead, maps the smallest value to -1 and the largest to 1. A constant lead becomes zeros.</summary>
internal sealed class MinMaxScaler : ISignalTransform, ISingleLeadTransform
{
    /// <inheritdoc/>
    public string Name => "min-max";

    /// <inheritdoc/>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    void ISingleLeadTransform.Apply(Span<double> lead)
    {
        var (smallest, largest) = (TensorPrimitives.Min<double>(lead), TensorPrimitives.Max<double>(lead));
        if (smallest == largest)
        {
            lead.Clear();
            return;
        }
        TensorPrimitives.Subtract(lead, smallest, lead);
        TensorPrimitives.Multiply(lead, 2 / (largest - smallest), lead);
        TensorPrimitives.Subtract(lead, 1, lead);
    }
}

/// <summary>Options of <see cref="FixedScale"/>.</summary>
internal sealed class FixedScaleOptions
{
    /// <summary>What every sample is multiplied by, above 0; 2 by default.</summary>
    [Range(1e-6, 1e6)]
    public double Factor { get; set; } = 2;

    /// <summary>Largest absolute value after scaling, above 0; 8 by default, which is 4 mV at the default factor.</summary>
    [Range(1e-6, 1e6)]
    public double Clip { get; set; } = 8;

    /// <summary>Whether each lead's median is subtracted first; true by default.</summary>
    public bool SubtractMedian { get; set; } = true;
}

/// <summary>
/// "fixed-scale": subtracts each lead's median, multiplies all leads by one and the same factor, and clips. Voltages, which
/// hypertrophy and low-voltage criteria need, are kept.
/// </summary>
internal sealed class FixedScale : ISignalTransform, ISingleLeadTransform
{
    private readonly double _factor;
    private readonly double _clip;
    private readonly bool _subtractMedian;

    /// <summary>Creates the transform.</summary>
    /// <exception cref="PluginException">A value is not allowed.</exception>
    public FixedScale(FixedScaleOptions? options = null)
    {
        options = PluginOptions.Check("transform", Name, options);
        (_factor, _clip, _subtractMedian) = (options.Factor, options.Clip, options.SubtractMedian);
    }

    /// <inheritdoc/>
    public string Name => "fixed-scale";

    /// <inheritdoc/>
    /// <exception cref="PreprocessingException">A sample is not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    void ISingleLeadTransform.Apply(Span<double> lead)
    {
        LeadTransform.Scale(lead, _subtractMedian ? OrderStatistics.Median(lead) : 0, _factor);
        TensorPrimitives.Clamp(lead, -_clip, _clip, lead);
    }
}
