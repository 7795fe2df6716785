using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options that every built-in augmentation has.</summary>
public abstract class AugmentationOptions
{
    /// <summary>
    /// Probability that the augmentation runs, 0 to 1; 0.5 by default unless the augmentation says otherwise.
    /// As a choice of <see cref="OneOf"/> it is the weight of the choice instead.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Probability { get; set; } = 0.5;
}

/// <summary>
/// An augmentation that runs with a probability: if U &lt; probability, with U uniform on [0, 1), as in ecgmentations 0.0.8
/// (github.com/rostepifanov/ecgmentations), the library of the EMBC 2025 paper. Derive from it for the same behaviour, in
/// <see cref="OneOf"/> too.
/// </summary>
/// <remarks>Stateless and thread-safe.</remarks>
public abstract class ProbabilisticAugmentation : IAugmentation
{
    /// <summary>Creates the augmentation.</summary>
    /// <param name="probability">0 to 1.</param>
    protected ProbabilisticAugmentation(double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "a probability is 0 to 1");
        Probability = probability;
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Probability that <see cref="Apply"/> changes a recording; as a choice of <see cref="OneOf"/>, its weight.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public void Apply(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(random);
        if (samples.Length != layout.LeadCount * layout.Length)
            throw new ArgumentException($"expected {layout}, found {samples.Length} values", nameof(samples));
        if (random.Chance(Probability))
            Run(samples, layout, random);
    }

    /// <summary>Changes a recording in place, unconditionally. Parameters as in <see cref="Apply"/>.</summary>
    protected internal abstract void Run(Span<float> samples, SignalLayout layout, EcgRandom random);
}
