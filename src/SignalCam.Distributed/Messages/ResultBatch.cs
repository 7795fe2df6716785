using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>A message of results: those of one message of jobs.</summary>
/// <remarks>
/// Little-endian: the bytes "SCR" and 2, the number of results, then each result preceded by its length in bytes: the JSON of the answer,
/// see docs/answers.md.
/// </remarks>
internal static class ResultBatch
{
    // A number that is not finite is the result's fault alone and is told by ResultCheck; the others of the message are stored.
    private static readonly JsonTypeInfo<EcgClassification> s_json = new JsonSerializerOptions(EcgAnswerJson.Options)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    }.InfoOf<EcgClassification>();

    private static ReadOnlySpan<byte> Mark => "SCR\u0002"u8;

    /// <summary>Writes a message.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<ScoringResult> results)
    {
        var writer = new MessageWriter();
        writer.Bytes(Mark);
        writer.Int32(results.Count);
        foreach (var result in results)
        {
            var answer = JsonSerializer.SerializeToUtf8Bytes(result.Answer, s_json);
            writer.Int32(answer.Length);
            writer.Bytes(answer);
        }
        return writer.Written;
    }

    /// <summary>Reads a message.</summary>
    /// <exception cref="MessageFormatException">The message is not a message of results.</exception>
    public static IReadOnlyList<ScoringResult> Read(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        reader.Expect(Mark, "message of results");
        var results = new ScoringResult[reader.Count(sizeof(int), MessageLimits.Items)];
        for (var i = 0; i < results.Length; i++)
        {
            var length = reader.Int32();
            var start = reader.Position;
            results[i] = ReadOne(reader.Bytes(length), start);
        }
        reader.ExpectEnd();
        return results;
    }

    private static ScoringResult ReadOne(ReadOnlySpan<byte> json, int start)
    {
        try
        {
            return new ScoringResult(EcgAnswerJson.Read(json, s_json));
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"byte {start}: found no answer ({e.Message})", e);
        }
    }
}
