using System.Text;
using Npgsql;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Sinks;

namespace SignalCam.Distributed.Tests;

/// <summary>What sinks hold, as lines of JSON: equal lines are equal results, to the bit.</summary>
internal static class StoredResults
{
    public static string[] OfFolder(string folder) =>
        [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)];

    public static async Task<string[]> OfDatabaseAsync(string connectionString, string schema = "signalcam")
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select recording_id, model_sha256, explainer, model, classes, probabilities, logits, thresholds, present, cells, answer "
            + $"from {schema}.results", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            // The columns say what the answer beside them says.
            var answer = EcgAnswerJson.Read(reader.GetString(10));
            Assert.Equal(new ResultKey(reader.GetString(0), reader.GetString(1), reader.GetString(2)), new ScoringResult(answer).Key);
            Assert.Equal((reader.GetString(3), answer.Scores.Count), (answer.Model, reader.GetFieldValue<string[]>(4).Length));
            var (classes, probabilities, logits, thresholds, present) = (
                reader.GetFieldValue<string[]>(4), reader.GetFieldValue<double[]>(5), reader.GetFieldValue<double[]>(6),
                reader.GetFieldValue<double[]>(7), reader.GetFieldValue<bool?[]>(8));
            Assert.Equal(answer.Scores.Select(s => (s.Class, s.Probability, s.Logit, s.Threshold)),
                classes.Select((name, c) => (name, probabilities[c], logits[c], thresholds[c])));
            Assert.Equal(answer.Scores.Select(s => s.Decision),
                present.Select(p => p is null ? ClassDecision.Undecided : p.Value ? ClassDecision.Present : ClassDecision.Absent));
            Assert.Equal(answer.Scores.All(s => s.HeatMap is not null) ? answer.Scores.SelectMany(s => s.HeatMap!.Cells) : null,
                reader.IsDBNull(9) ? null : reader.GetFieldValue<float[]>(9));
            lines.Add(EcgAnswerJson.Write(answer));
        }
        return [.. lines];
    }

    public static async Task<long> CountAsync(string connectionString, string schema = "signalcam")
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"select case when to_regclass('{schema}.results') is null then 0 else 1 end", connection);
        if ((int)(await command.ExecuteScalarAsync())! == 0)
            return 0;
        command.CommandText = $"select count(*) from {schema}.results";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static string Line(ScoringResult result) => Encoding.UTF8.GetString(ResultJson.Write(result));
}
