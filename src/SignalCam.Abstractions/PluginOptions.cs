using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SignalCam.Abstractions;

/// <summary>
/// Reads, checks and writes the options of plug-ins. As JSON: camelCase, enums by name, unknown members refused. Values are checked
/// against their DataAnnotations.
/// </summary>
/// <remarks>
/// A trimmed program has no reflection-based JSON unless it enables it, so its options classes need a reader generated at build time: see
/// <see cref="AddGenerated"/>. Those of the SDK have one.
/// </remarks>
public static class PluginOptions
{
    // What is looked at of an options class.
    internal const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    private static readonly GeneratedReaders s_generated = new();

    /// <summary>The JSON options for plug-in options.</summary>
    public static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>
    /// Takes readers and writers of options classes that were generated at build time. Call it before the first use of such a class.
    /// </summary>
    /// <param name="readers">A source-generated JsonSerializerContext; its own settings are ignored.</param>
    public static void AddGenerated(IJsonTypeInfoResolver readers)
    {
        ArgumentNullException.ThrowIfNull(readers);
        s_generated.Add(readers);
    }

    /// <summary>The options as written in a model file.</summary>
    public static JsonObject Write<[DynamicallyAccessedMembers(Members)] TOptions>(TOptions options) =>
        JsonSerializer.SerializeToNode(options, Json.InfoOf<TOptions>())!.AsObject();

    /// <summary>Reads options and checks them; null gives the defaults.</summary>
    /// <param name="kind">The kind of plug-in, for messages: "transform".</param>
    /// <param name="name">The plug-in's name, for messages.</param>
    /// <param name="given">The members that differ from the defaults.</param>
    /// <param name="defaults">Creates the defaults; null for those of the class.</param>
    /// <exception cref="PluginException">
    /// A member is unknown or has a value that does not fit; the message names the plug-in, the option and its value.
    /// </exception>
    public static TOptions Read<[DynamicallyAccessedMembers(Members)] TOptions>(
        string kind, string name, ComponentOptions? given, Func<TOptions>? defaults = null)
        where TOptions : class, new()
    {
        var options = defaults is null ? new TOptions() : defaults();
        if (given is null)
            return Check(kind, name, options);
        try
        {
            var fitting = Fitting(given.Json, Json.InfoOf<TOptions>());
            var members = fitting;
            if (defaults is not null)
            {
                // A later member replaces an earlier one of the same name.
                members = Write(options);
                foreach (var (member, value) in fitting)
                {
                    members.Remove(JsonNamingPolicy.CamelCase.ConvertName(member));
                    members[member] = value?.DeepClone();
                }
            }
            return Check(kind, name, members.Deserialize(Json.InfoOf<TOptions>()) ?? options);
        }
        // InvalidOperationException: a text with half of a surrogate pair.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new PluginException($"the options of {kind} '{name}' do not fit: {e.Message}", e);
        }
    }

    /// <summary>Validates options against their DataAnnotations, so that a wrong value is named before anything runs.</summary>
    /// <returns>The options, or the defaults for null.</returns>
    /// <exception cref="PluginException">
    /// A value is not allowed; the message names the plug-in, the option, its value and what is allowed.
    /// </exception>
    public static TOptions Check<[DynamicallyAccessedMembers(Members)] TOptions>(string kind, string name, TOptions? options)
        where TOptions : class, new()
    {
        options ??= new TOptions();
        var problems = FindProblems(options);
        return problems.Count == 0
            ? options
            : throw new PluginException($"the options of {kind} '{name}' do not fit: {string.Join(" ", problems)}");
    }

    /// <summary>
    /// Violations of an object's DataAnnotations: each names the member, its value and what is allowed. Empty if there are none.
    /// </summary>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2026", Justification = "The validator looks at public properties, which the annotation keeps.")]
    public static IReadOnlyList<string> FindProblems<[DynamicallyAccessedMembers(Members)] TOptions>(TOptions options)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return [.. problems.Select(p => p.MemberNames.Any()
            ? $"{string.Join(", ", p.MemberNames.Select(m => Stated(options, m)))}: {p.ErrorMessage}"
            : p.ErrorMessage!)];
    }

    private static string Stated<[DynamicallyAccessedMembers(Members)] TOptions>(TOptions options, string member)
    {
        var value = typeof(TOptions).GetProperty(member)?.GetValue(options);
        if (value is IEnumerable items and not string)
            value = $"[{string.Join(", ", items.Cast<object?>().Select(i => FormattableString.Invariant($"{i}")))}]";
        return FormattableString.Invariant($"{member} is {value ?? "null"}");
    }

    /// <summary>
    /// The members in the forms that the options class has: configuration, which knows texts alone, makes a number of the text "12" and an
    /// empty text of an empty list.
    /// </summary>
    private static JsonObject Fitting(JsonObject json, JsonTypeInfo info)
    {
        JsonObject? fitting = null;
        foreach (var (name, value) in json)
        {
            if (value is not JsonValue scalar
                || info.Properties.FirstOrDefault(
                    p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.PropertyType is not { } type)
                continue;
            var kind = scalar.GetValueKind();
            if (type == typeof(string) && kind is (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
                (fitting ??= (JsonObject)json.DeepClone())[name] = scalar.ToJsonString();
            else if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) && kind == JsonValueKind.String
                && scalar.GetValue<string>().Length == 0)
                (fitting ??= (JsonObject)json.DeepClone())[name] = new JsonArray();
        }
        return fitting ?? json;
    }

    [UnconditionalSuppressMessage("AOT", "IL3050",
        Justification = "Enums in options need code at run time; classes whose options have none, such as transforms, do without.")]
    private static JsonSerializerOptions CreateJson() => new(JsonForms.CamelCase(
        JsonSerializer.IsReflectionEnabledByDefault ? JsonTypeInfoResolver.Combine(s_generated, ByReflection()) : s_generated,
        new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)))
    {
        // As in appsettings.json.
        PropertyNameCaseInsensitive = true,
    };

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026", Justification = "Called where reflection is on, which a trimmed program has to ask for.")]
    [UnconditionalSuppressMessage(
        "AOT", "IL3050", Justification = "Called where reflection is on, which a trimmed program has to ask for.")]
    private static DefaultJsonTypeInfoResolver ByReflection() => new();

    private sealed class GeneratedReaders : IJsonTypeInfoResolver
    {
        private readonly Lock _adding = new();
        private IJsonTypeInfoResolver[] _all = [];

        public void Add(IJsonTypeInfoResolver readers)
        {
            lock (_adding)
                _all = [.. _all, readers];
        }

        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
        {
            foreach (var readers in Volatile.Read(ref _all))
                if (readers.GetTypeInfo(type, options) is { } info)
                    return info;
            return null;
        }
    }
}
