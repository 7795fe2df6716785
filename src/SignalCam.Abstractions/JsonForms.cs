using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SignalCam.Abstractions;

/// <summary>
/// The two forms of JSON, of which every other set of options is a copy: see docs/decisions/0016-two-forms-of-json.md. Both read strictly:
/// a missing or doubled member, a null where none is allowed and a number written as text are errors.
/// </summary>
internal static class JsonForms
{
    /// <summary>
    /// What is written for people and other programs: answers, results of commands, descriptions of runs. Names are snake_case, characters
    /// stay as they are, and a reader skips members of a newer version.
    /// </summary>
    /// <param name="readers">Source-generated readers and writers; null for reflection.</param>
    /// <param name="converters">Those that are needed in addition.</param>
    public static JsonSerializerOptions SnakeCase(IJsonTypeInfoResolver? readers = null, params ReadOnlySpan<JsonConverter> converters) =>
        Strict(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            // Names of leads and files are texts for people; anyone who puts them into HTML escapes them there.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }, readers, converters);

    /// <summary>
    /// What mirrors the options of C# classes, as appsettings.json does: options of plug-ins, option files, and what is kept in model
    /// files. Names are camelCase, and unknown members are errors.
    /// </summary>
    /// <inheritdoc cref="SnakeCase"/>
    public static JsonSerializerOptions CamelCase(IJsonTypeInfoResolver? readers = null, params ReadOnlySpan<JsonConverter> converters) =>
        Strict(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        }, readers, converters);

    /// <summary>Reads and writes an enumeration by name, in lower-kebab.</summary>
    public static JsonConverter Words<TEnum>()
        where TEnum : struct, Enum => new JsonStringEnumConverter<TEnum>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

    /// <summary>The type's reader and writer.</summary>
    public static JsonTypeInfo<T> InfoOf<T>(this JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Strict(
        JsonSerializerOptions options, IJsonTypeInfoResolver? readers, ReadOnlySpan<JsonConverter> converters)
    {
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.TypeInfoResolver = readers;
        foreach (var converter in converters)
            options.Converters.Add(converter);
        return options;
    }
}
