using System.Text.Json;
using System.Text.Json.Serialization;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Sinks;

/// <summary>A result as a line of JSON. Numbers are written so that reading gives the same bits.</summary>
public static class ResultJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    /// <summary>Writes a result: recording, model, model_sha256, explainer, scores (class, probability, logit, threshold, present, cells where there is a map).</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static byte[] Write(ScoringResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return JsonSerializer.SerializeToUtf8Bytes(new Line(
            result.Key.RecordingId, result.Model, result.Key.ModelSha256, result.Key.Explainer,
            [.. result.Scores.Select(s => new LineScore(s.Class, s.Probability, s.Logit, s.Threshold, s.IsPresent, s.Cells))]), s_options);
    }

    /// <summary>Reads a result.</summary>
    /// <exception cref="JsonException">The line is none.</exception>
    public static ScoringResult Read(ReadOnlySpan<byte> line)
    {
        var read = JsonSerializer.Deserialize<Line>(line, s_options) ?? throw new JsonException("found null, expected a result");
        return new ScoringResult(
            new ResultKey(read.Recording, read.ModelSha256, read.Explainer), read.Model,
            [.. read.Scores.Select(s => s is null ? throw new JsonException("found null, expected a class's score") : new ResultScore(s.Class, s.Probability, s.Logit, s.Threshold, s.Present, s.Cells))]);
    }

    private sealed record Line(
        [property: JsonRequired] string Recording, [property: JsonRequired] string Model, [property: JsonRequired] string ModelSha256,
        [property: JsonRequired] string Explainer, [property: JsonRequired] LineScore[] Scores);

    private sealed record LineScore(string Class, double Probability, double Logit, double Threshold, bool Present, float[]? Cells);
}
