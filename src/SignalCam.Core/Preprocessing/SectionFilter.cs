using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// A transform that filters each lead by second-order sections, which depend on the sampling rate: "band-pass", "high-pass", "low-pass"
/// and "notch".
/// </summary>
internal sealed class SectionFilter : ISignalTransform, ILeadTransform
{
    private readonly double _highest;
    private readonly Func<double, SectionCascade> _design;
    // Recordings of one rate follow each other: their design is made once.
    private Design? _last;

    private SectionFilter(string name, double highest, bool isZeroPhase, Func<double, SecondOrderSection[]> design)
    {
        (Name, _highest) = (name, highest);
        _design = samplingRate => new SectionCascade(design(samplingRate), isZeroPhase);
    }

    public string Name { get; }

    public static SectionFilter BandPass(BandPassOptions options) =>
        new("band-pass", options.High, options.ZeroPhase, rate => FilterDesign.BandPass(options.Order, options.Low, options.High, rate));

    public static SectionFilter HighPass(HighPassOptions options) =>
        new("high-pass", options.Cutoff, options.ZeroPhase, rate => FilterDesign.HighPass(options.Order, options.Cutoff, rate));

    public static SectionFilter LowPass(LowPassOptions options) =>
        new("low-pass", options.Cutoff, options.ZeroPhase, rate => FilterDesign.LowPass(options.Order, options.Cutoff, rate));

    public static SectionFilter Notch(NotchOptions options) =>
        new("notch", options.Frequency, options.ZeroPhase, rate => FilterDesign.Notch(options.Frequency, options.Quality, rate));

    /// <summary>Returns the filtered recording, in the unit it had.</summary>
    /// <exception cref="PreprocessingException">A frequency is not below half of the sampling rate, there are too few samples, or one is
    /// not a finite number.</exception>
    public EcgSignal Apply(EcgSignal signal) => LeadTransform.Run(signal, [this]);

    void ILeadTransform.Apply(Span<double> leads, int length, double samplingRate) => CascadeFor(length, samplingRate).Run(leads, length);

    /// <summary>The filter for recordings of a rate.</summary>
    /// <exception cref="PreprocessingException">A frequency is not below half of the rate, or there are too few samples.</exception>
    internal SectionCascade CascadeFor(int length, double samplingRate)
    {
        var design = _last;
        if (design is null || design.SamplingRate != samplingRate)
        {
            if (!(_highest < samplingRate / 2))
                throw new PreprocessingException(string.Create(CultureInfo.InvariantCulture,
                    $"transform '{Name}' at {_highest} Hz needs a sampling rate above {2 * _highest} Hz; the recording has {samplingRate}")
                        + " Hz");
            _last = design = new Design(samplingRate, _design(samplingRate));
        }
        if (length <= design.Cascade.Extension)
            throw new PreprocessingException(
                $"transform '{Name}' forward and backward needs more than {design.Cascade.Extension} samples per lead; there are {length}");
        return design.Cascade;
    }

    private sealed record Design(double SamplingRate, SectionCascade Cascade);
}
