namespace SignalCam.Abstractions;

/// <summary>Options for one call of a classifier.</summary>
public sealed record ClassifyOptions
{
    /// <summary>Whether to compute heat maps. Default false.</summary>
    public bool Explain { get; init; }

    /// <summary>
    /// The classes to explain. Default null: those of the explainer's options, which by default are all.
    /// </summary>
    public ClassChoice? Classes { get; init; }

    /// <summary>The explainer and its options. Default null: the model's own (`ModelOptions.Explainer`).</summary>
    public ComponentSpec? Explainer { get; init; }
}

/// <summary>
/// The classes to explain. Class activation maps cover all of them in one pass; gradient methods cost at least one pass for each.
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

    /// <summary>The names that were requested; empty for <see cref="All"/> and <see cref="Decided"/>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether this is <see cref="Decided"/>.</summary>
    public bool IsDecided { get; }

    /// <summary>The classes with these names (case-insensitive), whatever the decision.</summary>
    /// <exception cref="ArgumentException">No name is given.</exception>
    public static ClassChoice Of(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names.Count > 0
            ? new ClassChoice([.. names], isDecided: false)
            : throw new ArgumentException("name at least one class", nameof(names));
    }

    /// <summary>Reads a choice as options write it: "all", "decided", or names.</summary>
    /// <exception cref="ArgumentException">No name is given.</exception>
    public static ClassChoice Parse(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return names is not [var only] ? Of(names)
            : only.Equals(AllName, StringComparison.OrdinalIgnoreCase) ? All
            : only.Equals(DecidedName, StringComparison.OrdinalIgnoreCase) ? Decided
            : Of(names);
    }

    /// <summary>Indices of the chosen classes of one recording, ascending.</summary>
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

    /// <summary>Indices of the classes that may be chosen, ascending, as far as known before a recording is scored.</summary>
    /// <exception cref="PluginException">The model has no class of a name; the message lists those it has.</exception>
    internal int[] Resolve(IReadOnlyList<string> classes) => Names.Count == 0
        ? [.. Enumerable.Range(0, classes.Count)]
        : [.. Names.Select(name => IndexOf(classes, name)).Distinct().Order()];

    private static int IndexOf(IReadOnlyList<string> classes, string name)
    {
        for (var c = 0; c < classes.Count; c++)
            if (string.Equals(classes[c], name, StringComparison.OrdinalIgnoreCase))
                return c;
        throw new PluginException($"the model has no class '{name}'; available: {string.Join(", ", classes)}");
    }
}
