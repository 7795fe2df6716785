using System.Diagnostics.CodeAnalysis;

namespace SignalCam.Abstractions;

/// <summary>The plug-ins of one kind, by case-insensitive name, each with the options class it is made from.</summary>
/// <typeparam name="T">The plug-in interface, such as <see cref="ISignalTransform"/>.</typeparam>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
public sealed class PluginRegistry<T>
    where T : class
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates an empty registry.</summary>
    /// <param name="kind">What the plug-ins are, for messages: "transform".</param>
    public PluginRegistry(string kind) => Kind = kind;

    /// <summary>What the plug-ins are, for messages: "transform".</summary>
    public string Kind { get; }

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether there is a plug-in of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Adds a plug-in that has options.</summary>
    /// <param name="name">Its name; must not be there yet, ignoring case.</param>
    /// <param name="create">Makes it from its options, which have been held to their DataAnnotations.</param>
    /// <param name="defaults">Makes the options that hold where a specification says nothing; null for those of the class.</param>
    /// <exception cref="ArgumentException">The name is taken; the message lists the names there are.</exception>
    public PluginRegistry<T> Add<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
            string name, Func<TOptions, T> create, Func<TOptions>? defaults = null)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(new Entry(
            name,
            given => create(PluginOptions.Read(Kind, name, given, defaults)),
            given => PluginOptions.Write(PluginOptions.Read(Kind, name, given, defaults))));
    }

    /// <summary>Adds a plug-in that has no options.</summary>
    /// <exception cref="ArgumentException">The name is taken; the message lists the names there are.</exception>
    public PluginRegistry<T> Add(string name, Func<T> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(new Entry(
            name,
            given =>
            {
                RefuseOptions(name, given);
                return create();
            },
            given =>
            {
                RefuseOptions(name, given);
                return null;
            }));
    }

    /// <summary>Makes the plug-in that a specification names.</summary>
    /// <exception cref="PluginException">The name is unknown (the message lists the names there are) or the options do not fit.</exception>
    public T Create(ComponentSpec spec) => Find(spec).Create(spec.Options);

    /// <summary>
    /// The specification with every option written out and the name as it was added, so that a model file does not change its meaning
    /// with somebody's defaults.
    /// </summary>
    /// <exception cref="PluginException">The name is unknown (the message lists the names there are) or the options do not fit.</exception>
    public ComponentSpec Resolve(ComponentSpec spec)
    {
        var entry = Find(spec);
        return new ComponentSpec(entry.Name, entry.Resolve(spec.Options));
    }

    private Entry Find(ComponentSpec spec)
    {
        // A specification may come from JSON, where null can stand for anything.
        if (spec?.Name is null)
            throw new PluginException($"found no name of a {Kind}, expected one of: {string.Join(", ", Names)}");
        return _entries.TryGetValue(spec.Name, out var entry)
            ? entry
            : throw new PluginException($"no {Kind} is called '{spec.Name}'; there are: {string.Join(", ", Names)}");
    }

    private PluginRegistry<T> Add(Entry entry)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entry.Name);
        if (!_entries.TryAdd(entry.Name, entry))
            throw new ArgumentException($"a {Kind} called '{entry.Name}' is already there; all: {string.Join(", ", Names)}", nameof(entry));
        return this;
    }

    private void RefuseOptions(string name, ComponentOptions? given)
    {
        if (given is { Count: > 0 })
            throw new PluginException($"{Kind} '{name}' has no options, found: {string.Join(", ", given.Json.Select(m => m.Key))}");
    }

    private sealed record Entry(string Name, Func<ComponentOptions?, T> Create, Func<ComponentOptions?, ComponentOptions?> Resolve);
}
