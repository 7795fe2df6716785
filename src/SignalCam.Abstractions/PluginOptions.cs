using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SignalCam.Abstractions;

/// <summary>
/// Reads, checks and writes the options of plug-ins. As JSON: camelCase, enums by name, unknown members refused. Values are held to
/// their DataAnnotations.
/// </summary>
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

    /// <summary>Reads options and checks them; null gives the defaults.</summary>
    /// <param name="kind">What the plug-in is, for messages: "transform".</param>
    /// <param name="name">The plug-in's name, for messages.</param>
    /// <param name="json">The members that differ from the defaults.</param>
    /// <param name="defaults">Makes the defaults; null for those of the class.</param>
    /// <exception cref="PluginException">A member is unknown or has a value that does not fit; the message names the plug-in, the option and its value.</exception>
    public static TOptions Read<TOptions>(string kind, string name, JsonObject? json, Func<TOptions>? defaults = null)
        where TOptions : class, new()
    {
        var options = defaults is null ? new TOptions() : defaults();
        if (json is null)
            return Check(kind, name, options);
        try
        {
            var members = json;
            if (defaults is not null)
            {
                // A later member replaces an earlier one of the same name.
                members = Write(options);
                foreach (var (member, value) in json)
                {
                    members.Remove(JsonNamingPolicy.CamelCase.ConvertName(member));
                    members[member] = value?.DeepClone();
                }
            }
            return Check(kind, name, members.Deserialize<TOptions>(Json) ?? options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new PluginException($"the options of {kind} '{name}' do not fit: {e.Message}", e);
        }
    }

    /// <summary>Holds options to their DataAnnotations, so that a wrong value is named before anything runs.</summary>
    /// <returns>The options, or the defaults for null.</returns>
    /// <exception cref="PluginException">A value is not allowed; the message names the plug-in, the option, its value and what is allowed.</exception>
    public static TOptions Check<TOptions>(string kind, string name, TOptions? options)
        where TOptions : class, new()
    {
        options ??= new TOptions();
        var problems = FindProblems(options);
        return problems.Count == 0
            ? options
            : throw new PluginException($"the options of {kind} '{name}' do not fit: {string.Join(" ", problems)}");
    }

    /// <summary>What in an object contradicts its DataAnnotations: each names the member, its value and what is allowed. Empty when all is well.</summary>
    public static IReadOnlyList<string> FindProblems(object options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return [.. problems.Select(p => p.MemberNames.Any()
            ? $"{string.Join(", ", p.MemberNames.Select(m => Told(options, m)))}: {p.ErrorMessage}"
            : p.ErrorMessage!)];
    }

    private static string Told(object options, string member)
    {
        var value = options.GetType().GetProperty(member)?.GetValue(options);
        if (value is IEnumerable items and not string)
            value = $"[{string.Join(", ", items.Cast<object?>().Select(i => FormattableString.Invariant($"{i}")))}]";
        return FormattableString.Invariant($"{member} is {value ?? "null"}");
    }
}
