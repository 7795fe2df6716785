using Npgsql;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Sinks;
using SignalCam.Testing;

namespace SignalCam.Distributed.Tests.Sinks;

[Collection(nameof(ServersFixture))]
public sealed class SinkTests(ServersFixture servers)
{
    [Fact]
    public async Task Files_keep_the_first_result_of_a_key_also_over_a_crash_that_cut_the_last_line()
    {
        using var folder = TestData.Folder();
        var options = new JsonLinesSinkOptions { Folder = folder.Path, FileBytes = 400 };
        await using (var sink = new JsonLinesSink(options))
        {
            await sink.OpenAsync();
            Assert.Equal(2, await sink.WriteAsync([Result("1"), Result("2"), Result("1", 0.9)]));
            Assert.Equal(1, await sink.WriteAsync([Result("2"), Result("3")]));
        }
        var files = Directory.GetFiles(folder.Path, "*.jsonl").Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 1, "no second file was begun");
        await File.AppendAllTextAsync(files[^1], """{"recording":"4","mod""");
        await using (var again = new JsonLinesSink(options))
        {
            await again.OpenAsync();
            await Assert.ThrowsAsync<IOException>(() => new JsonLinesSink(options).OpenAsync());
            Assert.Equal(1, await again.WriteAsync([Result("3"), Result("4"), Result("1")]));
        }
        Assert.Equal(new[] { "1", "2", "3", "4" }.Select(id => StoredResults.Line(Result(id))), StoredResults.OfFolder(folder.Path));
    }

    [Fact]
    public async Task A_file_of_something_else_is_named_with_its_line()
    {
        using var folder = TestData.Folder();
        await File.WriteAllTextAsync(folder["results-000001.jsonl"], StoredResults.Line(Result("1")) + "\n{}\n");
        var error = await Assert.ThrowsAsync<EcgFormatException>(
            () => new JsonLinesSink(new JsonLinesSinkOptions { Folder = folder.Path }).OpenAsync());
        Assert.Equal("line 2", error.Position);
    }

    [SkippableFact]
    public async Task The_database_keeps_the_first_result_of_a_key_and_two_collectors_may_begin_at_once()
    {
        var options = new PostgreSqlSinkOptions { ConnectionString = servers.Postgres.ConnectionString, Schema = "sinks" };
        await using var one = new PostgreSqlSink(options);
        await using var two = new PostgreSqlSink(options);
        await Task.WhenAll(one.OpenAsync(), two.OpenAsync());
        ScoringResult[] results = [.. Enumerable.Range(0, 3000).Select(i => Result($"{i}"))];
        var added = await Task.WhenAll(one.WriteAsync(results), two.WriteAsync([.. results.Reverse(), Result("7", 0.9)]));
        Assert.Equal(3000, added.Sum());
        Assert.Equal(results.Select(StoredResults.Line).Order(StringComparer.Ordinal),
            (await StoredResults.OfDatabaseAsync(options.ConnectionString, "sinks")).Order(StringComparer.Ordinal));
        // Scores alone are another key, and have no map.
        Assert.Equal(
            1,
            await one.WriteAsync(
                [Results.Of("7", new string('b', 64), "", "ward", Results.Score("MI", 0.5, 0, 0.5, ClassDecision.Undecided, null))]));
    }

    [SkippableFact]
    public async Task Tables_of_a_newer_version_are_refused_and_so_is_a_schema_that_is_no_name()
    {
        var options = new PostgreSqlSinkOptions { ConnectionString = servers.Postgres.ConnectionString, Schema = "newer" };
        await using var sink = new PostgreSqlSink(options);
        await sink.OpenAsync();
        await sink.OpenAsync();
        await using (var connection = new NpgsqlConnection(options.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("update newer.schema_version set version = 99", connection);
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }
        Assert.Contains("version 99", (await Assert.ThrowsAsync<SinkException>(() => sink.OpenAsync())).Message, StringComparison.Ordinal);
        Assert.Throws<SignalCam.Abstractions.PluginException>(
            () => new PostgreSqlSink(new PostgreSqlSinkOptions { ConnectionString = "Host=x", Schema = "a; drop table b" }));
    }

    private static ScoringResult Result(string id, double probability = 0.25) =>
        Results.Of(id, new string('a', 64), "cam", "ward",
            Results.Score("MI", probability, -1.0986, 0.5, ClassDecision.Absent, 0.1f, -0.25f));
}
