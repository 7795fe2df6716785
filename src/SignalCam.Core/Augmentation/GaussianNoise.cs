using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options of <see cref="GaussianNoise"/>.</summary>
internal sealed class GaussianNoiseOptions : AugmentationOptions
{
    /// <summary>Variance of the noise, in the squared unit of the preprocessed samples, 0 to 1e6; 0.001 by default.</summary>
    [Range(0.0, 1e6)]
    public double Variance { get; set; } = 0.001;

    /// <summary>The relation of the noise between leads; independent by default, as published.</summary>
    public LeadRelation Leads { get; set; }
}

/// <summary>"gaussian-noise": adds normal noise of mean zero to every sample.</summary>
internal sealed class GaussianNoise : ProbabilisticAugmentation
{
    private readonly double _standardDeviation;
    private readonly bool _consistent;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public GaussianNoise(GaussianNoiseOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "gaussian-noise", options)).Probability)
    {
        _standardDeviation = Math.Sqrt(options.Variance);
        _consistent = options.Leads == LeadRelation.Consistent;
    }

    /// <inheritdoc/>
    public override string Name => "gaussian-noise";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        var length = layout.Length;
        var rented = ArrayPool<float>.Shared.Rent(3 * length);
        var noise = rented.AsSpan(0, length);
        var limb1 = rented.AsSpan(length, length);
        var limb2 = rented.AsSpan(2 * length, length);
        if (_consistent)
        {
            NormalNoise.Fill(limb1, _standardDeviation, random);
            NormalNoise.Fill(limb2, _standardDeviation, random);
        }
        for (var lead = 0; lead < layout.LeadCount; lead++)
        {
            var values = samples.Slice(lead * length, length);
            if (_consistent && LimbLeads.TryDerive(layout.Leads[lead], out var ofI, out var ofII))
            {
                TensorPrimitives.MultiplyAdd(limb1, ofI, values, values);
                TensorPrimitives.MultiplyAdd(limb2, ofII, values, values);
                continue;
            }
            NormalNoise.Fill(noise, _standardDeviation, random);
            TensorPrimitives.Add(values, noise, values);
        }
        ArrayPool<float>.Shared.Return(rented);
    }
}
