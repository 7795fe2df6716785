using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Workers;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;
using SignalCam.Testing.Servers;

namespace SignalCam.Distributed.Tests;

/// <summary>Nothing is lost and nothing doubled, whatever happens to workers and broker.</summary>
[Collection(nameof(ServersFixture))]
public sealed class FaultTests(ServersFixture servers)
{
    private const string Fold = "9";
    private const int PoisonCount = 100;
    private const int UnstorableCount = 20;

    [SkippableFact]
    public async Task Fold_9_with_killed_worker_restarted_broker_and_database_and_poison_ends_with_each_result_once_and_as_in_process()
    {
        var data = TestData.PtbXl();
        var (rabbit, postgres) = (servers.Rabbit, servers.Postgres);
        using var folder = TestData.Folder("faults");
        var (model, database) = (
            PretrainedModels.Get(PretrainedModels.NormalAbnormal), postgres.ConnectionString + ";Options=-c synchronous_commit=off");
        var expected = await InProcessAsync(data, model.Sha256);
        Assert.Equal(2183, expected.Count);
        string[] broker = ["--broker", rabbit.Uri, "--queue-prefix", "faults"];
        var (poison, unstorable) = (Poison.Make(PoisonCount, model.Sha256), Poison.MakeResults(UnstorableCount, model.Sha256));
        var queues = new QueueNames(new BrokerOptions { QueuePrefix = "faults" });

        var workers = Enumerable.Range(0, 3)
            .Select(_ => SignalCamProcess.Start(["worker", .. broker, "--threads", "1", "--prefetch", "2"])).ToArray();
        using var collector = SignalCamProcess.Start(["collect", .. broker, "--out", folder["results"], "--postgres", database]);
        try
        {
            await SendAsync(poison.Take(PoisonCount / 2), queues, model.Sha256, queues.Jobs(model.Sha256));
            await SendAsync(unstorable.Take(UnstorableCount / 2), queues, model.Sha256, queues.Results);
            using var submitter = SignalCamProcess.Start(
            [
                "submit", .. broker, "--data", data, "--folds", Fold, "--explain", "--per-message", "4", "--journal",
                folder["journal.json"],
            ]);
            await Wait.UntilAsync(async () => await StoredResults.CountAsync(database) >= 200,
                () => $"no results:\n{submitter.Said}\n{collector.Said}\n{workers[0].Said}");
            var atTheKill = await StoredResults.CountAsync(database);
            Assert.InRange(atTheKill, 200, expected.Count - 200);
            workers[0].Kill();
            await rabbit.RestartAsync();
            await SendAsync(unstorable.Skip(UnstorableCount / 2), queues, model.Sha256, queues.Results);
            await postgres.RestartAsync();
            await SendAsync(poison.Skip(PoisonCount / 2), queues, model.Sha256, queues.Jobs(model.Sha256));
            await SignalCamProcess.EndedWellAsync(submitter);
            await Wait.UntilAsync(async () => await StoredResults.CountAsync(database) >= expected.Count,
                () => $"results are missing:\n{collector.Said}\n{workers[1].Said}\n{workers[2].Said}");
            await Wait.UntilAsync(async () => await rabbit.CountAsync(queues.Jobs(model.Sha256)) == 0
                && await rabbit.CountAsync(queues.Results) == 0, () => "messages are left");
            foreach (var process in new[] { workers[1], workers[2], collector })
            {
                await process.StopAsync(TimeSpan.FromMinutes(2));
                Assert.True(process.ExitCode == 0, process.Said);
            }
            // Submitted once more, there is nothing left to do.
            Assert.Contains("2,183 of them before",
                await SignalCamProcess.OkAsync(
                [
                    "submit", .. broker, "--data", data, "--folds", Fold, "--explain", "--journal", folder["journal.json"],
                ]), StringComparison.Ordinal);
            Assert.Equal(0u, await rabbit.CountAsync(queues.Jobs(model.Sha256)));
        }
        finally
        {
            foreach (var worker in workers)
                worker.Dispose();
        }

        foreach (var stored in new[] { StoredResults.OfFolder(folder["results"]), await StoredResults.OfDatabaseAsync(database) })
            Assert.Equal(expected.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
        await AssertDeadAsync([.. poison, .. unstorable], queues);
    }

    /// <summary>Fold 9 in this process, as results.</summary>
    private static async Task<List<string>> InProcessAsync(string data, string sha256)
    {
        await using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu").Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        IEcgDataset dataset = PtbXlDataset.Open(data);
        var lines = new List<string>();
        foreach (var entry in dataset.Entries.Where(e => e.Fold == 9))
        {
            var said = classifier.Classify(await dataset.ReadAsync(entry), new ClassifyOptions { Explain = true });
            Assert.Equal(sha256, said.ModelSha256);
            lines.Add(StoredResults.Line(Results.Of(said, $"ptb-xl/{entry.Id}")));
        }
        return lines;
    }

    private async Task SendAsync(
        IEnumerable<(ReadOnlyMemory<byte> Body, string Reason)> messages, QueueNames queues, string sha256, string queue)
    {
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await BrokerClient.CreateChannelAsync(connection, default);
        await queues.DeclareJobsAsync(channel, sha256, default);
        foreach (var (body, _) in messages)
            await RabbitServer.PublishAsync(channel, queue, body);
    }

    /// <summary>
    /// Each poison message is a dead letter with its reason. One that was with the killed worker, or with the broker that went, may be
    /// there twice.
    /// </summary>
    private async Task AssertDeadAsync((ReadOnlyMemory<byte> Body, string Reason)[] poison, QueueNames queues)
    {
        var found = new Dictionary<string, string>();
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        while (await channel.BasicGetAsync(queues.Dead, autoAck: true) is { } letter)
        {
            var headers = letter.BasicProperties.Headers!;
            Assert.NotEqual("", Text(headers[DeadLetters.DetailHeader]));
            found[Convert.ToHexString(letter.Body.Span)] = Text(headers[DeadLetters.ReasonHeader]);
        }
        Assert.Equal(poison.Length, found.Count);
        Assert.All(poison, message => Assert.Equal(message.Reason, found[Convert.ToHexString(message.Body.Span)]));
    }

    private static string Text(object? header) => System.Text.Encoding.UTF8.GetString((byte[])header!);
}
