namespace SignalCam.Abstractions;

/// <summary>What a call of a classifier is to give besides the scores.</summary>
public sealed record ClassifyOptions
{
    /// <summary>Whether to make heat maps as well. Default false.</summary>
    public bool Explain { get; init; }

    /// <summary>
    /// Which classes get a heat map. Default null: as the explainer's options say, which is every one unless they name some.
    /// </summary>
    public ClassChoice? Classes { get; init; }

    /// <summary>The explainer and its options. Default null: the model's own (`ModelOptions.Explainer`).</summary>
    public ComponentSpec? Explainer { get; init; }
}

/// <summary>
/// Which classes of a recording are explained. Class activation maps give all of them for one pass; gradient methods cost a pass and more
/// for each.
/// </summary>
public sealed record ClassChoice
{
    /// <summary>How <see cref="All"/> is written in options.</summary>
    public const string AllName = "all";

    /// <summary>How <see cref="Decided"/> is written in options.</summary>
    public const string DecidedName = "decided";

    private ClassChoice(IReadOnlyList<string> names, bool isDecided) => (Names, IsDecided) = (names, isDecided);

    /// <summary>Every class of the model, in its order.</summary>
    public static ClassChoice All { get; } = new([], isDecided: false);

    /// <summary>The classes whose probability is above the threshold; where none is, the one with the highest probability.</summary>
    public static ClassChoice Decided { get; } = new([], isDecided: true);

    /// <summary>The names that were asked for; empty for <see cref="All"/> and <see cref="Decided"/>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether this is <see cref="Decided"/>.</summary>
    public bool IsDecided { get; }

    /// <summary>The classes with these names (case-insensitive), whatever the decision.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static ClassChoice Of(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count > 0
            ? new ClassChoice([.. names], isDecided: false)
            : throw new ArgumentException("name at least one class", nameof(names));
    }

    /// <summary>Reads a choice as options write it: "all", "decided", or names.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static ClassChoice Parse(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names is not [var only] ? Of(names)
            : only.Equals(AllName, StringComparison.OrdinalIgnoreCase) ? All
            : only.Equals(DecidedName, StringComparison.OrdinalIgnoreCase) ? Decided
            : Of(names);
    }

    /// <summary>Places of the chosen classes of one recording among the model's, rising.</summary>
    /// <param name="classes">The model's classes.</param>
    /// <param name="isCalled">Whether each is above its threshold, or of a multiclass model the most probable.</param>
    /// <param name="mostProbable">The place of the most probable.</param>
    /// <exception cref="PluginException">The model has no class of a name; the message lists those it has.</exception>
    internal int[] Resolve(IReadOnlyList<string> classes, ReadOnlySpan<bool> isCalled, int mostProbable)
    {
        if (!IsDecided)
            return Resolve(classes);
        if (!isCalled.Contains(true))
            return [mostProbable];
        var chosen = new List<int>(classes.Count);
        for (var c = 0; c < isCalled.Length; c++)
            if (isCalled[c])
                chosen.Add(c);
        return [.. chosen];
    }

    /// <summary>Places of the classes that may be chosen, rising: what can be said before a recording is scored.</summary>
    /// <exception cref="PluginException">The model has no class of a name; the message lists those it has.</exception>
    internal int[] Resolve(IReadOnlyList<string> classes) => Names.Count == 0
        ? [.. Enumerable.Range(0, classes.Count)]
        : [.. Names.Select(name => IndexOf(classes, name)).Distinct().Order()];

    private static int IndexOf(IReadOnlyList<string> classes, string name)
    {
        for (var c = 0; c < classes.Count; c++)
            if (string.Equals(classes[c], name, StringComparison.OrdinalIgnoreCase))
                return c;
        throw new PluginException($"the model has no class '{name}'; there are: {string.Join(", ", classes)}");
    }
}
