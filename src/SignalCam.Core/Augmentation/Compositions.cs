using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Augmentation;

/// <summary>Options of <see cref="AugmentationSequence"/>; <see cref="AugmentationOptions.Probability"/> is 1 by default.</summary>
internal sealed class AugmentationSequenceOptions : AugmentationOptions
{
    /// <summary>Sets the defaults.</summary>
    public AugmentationSequenceOptions() => Probability = 1;

    /// <summary>The augmentations, in order; none by default.</summary>
    [Required]
    public IReadOnlyList<ComponentSpec> Steps { get; set; } = [];
}

/// <summary>Options of <see cref="OneOf"/>.</summary>
internal sealed class OneOfOptions : AugmentationOptions
{
    /// <summary>The augmentations to choose from, at least one; their probabilities are weights here.</summary>
    [Required]
    public IReadOnlyList<ComponentSpec> Choices { get; set; } = [];
}

/// <summary>"sequence": runs its steps in order; each runs with its own probability.</summary>
internal sealed class AugmentationSequence : ProbabilisticAugmentation
{
    private readonly IAugmentation[] _steps;

    /// <summary>Creates a sequence of existing augmentations.</summary>
    /// <param name="steps">The augmentations, in order; none leaves recordings as they are.</param>
    /// <param name="probability">Probability that the sequence runs at all.</param>
    public AugmentationSequence(IEnumerable<IAugmentation> steps, double probability = 1)
        : base(probability) => _steps = [.. steps];

    /// <summary>Creates the augmentations named by the specifications.</summary>
    /// <param name="steps">Names and options, in order; see <see cref="AugmentationPresets"/>.</param>
    /// <param name="registry">Where the names are looked up.</param>
    /// <exception cref="PluginException">A name is unknown or its options do not fit.</exception>
    public AugmentationSequence(IEnumerable<ComponentSpec> steps, PluginRegistry<IAugmentation> registry)
        : this(steps.Select(registry.Create))
    {
    }

    internal AugmentationSequence(AugmentationSequenceOptions options, PluginRegistry<IAugmentation> registry)
        : this(PluginOptions.Check("augmentation", "sequence", options).Steps.Select(registry.Create), options.Probability)
    {
    }

    /// <inheritdoc/>
    public override string Name => "sequence";

    /// <summary>The augmentations, in order.</summary>
    public IReadOnlyList<IAugmentation> Steps => _steps;

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        foreach (var step in _steps)
            step.Apply(samples, layout, random);
    }
}

/// <summary>
/// "one-of": runs exactly one of its choices, whose probabilities are used as weights.
/// </summary>
/// <remarks>A choice that does not derive from <see cref="ProbabilisticAugmentation"/> has weight 0.5, the default probability.</remarks>
internal sealed class OneOf : ProbabilisticAugmentation
{
    private readonly IAugmentation[] _choices;
    private readonly double[] _weights;
    private readonly double _total;

    /// <summary>Creates a choice of existing augmentations.</summary>
    /// <param name="choices">At least one, and one of them with a probability above 0.</param>
    /// <param name="probability">Probability that any of them runs.</param>
    /// <exception cref="PluginException">There is no choice with a weight above 0.</exception>
    public OneOf(IEnumerable<IAugmentation> choices, double probability = 0.5)
        : base(probability)
    {
        _choices = [.. choices];
        _weights = [.. _choices.Select(c => c is ProbabilisticAugmentation p ? p.Probability : 0.5)];
        _total = _weights.Sum();
        if (!(_total > 0))
            throw new PluginException("augmentation 'one-of' needs at least one choice with a probability above 0");
    }

    internal OneOf(OneOfOptions options, PluginRegistry<IAugmentation> registry)
        : this(PluginOptions.Check("augmentation", "one-of", options).Choices.Select(registry.Create), options.Probability)
    {
    }

    /// <inheritdoc/>
    public override string Name => "one-of";

    /// <summary>The augmentations to choose from.</summary>
    public IReadOnlyList<IAugmentation> Choices => _choices;

    /// <inheritdoc/>
    protected internal override void Run(Span<float> samples, SignalLayout layout, EcgRandom random)
    {
        var rest = random.Uniform() * _total;
        var chosen = 0;
        while (chosen < _choices.Length - 1 && rest >= _weights[chosen])
            rest -= _weights[chosen++];
        if (_choices[chosen] is ProbabilisticAugmentation coin)
            coin.Run(samples, layout, random);
        else
            _choices[chosen].Apply(samples, layout, random);
    }
}
