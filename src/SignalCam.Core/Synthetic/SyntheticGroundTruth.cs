using System.Text.Json;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Synthetic;

/// <summary>The abnormalities planted in a synthetic set, by ecg_id: the file ground_truth.json beside its database.</summary>
internal static class SyntheticGroundTruth
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "ground_truth.json";

    // A million recordings with a few findings each.
    private const long MostBytes = 1L << 30;

    private static readonly JsonSerializerOptions s_json = JsonForms.CamelCase(GroundTruthJson.Default);

    /// <summary>Reads the ground truth of a set.</summary>
    /// <param name="folder">The folder that holds ground_truth.json.</param>
    /// <returns>The findings of every recording by its ecg_id; none for a normal one.</returns>
    /// <exception cref="EcgFormatException">
    /// The file is missing or is not what <see cref="SyntheticDataset.WriteAsync"/> writes.
    /// </exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<SyntheticFinding>> Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        const string Expected = "an object of findings by ecg_id";
        try
        {
            using var stream = RegularFile.OpenBounded(file, MostBytes);
            return JsonSerializer.Deserialize(stream, s_json.InfoOf<Dictionary<string, IReadOnlyList<SyntheticFinding>>>())
                ?? throw new EcgFormatException(file, null, "null", Expected);
        }
        catch (JsonException e)
        {
            throw new EcgFormatException(file, $"line {e.LineNumber + 1}", e.Message, Expected, e);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "the ground truth of a synthetic set");
            throw new EcgFormatException(file, null, found, expected, e);
        }
    }

    /// <summary>One line per recording: large enough sets stay legible, and differ line by line.</summary>
    internal static void Write(string folder, IEnumerable<(string Id, IReadOnlyList<SyntheticFinding> Findings)> recordings)
    {
        var lines = recordings.Select(
            r => $"\"{r.Id}\": {JsonSerializer.Serialize(r.Findings, s_json.InfoOf<IReadOnlyList<SyntheticFinding>>())}");
        File.WriteAllText(Path.Combine(folder, FileName), "{\n" + string.Join(",\n", lines) + "\n}\n");
    }
}

/// <summary>Reader and writer of findings, source-generated, without reflection.</summary>
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<SyntheticFinding>>))]
internal sealed partial class GroundTruthJson : JsonSerializerContext;
