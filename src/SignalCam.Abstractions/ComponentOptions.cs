using System.Collections;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SignalCam.Abstractions;

/// <summary>
/// The options of a plug-in by name, as JSON: <c>{"degree": 10}</c>. A host's configuration binds to it, and a <see cref="JsonObject"/>
/// converts to it.
/// </summary>
/// <remarks>
/// Two are equal when they have the same names, ignoring case, with the same values, in any order. Configuration knows texts alone: "10"
/// and "true" become a number and a truth value, and <see cref="PluginOptions"/> turns them back into texts where the options class has a
/// text. Immutable once it is read; safe for concurrent readers.
/// </remarks>
[JsonConverter(typeof(ComponentOptionsJsonConverter))]
[TypeConverter(typeof(TextForm))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix",
    Justification = "A dictionary for configuration's binder alone.")]
public sealed class ComponentOptions : IEquatable<ComponentOptions>, IDictionary<string, ComponentOptions>
{
    // What configuration filled in, one entry a member or element; null for options that come as JSON.
    private readonly OrderedDictionary<string, ComponentOptions>? _bound;
    private JsonNode? _node;

    /// <summary>Creates options without any member.</summary>
    public ComponentOptions() => _bound = new(StringComparer.OrdinalIgnoreCase);

    internal ComponentOptions(JsonNode? node) => _node = node;

    /// <summary>Number of options.</summary>
    public int Count => Json.Count;

    /// <summary>The members; read-only.</summary>
    internal JsonObject Json => Node as JsonObject ?? [];

    private JsonNode? Node => _node ??= _bound is null ? null : FromBound(_bound);

    /// <summary>Takes a copy of JSON members as options; null for null.</summary>
    public static implicit operator ComponentOptions?(JsonObject? json) => json is null ? null : FromJsonObject(json);

    /// <summary>Takes a copy of JSON members as options.</summary>
    public static ComponentOptions FromJsonObject(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new ComponentOptions(json.DeepClone());
    }

    /// <summary>
    /// A copy of an option's value, null where it is not set. May be set while options are made: <c>new() { ["degree"] = 10 }</c>.
    /// </summary>
    /// <param name="name">The option's name.</param>
    /// <exception cref="NotSupportedException">The options have been read before.</exception>
    public JsonNode? this[string name]
    {
        get => Json[name]?.DeepClone();
        set => Set(name, new ComponentOptions(value?.DeepClone()));
    }

    /// <summary>A copy of the members as JSON.</summary>
    public JsonObject ToJson() => (JsonObject)Json.DeepClone();

    /// <summary>The members as compact JSON.</summary>
    public string ToJsonString() => Json.ToJsonString();

    /// <inheritdoc cref="ToJsonString"/>
    public override string ToString() => ToJsonString();

    /// <inheritdoc/>
    public bool Equals(ComponentOptions? other) => other is not null && JsonNode.DeepEquals(Canonical(Json), Canonical(other.Json));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ComponentOptions);

    /// <inheritdoc/>
    public override int GetHashCode() => Json.Count;

    /// <summary>The same with member names spelled as the options classes' JSON has them.</summary>
    private static JsonObject Canonical(JsonObject json) => new(json
        .GroupBy(member => JsonNamingPolicy.CamelCase.ConvertName(member.Key))
        .Select(member => KeyValuePair.Create(member.Key, member.Last().Value?.DeepClone())));

    private static JsonNode? FromBound(OrderedDictionary<string, ComponentOptions> members)
    {
        // Configuration writes the elements of a list as members called 0, 1, 2.
        var isList = members.Count > 0 && members.Keys.Index().All(k => k.Item == k.Index.ToString(CultureInfo.InvariantCulture));
        if (isList)
            return new JsonArray([.. members.Values.Select(value => value?.Node?.DeepClone())]);
        return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value?.Node?.DeepClone())));
    }

    private static JsonNode? FromText(string text)
    {
        var isJson = text is "true" or "false" or "True" or "False"
            || (text.Length > 0 && (char.IsAsciiDigit(text[^1]) || text[^1] == '.'));
        if (isJson)
            try
            {
                return JsonNode.Parse(text.ToLowerInvariant()) is JsonValue value ? value : text;
            }
            catch (JsonException)
            {
                // "v1" ends in a digit and is a text.
            }
        return text;
    }

    // For configuration's binder alone: it fills dictionaries, whatever is in them.
    ICollection<string> IDictionary<string, ComponentOptions>.Keys => Bound.Keys;

    ICollection<ComponentOptions> IDictionary<string, ComponentOptions>.Values => Bound.Values;

    bool ICollection<KeyValuePair<string, ComponentOptions>>.IsReadOnly => false;

    ComponentOptions IDictionary<string, ComponentOptions>.this[string key]
    {
        get => Bound[key];
        set => Set(key, value);
    }

    void IDictionary<string, ComponentOptions>.Add(string key, ComponentOptions value) => Set(key, value);

    bool IDictionary<string, ComponentOptions>.ContainsKey(string key) => Bound.ContainsKey(key);

    bool IDictionary<string, ComponentOptions>.Remove(string key) => throw ReadOnly();

    bool IDictionary<string, ComponentOptions>.TryGetValue(string key, [MaybeNullWhen(false)] out ComponentOptions value) =>
        Bound.TryGetValue(key, out value);

    void ICollection<KeyValuePair<string, ComponentOptions>>.Add(KeyValuePair<string, ComponentOptions> item) => Set(item.Key, item.Value);

    void ICollection<KeyValuePair<string, ComponentOptions>>.Clear() => throw ReadOnly();

    bool ICollection<KeyValuePair<string, ComponentOptions>>.Contains(KeyValuePair<string, ComponentOptions> item) => Bound.Contains(item);

    void ICollection<KeyValuePair<string, ComponentOptions>>.CopyTo(KeyValuePair<string, ComponentOptions>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, ComponentOptions>>)Bound).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, ComponentOptions>>.Remove(KeyValuePair<string, ComponentOptions> item) => throw ReadOnly();

    IEnumerator<KeyValuePair<string, ComponentOptions>> IEnumerable<KeyValuePair<string, ComponentOptions>>.GetEnumerator() =>
        Bound.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Bound.GetEnumerator();

    private OrderedDictionary<string, ComponentOptions> Bound => _bound ?? new(
        Json.Select(member => KeyValuePair.Create(member.Key, new ComponentOptions(member.Value?.DeepClone()))),
        StringComparer.OrdinalIgnoreCase);

    private void Set(string key, ComponentOptions value)
    {
        if (_bound is null || _node is not null)
            throw ReadOnly();
        _bound[key] = value;
    }

    private static NotSupportedException ReadOnly() => new("options cannot be changed once they are read");

    private sealed class TextForm : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            new ComponentOptions(FromText((string)value));
    }
}

/// <summary>Options of plug-ins as a JSON object. Public for contexts that are generated at build time.</summary>
internal sealed class ComponentOptionsJsonConverter : JsonConverter<ComponentOptions>
{
    /// <inheritdoc/>
    public override ComponentOptions? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonNode.Parse(ref reader) is { } node
            ? new ComponentOptions(node as JsonObject
                ?? throw new JsonException($"found {node.GetValueKind()}, expected an object of options"))
            : null;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ComponentOptions value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        value.Json.WriteTo(writer);
    }
}
