using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SignalCam.Abstractions;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Sinks;
using SignalCam.Distributed.Workers;
using SignalCam.Testing;
using SignalCam.Testing.Servers;

namespace SignalCam.Distributed.Tests.Collecting;

[Collection(nameof(ServersFixture))]
public sealed class CollectorTests(ServersFixture servers)
{
    private const string Prefix = "refused";

    private static readonly string s_sha256 = new('a', 64);

    [SkippableFact]
    public async Task Results_that_cannot_be_stored_are_dead_letters_with_their_reason_and_those_around_them_are_in_all_sinks()
    {
        using var folder = TestData.Folder();
        var database = servers.Postgres.ConnectionString;
        await using (var sink = new PostgreSqlSink(new PostgreSqlSinkOptions { ConnectionString = database, Schema = Prefix }))
            await sink.OpenAsync();
        await ExecuteAsync(database, $"alter table {Prefix}.results add check (recording_id <> 'checked')");
        var good = Enumerable.Range(0, 60).Select(i => Result($"{i}")).ToArray();
        (ScoringResult Result, string Reason)[] bad =
        [
            (Result("nan", double.NaN), "found probability NaN of class 0 (MI), expected a number from 0 to 1"),
            (Result("infinite", Results.Score("MI", 0.5, double.NegativeInfinity, 0.5, ClassDecision.Absent, 1)), "found logit -Infinity"),
            (Result("cell", Results.Score("MI", 0.5, 0, 0.5, ClassDecision.Absent, 1, float.NaN)), "found NaN in cell 1"),
            (Result("nul\0"), "found a recording id of 4 characters"),
            (Result("class", Results.Score("a\0b", 0.5, 0, 0.5, ClassDecision.Absent, null)), "for class 0"),
            (Result(new string('x', 501)), "found a recording id of 501 characters"),
            // Only the database knows its constraint, and only the last sink its taste.
            (Result("checked"), "sink postgresql: 23514"),
            (Result("picky/1"), "sink picky: not this one"),
            (Result("picky/2"), "sink picky: not this one"),
        ];
        using var host = Host(folder.Path, database);
        await host.StartAsync();

        // The bad ones first, in the middle and last, with others and alone.
        await PublishAsync([bad[0].Result, .. good[..20], bad[1].Result, bad[6].Result]);
        await PublishAsync([bad[2].Result]);
        await PublishAsync([.. good[20..40], bad[3].Result, bad[7].Result, .. good[40..50], bad[8].Result]);
        await PublishAsync([bad[4].Result]);
        await PublishAsync([bad[5].Result, .. good[50..]]);
        var status = host.Services.GetRequiredService<CollectorStatus>();
        await Wait.UntilAsync(() => Task.FromResult(status.Received >= good.Length && status.Refused >= bad.Length),
            () => $"{status.Received} received, {status.Refused} refused: {status.Problem}");
        await Wait.UntilAsync(async () => await servers.Rabbit.CountAsync(Prefix + ".results") == 0, () => "messages are left");
        await host.StopAsync();

        Assert.Equal((good.Length, bad.Length), (status.Received, status.Refused));
        var expected = good.Select(StoredResults.Line).Order(StringComparer.Ordinal).ToArray();
        var picky = bad[7..].Select(b => StoredResults.Line(b.Result));
        Assert.Equal(expected.Concat(picky).Order(StringComparer.Ordinal),
            (await StoredResults.OfDatabaseAsync(database, Prefix)).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Concat(picky).Append(StoredResults.Line(bad[6].Result)).Order(StringComparer.Ordinal),
            StoredResults.OfFolder(folder.Path).Order(StringComparer.Ordinal));
        Assert.Equal(good.Length, host.Services.GetRequiredService<PickyStore>().Count);
        await AssertDeadAsync(bad);
    }

    [SkippableFact]
    public async Task Messages_that_hold_no_results_are_dead_letters_as_a_whole_with_their_reason_and_those_behind_them_are_stored()
    {
        const string prefix = "unreadable";
        using var folder = TestData.Folder();
        var good = Result("good");
        var whole = ResultBatch.Write([good, good]).ToArray();
        var json = EcgAnswerJson.Write(good.Answer);
        (byte[] Body, string Reason)[] bad =
        [
            ("no results at all"u8.ToArray(), "found no message of results"),
            (whole[..^20], "found"),
            ([.. whole, 0], "found 1 more bytes, expected the end"),
            (Message("null"), "found null"),
            (Message(json.Replace("\"scores\":[", "\"scores\":[null,", StringComparison.Ordinal)), "scores: found null in the list"),
            (Message(json.Replace("\"findings\":[", "\"findings\":[null", StringComparison.Ordinal)), "findings: found null in the list"),
            (Message(json.Replace("\"windows\":[", "\"windows\":[null", StringComparison.Ordinal)), "windows: found null in the list"),
            // Half of a surrogate pair, and bytes that are no UTF-8.
            (Message(json.Replace("\"model\":\"ward\"", "\"model\":\"\\ud83d\"", StringComparison.Ordinal)), "found no answer"),
            (Message(System.Text.Encoding.Latin1.GetBytes(json.Replace("ward", "w\u00ffrd", StringComparison.Ordinal))), "found no answer"),
            (Message(json.Replace("\"model\":", "\"modell\":", StringComparison.Ordinal)), "model"),
        ];
        using var host = FileHost(folder.Path, prefix);
        await host.StartAsync();
        await PublishAsync(prefix, [.. bad.Select(b => (ReadOnlyMemory<byte>)b.Body), ResultBatch.Write([good])]);
        var status = host.Services.GetRequiredService<CollectorStatus>();
        await Wait.UntilAsync(() => Task.FromResult(status.Stored == 1), () => $"{status.Received} received: {status.Problem}");
        await Wait.UntilAsync(async () => await servers.Rabbit.CountAsync(prefix + ".results") == 0, () => "messages are left");
        await host.StopAsync();

        Assert.Equal([StoredResults.Line(good)], StoredResults.OfFolder(folder.Path));
        var letters = await TakeDeadAsync(prefix);
        Assert.Equal(bad.Length, letters.Count);
        foreach (var (body, reason) in bad)
        {
            var letter = Assert.Single(letters, letter => letter.Body.AsSpan().SequenceEqual(body));
            Assert.Equal(FailureKind.MalformedMessage, letter.Kind);
            Assert.Contains(reason, letter.Detail, StringComparison.Ordinal);
        }

        static byte[] Message(object answer)
        {
            var bytes = answer as byte[] ?? System.Text.Encoding.UTF8.GetBytes((string)answer);
            return [.. "SCR\u0002"u8, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(bytes.Length), .. bytes];
        }
    }

