using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options of <see cref="SinePulse"/>.</summary>
internal sealed class SinePulseOptions : AugmentationOptions
{
    /// <summary>Largest amplitude in the unit of the preprocessed samples, 0 to 1e6; 0.2 by default.</summary>
    [Range(0.0, 1e6)]
    public double AmplitudeLimit { get; set; } = 0.2;

    /// <summary>Lowest frequency in hertz, 0 to 1e6; 0 by default.</summary>
    [Range(0.0, 1e6)]
    public double LowestFrequency { get; set; }

    /// <summary>Highest frequency in hertz, 0 to 1e6; 1 by default.</summary>
    [Range(0.0, 1e6)]
    public double HighestFrequency { get; set; } = 1;

    /// <summary>Independent by default, as published: the same sine on every lead.</summary>
    public LeadRelation Leads { get; set; }
}

/// <summary>Options of <see cref="RespirationNoise"/>.</summary>
internal sealed class RespirationNoiseOptions : AugmentationOptions
{
    /// <summary>Largest amplitude in the unit of the preprocessed samples, 0 to 1e6; 0.2 by default.</summary>
    [Range(0.0, 1e6)]
    public double AmplitudeLimit { get; set; } = 0.2;

    /// <summary>Fewest breaths a minute, 0 to 1000; 12 by default.</summary>
    [Range(0.0, 1000.0)]
    public double LowestRate { get; set; } = 12;

    /// <summary>Most breaths a minute, 0 to 1000; 18 by default.</summary>
    [Range(0.0, 1000.0)]
    public double HighestRate { get; set; } = 18;

    /// <summary>Independent by default, as published: the same sine on every lead.</summary>
    public LeadRelation Leads { get; set; }
}

/// <summary>"sine-pulse": adds a sine of random amplitude (U x limit), frequency (0 to 1 Hz) and phase.</summary>
/// <remarks>
/// The time grid runs from 0 to N / rate with both end points, as in ecgmentations: N samples span N, not N - 1, intervals.
/// </remarks>
internal sealed class SinePulse : ProbabilisticAugmentation
{
    private readonly SineWave _wave;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public SinePulse(SinePulseOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "sine-pulse", options)).Probability)
    {
        if (options.HighestFrequency < options.LowestFrequency)
            throw new PluginException(
                string.Create(CultureInfo.InvariantCulture,
                    $"the options of augmentation 'sine-pulse' do not fit: HighestFrequency is {options.HighestFrequency}, below "
                    + $"LowestFrequency, which is {options.LowestFrequency}"));
        _wave = new SineWave(options.AmplitudeLimit, options.LowestFrequency, options.HighestFrequency, options.Leads);
    }

    /// <inheritdoc/>
    public override string Name => "sine-pulse";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random) =>
        _wave.AddTo(samples, layout, random);
}

/// <summary>
/// "respiration-noise": adds a sine of random amplitude and phase at a breathing rate of 12 to 18 a minute (0.2 to 0.3 Hz).
/// </summary>
/// <remarks>Time grid as in <see cref="SinePulse"/>.</remarks>
internal sealed class RespirationNoise : ProbabilisticAugmentation
{
    private readonly SineWave _wave;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public RespirationNoise(RespirationNoiseOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "respiration-noise", options)).Probability)
    {
        if (options.HighestRate < options.LowestRate)
            throw new PluginException(
                string.Create(CultureInfo.InvariantCulture,
                    $"the options of augmentation 'respiration-noise' do not fit: HighestRate is {options.HighestRate}, "
                    + $"below LowestRate, which is {options.LowestRate}"));
        _wave = new SineWave(options.AmplitudeLimit, options.LowestRate / 60, options.HighestRate / 60, options.Leads);
    }

    /// <inheritdoc/>
    public override string Name => "respiration-noise";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random) =>
        _wave.AddTo(samples, layout, random);
}

/// <summary>A sine of random amplitude, frequency (hertz) and phase, added to all leads.</summary>
internal sealed record SineWave(double AmplitudeLimit, double LowestFrequency, double HighestFrequency, LeadRelation Leads)
{
    public void AddTo(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        var amplitude = random.Uniform() * AmplitudeLimit;
        var frequency = random.Uniform(LowestFrequency, HighestFrequency);
        var phase = random.Uniform() * Math.Tau;
        var rented = ArrayPool<float>.Shared.Rent(layout.Length);
        var wave = rented.AsSpan(0, layout.Length);
        Fill(wave, amplitude, Math.Tau * frequency * layout.Length / layout.SamplingRate, phase);
        for (var lead = 0; lead < layout.LeadCount; lead++)
        {
            var values = samples.Slice(lead * layout.Length, layout.Length);
            // With the same wave in I and II a derived lead gets the sum of its two shares.
            var share = Leads == LeadRelation.Consistent && LimbLeads.TryDerive(layout.Leads[lead], out var ofI, out var ofII)
                ? ofI + ofII
                : 1;
            TensorPrimitives.MultiplyAdd(wave, share, values, values);
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>
    /// amplitude x sin(phase + angle x i / (N - 1)), by rotation of a phasor: off by less than 1e-10 after a million samples, at a tenth of
    /// the cost of N sines.
    /// </summary>
    private static void Fill(Span<float> wave, double amplitude, double angle, double phase)
    {
        var (stepSine, stepCosine) = Math.SinCos(angle / Math.Max(1, wave.Length - 1));
        var (sine, cosine) = Math.SinCos(phase);
        for (var i = 0; i < wave.Length; i++)
        {
            wave[i] = (float)(amplitude * sine);
            (sine, cosine) = (sine * stepCosine + cosine * stepSine, cosine * stepCosine - sine * stepSine);
        }
    }
}
