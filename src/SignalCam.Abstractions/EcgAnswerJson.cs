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
    /// <summary>The JSON options for answers. Read-only; copy them to indent.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    internal static JsonTypeInfo<EcgClassification> Info { get; } = Options.InfoOf<EcgClassification>();

    /// <summary>Writes an answer on one line.</summary>
    public static string Write(EcgClassification answer) => JsonSerializer.Serialize(answer, Info);

    /// <summary>Writes an answer on one line, as UTF-8.</summary>
    public static byte[] WriteUtf8(EcgClassification answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Info);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is not an answer; the message states where.</exception>
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
    /// <exception cref="JsonException">It is not an answer; the message states where.</exception>
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

    /// <summary>Lists must not contain null, which the serializer does not check.</summary>
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
    /// A string with half of a surrogate pair, or bytes that are not UTF-8, which the serializer does not report as a JSON error.
    /// </summary>
    private static bool IsOfText(Exception e) => e is InvalidOperationException or ArgumentException;

    private static JsonException NotText(Exception e) => new($"found a string that is not Unicode ({e.Message})", e);

    private static JsonSerializerOptions Create()
    {
        var words = new[]
        {
            JsonForms.Words<TaskKind>(), JsonForms.Words<ClassDecision>(), JsonForms.Words<FindingSeverity>(),
            JsonForms.Words<HeatMapSign>(), JsonForms.Words<CamKind>(),
        };
        var options = new JsonSerializerOptions(JsonForms.SnakeCase(AnswerJsonContext.Default, words))
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
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
