using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options of <see cref="LeadDropout"/>; <see cref="AugmentationOptions.Probability"/> is 1 by default.</summary>
internal sealed class LeadDropoutOptions : AugmentationOptions
{
    /// <summary>Sets the defaults.</summary>
    public LeadDropoutOptions() => Probability = 1;

    /// <summary>Probability with which each lead is dropped, 0 to 1; 0.05 by default.</summary>
    [Range(0.0, 1.0)]
    public double LeadProbability { get; set; } = 0.05;
}

/// <summary>"lead-dropout": sets each lead to zero with a small probability, like a loose electrode.</summary>
internal sealed class LeadDropout : ProbabilisticAugmentation
{
    private readonly double _leadProbability;

    /// <summary>Creates the augmentation.</summary>
    /// <exception cref="PluginException">An option is not allowed.</exception>
    public LeadDropout(LeadDropoutOptions? options = null)
        : base((options = PluginOptions.Check("augmentation", "lead-dropout", options)).Probability)
    {
        _leadProbability = options.LeadProbability;
    }

    /// <inheritdoc/>
    public override string Name => "lead-dropout";

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        for (var lead = 0; lead < layout.LeadCount; lead++)
            if (random.Chance(_leadProbability))
                samples.Slice(lead * layout.Length, layout.Length).Clear();
    }
}
