using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SignalCam.Abstractions;

/// <summary>The plug-ins of one kind, by case-insensitive name, each with the options class it is made from.</summary>
/// <typeparam name="T">The plug-in interface, such as <see cref="ISignalTransform"/>.</typeparam>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
public sealed class PluginRegistry<T>
    where T : class
{
    private readonly Dictionary<string, Func<JsonObject?, T>> _factories = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates an empty registry.</summary>
    /// <param name="kind">What the plug-ins are, for messages: "transform".</param>
    public PluginRegistry(string kind) => Kind = kind;

    /// <summary>What the plug-ins are, for messages: "transform".</summary>
    public string Kind { get; }

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _factories.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether there is a plug-in of this name.</summary>
    public bool Contains(string name) => _factories.ContainsKey(name);

    /// <summary>Adds a plug-in that has options.</summary>
    /// <param name="name">Its name; must not be there yet, ignoring case.</param>
    /// <param name="create">Makes it from its options.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public PluginRegistry<T> Add<TOptions>(string name, Func<TOptions, T> create)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(name, json => create(PluginOptions.Read<TOptions>(Kind, name, json)));
    }

    /// <summary>Adds a plug-in that has no options.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public PluginRegistry<T> Add(string name, Func<T> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add<NoOptions>(name, _ => create());
    }

    /// <summary>Makes the plug-in that a specification names.</summary>
    /// <exception cref="PluginException">The name is unknown (the message lists the names there are) or the options do not fit.</exception>
    public T Create(ComponentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (!_factories.TryGetValue(spec.Name, out var create))
            throw new PluginException($"no {Kind} is called '{spec.Name}'; there are: {string.Join(", ", Names)}");
        return create(spec.Options);
    }

    private PluginRegistry<T> Add(string name, Func<JsonObject?, T> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_factories.TryAdd(name, create))
            throw new ArgumentException($"a {Kind} called '{name}' is already there; all: {string.Join(", ", Names)}", nameof(name));
        return this;
    }

    private sealed class NoOptions;
}

/// <summary>Reads and writes the options of plug-ins as JSON: camelCase, enums by name, unknown members refused.</summary>
public static class PluginOptions
{
    /// <summary>How options are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>The options as they stand in a model file.</summary>
    public static JsonObject Write<TOptions>(TOptions options) => JsonSerializer.SerializeToNode(options, Json)!.AsObject();

    /// <summary>Reads options; null gives the defaults.</summary>
    /// <exception cref="PluginException">A member is unknown or has a value that does not fit.</exception>
    public static TOptions Read<TOptions>(string kind, string name, JsonObject? json)
        where TOptions : class, new()
    {
        if (json is null)
            return new TOptions();
        try
        {
            return json.Deserialize<TOptions>(Json) ?? new TOptions();
        }
        catch (JsonException e)
        {
            throw new PluginException($"the options of {kind} '{name}' do not fit: {e.Message}", e);
        }
    }
}
