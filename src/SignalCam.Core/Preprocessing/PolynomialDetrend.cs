using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>Options of <see cref="PolynomialDetrend"/>.</summary>
internal sealed class PolynomialDetrendOptions
{
    /// <summary>
    /// Degree of the polynomial, 0 to 32 and below the number of samples per lead; 10 by default, as in the EMBC 2025 paper.
    /// </summary>
    [Range(0, 32)]
    public int Degree { get; set; } = 10;
}

/// <summary>
/// "detrend": removes baseline wander by subtracting from each lead the polynomial over all of its samples that fits it best in
/// the least-squares sense (Augustauskas et al. 2025, doi 10.1109/EMBC58623.2025.11253260).
/// </summary>
/// <remarks>
/// Computed in double as a projection on an orthonormal polynomial basis that is cached per length and degree. A lead that the
/// polynomial explains down to the resolution of single precision (such as a constant one) becomes zeros, so that a scaler
/// that follows does not blow rounding errors up.
/// </remarks>
internal sealed class PolynomialDetrend : ISignalTransform, ILeadTransform
{
    /// <summary>The residual of a lead, relative to its largest sample, at or below which it becomes zeros.</summary>
    internal const double SingleResolution = 1.0 / (1 << 22);

    private readonly int _degree;

    /// <summary>Creates the transform.</summary>
    /// <exception cref="PluginException">The degree is not allowed.</exception>
    public PolynomialDetrend(PolynomialDetrendOptions? options = null) =>
        _degree = PluginOptions.Check("transform", Name, options).Degree;

    /// <inheritdoc/>
    public string Name => "detrend";

    /// <summary>Returns the recording without its trend, in the unit it had.</summary>
    /// <exception cref="PreprocessingException">There are not more samples than the degree, or a sample is not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    /// <summary>Returns the trend that <see cref="Apply"/> subtracts, for plots: same leads, length and unit.</summary>
    /// <exception cref="PreprocessingException">There are not more samples than the degree, or a sample is not a finite number.</exception>
    public EcgSignal Trend(EcgSignal signal) => LeadTransform.Run(signal, [new TrendOf(this)]);

    void ILeadTransform.Apply(Span<double> leads, int length, double samplingRate) => Remove(leads, length);

    private void Remove(Span<double> leads, int length)
    {
        if (length <= _degree)
            throw new PreprocessingException($"a trend of degree {_degree} needs more than {_degree} samples per lead; there are {length}");
        var basis = OrthonormalPolynomials.For(length, _degree);
        Span<double> largest = stackalloc double[OrthonormalPolynomials.RowsAtOnce];
        for (var first = 0; first < leads.Length; first += largest.Length * length)
        {
            var block = leads[first..Math.Min(leads.Length, first + largest.Length * length)];
            for (var i = 0; i * length < block.Length; i++)
                largest[i] = OrderStatistics.LargestMagnitude(block.Slice(i * length, length));
            basis.RemoveFrom(block);
            for (var i = 0; i * length < block.Length; i++)
            {
                var lead = block.Slice(i * length, length);
                var limit = largest[i] * SingleResolution;
                if (!lead.ContainsAnyExceptInRange(-limit, limit))
                    lead.Clear();
            }
        }
    }

    private sealed class TrendOf(PolynomialDetrend detrend) : ISingleLeadTransform
    {
        public void Apply(Span<double> lead)
        {
            var original = lead.ToArray();
            detrend.Remove(lead, lead.Length);
            TensorPrimitives.Subtract(original, lead, lead);
        }
    }
}