    [Fact]
    public async Task Files_hold_nothing_of_results_of_which_one_is_refused_and_take_the_others_again()
    {
        using var folder = TestData.Folder();
        await using var sink = new JsonLinesSink(new JsonLinesSinkOptions { Folder = folder.Path });
        await sink.OpenAsync();
        await Assert.ThrowsAsync<ResultRefusedException>(() => sink.WriteAsync([Result("1"), Result("2", double.NaN), Result("3")]));
        Assert.Empty(StoredResults.OfFolder(folder.Path));
        Assert.Equal(2, await sink.WriteAsync([Result("1"), Result("3")]));
        Assert.Equal(2, StoredResults.OfFolder(folder.Path).Length);
    }

    private static ScoringResult Result(string id, double probability = 0.25) =>
        Result(id, Results.Score("MI", probability, -1.0986, 0.5, ClassDecision.Absent, 0.1f, -0.25f));

    private static ScoringResult Result(string id, ClassScore score) => Results.Of(id, s_sha256, "cam", "ward", score);

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private IHost Host(string folder, string database)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<PickyStore>();
        builder.Services.AddSignalCam().AddBroker(o =>
        {
            o.Hosts.Add("127.0.0.1");
            (o.Port, o.QueuePrefix) = (servers.Rabbit.Port, Prefix);
        }).AddCollector().AddJsonLinesSink(o => o.Folder = folder)
            .AddPostgreSqlSink(o => (o.ConnectionString, o.Schema) = (database, Prefix))
            .AddResultSink<PickySink, PickyOptions>("picky");
        return builder.Build();
    }

    /// <summary>A collector that writes files alone.</summary>
    private IHost FileHost(string folder, string prefix)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSignalCam().AddBroker(o =>
        {
            o.Hosts.Add("127.0.0.1");
            (o.Port, o.QueuePrefix) = (servers.Rabbit.Port, prefix);
        }).AddCollector().AddJsonLinesSink(o => o.Folder = folder);
        return builder.Build();
    }

    private Task PublishAsync(IReadOnlyList<ScoringResult> results) => PublishAsync(Prefix, ResultBatch.Write(results));

    private async Task PublishAsync(string prefix, params IEnumerable<ReadOnlyMemory<byte>> bodies)
    {
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await BrokerClient.CreateChannelAsync(connection, default);
        var queues = new QueueNames(new BrokerOptions { QueuePrefix = prefix });
        await queues.DeclareResultsAsync(channel, default);
        foreach (var body in bodies)
            await RabbitServer.PublishAsync(channel, queues.Results, body);
    }

    private async Task<List<(byte[] Body, string Kind, string Detail)>> TakeDeadAsync(string prefix)
    {
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var letters = new List<(byte[] Body, string Kind, string Detail)>();
        while (await channel.BasicGetAsync(prefix + ".dead", autoAck: true) is { } letter)
            letters.Add((letter.Body.ToArray(), Text(letter, DeadLetters.ReasonHeader), Text(letter, DeadLetters.DetailHeader)));
        return letters;

        static string Text(RabbitMQ.Client.BasicGetResult letter, string header) =>
            System.Text.Encoding.UTF8.GetString((byte[])letter.BasicProperties.Headers![header]!);
    }

    private async Task AssertDeadAsync((ScoringResult Result, string Reason)[] bad)
    {
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var letters = new Dictionary<string, string>();
        while (await channel.BasicGetAsync(Prefix + ".dead", autoAck: true) is { } letter)
        {
            var headers = letter.BasicProperties.Headers!;
            Assert.Equal((FailureKind.UnstorableResult, Prefix + ".results"),
                (Text(headers[DeadLetters.ReasonHeader]), Text(headers[DeadLetters.QueueHeader])));
            letters.Add(Assert.Single(ResultBatch.Read(letter.Body.Span)).Key.RecordingId, Text(headers[DeadLetters.DetailHeader]));
        }
        Assert.Equal(bad.Length, letters.Count);
        Assert.All(bad, b => Assert.Contains(b.Reason, letters[b.Result.Key.RecordingId], StringComparison.Ordinal));

        static string Text(object? header) => System.Text.Encoding.UTF8.GetString((byte[])header!);
    }

    internal sealed class PickyOptions;

    internal sealed class PickyStore
    {
        public int Count { get; set; }
    }

    /// <summary>A sink of somebody else's that takes everything but some results, and says so.</summary>
    internal sealed class PickySink(PickyOptions options, PickyStore store) : IResultSink
    {
        public Task OpenAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task<int> WriteAsync(IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken = default)
        {
            Assert.NotNull(options);
            if (results.Any(r => r.Key.RecordingId.StartsWith("picky/", StringComparison.Ordinal)))
                throw new ResultRefusedException("not this one");
            store.Count += results.Count;
            return Task.FromResult(results.Count);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
