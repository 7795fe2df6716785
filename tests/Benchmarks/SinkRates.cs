using System.Diagnostics;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Sinks;
using SignalCam.Testing.Servers;

namespace SignalCam.Benchmarks;

/// <summary>How fast sinks take results, and what a result takes there.</summary>
internal static class SinkRates
{
    private const int Count = 100_000;
    private const int Batch = 1000;

    public static async Task PrintAsync()
    {
        var folder = Directory.CreateTempSubdirectory("signalcam-sink-");
        try
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await using var files = new JsonLinesSink(new JsonLinesSinkOptions { Folder = folder.FullName });
            await PrintAsync("json-lines", files);
            Console.WriteLine($"json-lines: {folder.EnumerateFiles("*.jsonl").Sum(f => f.Length) / (double)Count:F0} bytes of file and "
                + $"{(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count:F0} bytes of memory for a result");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        if (PostgresServer.Obstacle is { } obstacle)
        {
            Console.WriteLine(obstacle);
            return;
        }
        await using var server = await PostgresServer.StartAsync();
        await using var database = new PostgreSqlSink(new PostgreSqlSinkOptions { ConnectionString = server.ConnectionString });
        await PrintAsync("postgresql", database);
        await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var size = new Npgsql.NpgsqlCommand("select pg_total_relation_size('signalcam.results')", connection);
        Console.WriteLine(
            $"postgresql: {(long)(await size.ExecuteScalarAsync())! / (double)Count:F0} bytes for a result, its index included");
    }

    /// <summary>Results of one class with a map of 125 cells.</summary>
    private static async Task PrintAsync(string name, IResultSink sink)
    {
        await sink.OpenAsync();
        var random = new Random(1);
        var start = Stopwatch.GetTimestamp();
        for (var from = 0; from < Count; from += Batch)
            await sink.WriteAsync([.. Enumerable.Range(from, Batch).Select(i => new ScoringResult(new EcgClassification
            {
                Recording = $"ptb-xl/{i}",
                Model = "normal-abnormal",
                ModelSha256 = new string('a', 64),
                Task = "normal-abnormal",
                TaskKind = TaskKind.Binary,
                Backend = "compiled",
                Explainer = "cam",
                Stretch = new EcgStretch(0, 10),
                SamplingRate = 100,
                Scores = [new ClassScore("abnormal", random.NextDouble(), random.NextDouble(), 0.5, ClassDecision.Present,
                    new HeatMap("abnormal", [.. Enumerable.Range(0, 125).Select(_ => random.NextSingle())], []))],
            }))]);
        Console.WriteLine($"{name}: {Count / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} results with maps a second");
    }
}
