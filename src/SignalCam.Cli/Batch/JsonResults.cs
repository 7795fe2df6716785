using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Cli.Batch;

/// <summary>An array with one answer, or one recording with its error, a line.</summary>
internal sealed class JsonResults : IResultsFormat
{
    private const string Opening = "[";
    private const string Closing = "]";

    public string Head => Opening;

    public string Foot => $"\n{Closing}\n";

    public string Write(EcgStreamAnswer result, bool isFirst) => (isFirst ? "\n" : ",\n") + (result.Answer is { } answer
        ? EcgAnswerJson.Write(answer)
        : new JsonObject { ["recording"] = result.Id, ["error"] = OptionNames.Message(result.Error!) }.ToJsonString(EcgAnswerJson.Options));

    public IEnumerable<(BatchRow Row, long End)> Read(Stream stream, string path)
    {
        var isHead = true;
        foreach (var (line, end, isWhole) in Lines(stream))
        {
            if (isHead)
            {
                if (line != Opening)
                    throw new EcgFormatException(path, "line 1", Start(line), $"'{Opening}', the beginning of results");
                isHead = false;
                continue;
            }
            if (line == Closing)
                yield break;
            var hasComma = line.EndsWith(',');
            if (Parse(hasComma ? line[..^1] : line) is not { } row)
            {
                if (!isWhole)
                    yield break;
                throw new EcgFormatException(path, $"byte {end - Encoding.UTF8.GetByteCount(line)}", Start(line), "an answer");
            }
            yield return (row, end - (hasComma ? 1 : 0));
        }
    }

    private static BatchRow? Parse(string json)
    {
        try
        {
            if (JsonNode.Parse(json) is JsonObject { Count: 2 } failed && (string?)failed["recording"] is { } id
                && (string?)failed["error"] is { } error)
                return new BatchRow(id, [], [], null, error);
            var answer = EcgAnswerJson.Read(json);
            return answer.Recording is { } recording ? BatchRow.Of(recording, answer) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Lines with the position behind their last character, and whether a line feed follows it.</summary>
    private static IEnumerable<(string Line, long End, bool IsWhole)> Lines(Stream stream)
    {
        var line = new List<byte>();
        long position = 0;
        for (int value; (value = stream.ReadByte()) >= 0; position++)
        {
            if (value != '\n')
            {
                line.Add((byte)value);
                continue;
            }
            yield return (Encoding.UTF8.GetString([.. line]), position, true);
            line.Clear();
        }
        if (line.Count > 0)
            yield return (Encoding.UTF8.GetString([.. line]), position, false);
    }

    private static string Start(string line) => $"'{(line.Length > 40 ? line[..40] + "..." : line)}'";
}
