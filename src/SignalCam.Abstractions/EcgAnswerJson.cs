using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SignalCam.Abstractions;

/// <summary>
/// The JSON of an answer, the same from the command line, the viewer and the workers: see docs/answers.md. Names are snake_case,
/// enumerations by name, and every number reads back to the same bits.
/// </summary>
public static class EcgAnswerJson
{
    /// <summary>How answers are written and read. Cannot be changed; copy it to indent.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    internal static JsonTypeInfo<EcgClassification> Info { get; } =
        (JsonTypeInfo<EcgClassification>)Options.GetTypeInfo(typeof(EcgClassification));

    /// <summary>Writes an answer on one line.</summary>
    public static string Write(EcgClassification answer) => JsonSerializer.Serialize(answer, Info);

    /// <summary>Writes an answer on one line, as UTF-8.</summary>
    public static byte[] WriteUtf8(EcgClassification answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Info);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is no answer; the message says where.</exception>
    public static EcgClassification Read(string json)
    {
        try
        {
            return Complete(JsonSerializer.Deserialize(json, Info));
        }
        catch (Exception e) when (IsOfText(e))
        {
            throw NotText(e);
        }
    }

    /// <summary>Reads an answer from UTF-8.</summary>
    /// <exception cref="JsonException">It is no answer; the message says where.</exception>
    public static EcgClassification Read(ReadOnlySpan<byte> utf8Json) => Read(utf8Json, Info);

    /// <summary>The same with other options.</summary>
    internal static EcgClassification Read(ReadOnlySpan<byte> utf8Json, JsonTypeInfo<EcgClassification> info)
    {
        try
        {
            return Complete(JsonSerializer.Deserialize(utf8Json, info));
        }
        catch (Exception e) when (IsOfText(e))
        {
            throw NotText(e);
        }
    }

    /// <summary>Lists may not hold null, which the serializer does not look for.</summary>
    private static EcgClassification Complete(EcgClassification? answer)
    {
        if (answer is null)
            throw new JsonException("found null, expected an answer");
        RequireItems(answer.Scores, "scores");
        RequireItems(answer.Findings, "findings");
        RequireItems(answer.Windows, "windows");
        foreach (var finding in answer.Findings)
            RequireItems(finding.Leads, "leads of a finding");
        foreach (var window in answer.Windows)
            RequireItems(window.Scores, "scores of a window");
        return answer;
    }

    private static void RequireItems(IEnumerable<object?> items, string what)
    {
        if (items.Contains(null))
            throw new JsonException($"{what}: found null in the list");
    }

    /// <summary>
    /// A text with half of a surrogate pair, or bytes that are no UTF-8, which the serializer does not call an error of JSON.
    /// </summary>
    private static bool IsOfText(Exception e) => e is InvalidOperationException or ArgumentException;

    private static JsonException NotText(Exception e) => new($"found a text that is no Unicode ({e.Message})", e);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            // Names of leads and files are texts for people; whoever puts an answer into HTML escapes it there.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = AnswerJsonContext.Default,
            Converters =
            {
                new JsonStringEnumConverter<TaskKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
                new JsonStringEnumConverter<ClassDecision>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
                new JsonStringEnumConverter<FindingSeverity>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
                new JsonStringEnumConverter<HeatMapSign>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
                new JsonStringEnumConverter<CamKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            },
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>
/// Writes and reads answers as <see cref="EcgAnswerJson"/> does within other JSON: for the options of a host's serializer.
/// </summary>
public sealed class EcgAnswerJsonConverter : JsonConverter<EcgClassification>
{
    /// <inheritdoc/>
    public override EcgClassification? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, EcgAnswerJson.Info);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EcgClassification value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, EcgAnswerJson.Info);
}

[JsonSerializable(typeof(EcgClassification))]
[JsonSerializable(typeof(IReadOnlyList<EcgClassification>))]
internal sealed partial class AnswerJsonContext : JsonSerializerContext;
