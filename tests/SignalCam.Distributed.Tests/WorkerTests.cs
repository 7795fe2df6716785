using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Collecting;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Submitting;
using SignalCam.Distributed.Workers;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace SignalCam.Distributed.Tests;

/// <summary>Submitter, worker and collector in hosts of this process.</summary>
[Collection(nameof(ServersFixture))]
public sealed class WorkerTests(ServersFixture servers)
{
    private static readonly ScoringTask s_task = new(
        "normal-abnormal", PretrainedModels.Get(PretrainedModels.NormalAbnormal).Sha256, "cam");

    [SkippableFact]
    public async Task A_folder_is_scored_inline_and_by_URI_with_the_same_results_while_bad_recordings_go_to_the_dead_letters()
    {
        using var folder = TestData.Folder();
        Directory.CreateDirectory(folder["in/ward"]);
        for (var i = 0; i < 6; i++)
            WfdbWriter.Write(folder[i % 2 == 0 ? "in" : "in/ward"], $"r{i}", Poison.Recording((ulong)i));
        var uris = new Uri($"file://{folder["in"]}/");
        await File.WriteAllTextAsync(folder["in/ward/r3.dat"], "cut off");
        using var host = Host("folder", folder["results"], options => options.TrustedUris.Add(uris.AbsoluteUri));
        await host.StartAsync();

        var submitter = host.Services.GetRequiredService<IJobSubmitter>();
        var inline = new SubmissionRequest
        {
            Task = s_task,
            Recordings = JobSource.FromFolder(folder["in"]),
            RecordingsPerMessage = 2,
            OnBadRecording = Core.Datasets.OnBadRecording.Skip,
        };
        var sent = await submitter.SubmitAsync(inline);
        Assert.Equal((6, 1, 0), (sent.Done, sent.Skipped, sent.Resumed));
        await ReceivedAsync(host, 5);
        // The same keys: nothing is new. The one that cannot be read is told by the worker this time.
        await submitter.SubmitAsync(new SubmissionRequest { Task = s_task, Recordings = JobSource.FromFolder(folder["in"], uris) });
        await ReceivedAsync(host, 10);
        var collected = host.Services.GetRequiredService<CollectorStatus>();
        Assert.Equal((10, 5), (collected.Received, collected.Stored));
        Assert.Equal((10, 1), (Status(host).Scored, Status(host).Failed));
        await host.StopAsync();

        var classifier = host.Services.GetRequiredService<IEcgClassifier>();
        var expected = new[] { "r0", "r2", "r4", "ward/r1", "ward/r5" }.Select(
            id => Describe(id, classifier.Classify(WfdbReader.ReadSignal(folder[$"in/{id}"]), new ClassifyOptions { Explain = true })));
        Assert.Equal(expected.Order(StringComparer.Ordinal), StoredResults.OfFolder(folder["results"]).Order(StringComparer.Ordinal));
        var letter = await DeadLetterAsync("folder");
        Assert.Equal(FailureKind.UnreadableRecording, letter.Reason);
    }

    [SkippableFact]
    public async Task One_bad_recording_of_a_message_leaves_the_others_good_and_is_measured_by_kind()
    {
        using var folder = TestData.Folder();
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => l.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (measured)
                measured[Name(instrument, tags)] = measured.GetValueOrDefault(Name(instrument, tags)) + value;
        });
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            lock (measured)
                measured[Name(instrument, tags)] = value;
        });
        listener.Start();
        using var host = Host("mixed", folder.Path, _ => { });
        await host.StartAsync();
        var nan = Poison.Recording().MapLeads(samples => samples[7] = float.NaN);
        EcgSignal[] recordings = [Poison.Recording(1), nan, Poison.Recording(2), nan, Poison.Recording(3)];
        await host.Services.GetRequiredService<IJobSubmitter>().SubmitAsync(new SubmissionRequest
        {
            Task = s_task,
            Recordings = recordings.Select((recording, i) => JobSource.Inline($"{i}", _ => ValueTask.FromResult(recording))),
        });
        await ReceivedAsync(host, 3);
        await Wait.UntilAsync(() => Task.FromResult(Status(host).InFlight == 0), () => "the message is not acknowledged");
        listener.RecordObservableInstruments();
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync();

        Assert.Equal(3, measured[$"{DistributedTelemetry.JobsScored} normal-abnormal"]);
        Assert.Equal(2, measured[$"{DistributedTelemetry.JobsFailed} normal-abnormal refused-recording"]);
        Assert.Equal(3, measured[$"{DistributedTelemetry.ResultsStored} new"]);
        foreach (var gauge in new[] { DistributedTelemetry.QueueDepth, DistributedTelemetry.OldestJobAge, DistributedTelemetry.Throughput })
            Assert.True(measured[$"{gauge} normal-abnormal"] >= 0);
        Assert.Contains("lead", (await DeadLetterAsync("mixed")).Detail, StringComparison.Ordinal);

        static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            string.Join(' ', new[] { instrument.Name }.Concat(tags.ToArray().Select(t => $"{t.Value}")));
    }

    [SkippableFact]
    public async Task Nothing_of_a_password_or_a_recording_is_logged_and_a_wrong_password_ends_the_host_with_a_reason()
    {
        using var folder = TestData.Folder();
        var logs = new LogLines();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(logs);
        builder.Services.AddSignalCam(o => o.Device = "cpu").AddBroker(o =>
        {
            o.Hosts.Add("127.0.0.1");
            (o.Port, o.UserName, o.Password) = (servers.Rabbit.Port, "guest", "not-the-secret");
        }).AddWorker();
        using var host = builder.Build();
        var worker = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single();
        await host.RunAsync();
        var error = await Assert.ThrowsAsync<BrokerRefusedException>(() => worker.ExecuteTask!);
        Assert.Equal($"amqp://127.0.0.1:{servers.Rabbit.Port}: user 'guest' was not let in", error.Message);
        Assert.NotEmpty(logs.Lines);
        Assert.All(logs.Lines, line => Assert.DoesNotContain("not-the-secret", line, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_worker_that_is_stopped_does_what_it_has_and_leaves_the_rest()
    {
        const int Count = 400;
        const int Prefetch = 5;
        using var host = Host("drain", null, options => (options.Parallelism, options.Prefetch) = (1, Prefetch));
        await host.Services.GetRequiredService<IJobSubmitter>().SubmitAsync(new SubmissionRequest
        {
            Task = s_task,
            Recordings = Enumerable.Range(0, Count).Select(i => JobSource.Inline($"{i}", _ => ValueTask.FromResult(Poison.Recording(1)))),
            RecordingsPerMessage = 1,
        });
        await host.StartAsync();
        await Wait.UntilAsync(() => Task.FromResult(Status(host).Scored > 0), () => $"nothing is scored: {Status(host).Problem}");
        await host.StopAsync();
        Assert.Equal((0, 0), (Status(host).InFlight, Status(host).Failed));
        Assert.Equal((uint)Status(host).Scored, await servers.Rabbit.CountAsync("drain.results"));

        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var (left, returned) = (0, 0);
        for (; await channel.BasicGetAsync(
            new QueueNames(new BrokerOptions { QueuePrefix = "drain" }).Jobs(s_task.ModelSha256), autoAck: true) is { } message; left++)
            returned += message.Redelivered ? 1 : 0;
        Assert.Equal(Count, Status(host).Scored + left);
        // What the broker had chosen for the worker and not sent when the subscription ended, it takes back.
        Assert.InRange(returned, 0, Prefetch);
        Assert.True(left > 0, "the worker was done before it was stopped");
    }

    [SkippableFact]
    public async Task A_message_that_came_back_several_times_goes_on_recording_by_recording()
    {
        using var host = Host("split", null, _ => { });
        await host.Services.GetRequiredService<IJobSubmitter>().SubmitAsync(new SubmissionRequest
        {
            Task = s_task,
            Recordings = Enumerable.Range(0, 3).Select(i => JobSource.Inline($"{i}", _ => ValueTask.FromResult(Poison.Recording(1)))),
        });
        await using (var connection = await servers.Rabbit.ConnectAsync())
        {
            await using var channel = await connection.CreateChannelAsync();
            var queue = new QueueNames(new BrokerOptions { QueuePrefix = "split" }).Jobs(s_task.ModelSha256);
            for (var back = 0; back < 3; back++)
            {
                // What was given back is there again a moment later.
                RabbitMQ.Client.BasicGetResult? message = null;
                await Wait.UntilAsync(async () => (message = await channel.BasicGetAsync(queue, autoAck: false)) is not null,
                    () => "the message did not come back");
                await channel.BasicNackAsync(message!.DeliveryTag, multiple: false, requeue: true);
            }
        }
        await host.StartAsync();
        await Wait.UntilAsync(() => Task.FromResult(Status(host) is { Scored: 3, InFlight: 0 }),
            () => $"{Status(host).Scored} recordings are scored");
        await host.StopAsync();
        Assert.Equal(3u, await servers.Rabbit.CountAsync("split.results"));
    }

    [SkippableFact]
    public async Task A_connection_is_encrypted_and_the_broker_must_be_the_one_that_is_meant()
    {
        var rabbit = servers.Rabbit;
        Assert.Null(await ProblemAsync(options => options.TlsAuthorityFile = rabbit.AuthorityFile));
        Assert.Contains("Authentication", await ProblemAsync(_ => { }), StringComparison.Ordinal);
        Assert.Contains("Authentication",
            await ProblemAsync(options => (options.TlsAuthorityFile, options.TlsServerName) = (rabbit.AuthorityFile, "elsewhere.example")),
            StringComparison.Ordinal);

        async Task<string?> ProblemAsync(Action<BrokerOptions> configure)
        {
            var logs = new LogLines();
            var services = new ServiceCollection().AddSingleton<ILoggerProvider>(logs);
            services.AddSignalCam().AddBroker(options =>
            {
                options.Hosts.Add("localhost");
                (options.Port, options.Tls) = (rabbit.TlsPort, true);
                configure(options);
            });
            await using var provider = services.BuildServiceProvider();
            using var enough = new CancellationTokenSource();
            var running = provider.GetRequiredService<BrokerClient>()
                .RunAsync("test", new ConnectionState(), (_, _) => Task.CompletedTask, enough.Token);
            await Wait.UntilAsync(
                () => Task.FromResult(running.IsCompleted
                    || logs.Lines.Any(line => line.Contains("has no connection", StringComparison.Ordinal))),
                () => "neither connected nor refused");
            await enough.CancelAsync();
            return running.IsCompletedSuccessfully ? null : string.Join('\n', logs.Lines);
        }
    }

    [Fact]
    public void Settings_come_from_the_configuration_and_wrong_ones_are_named()
    {
        using var right = Configured(("SignalCamBroker:Hosts:0", "mq.example"), ("SignalCamBroker:Tls", "true"),
            ("SignalCamWorker:Prefetch", "3"), ("SignalCamCollector:BatchSize", "7")).BuildServiceProvider();
        Assert.Equal("amqps://mq.example:5671", right.GetRequiredService<IOptions<BrokerOptions>>().Value.Place);
        Assert.Equal((3, 7), (right.GetRequiredService<IOptions<WorkerOptions>>().Value.Prefetch,
            right.GetRequiredService<IOptions<CollectorOptions>>().Value.BatchSize));
        using var wrong = Configured(("SignalCamWorker:Prefetch", "0"), ("SignalCamWorker:TrustedUris:0", "ecg")).BuildServiceProvider();
        var problems = Assert.Throws<OptionsValidationException>(() => wrong.GetRequiredService<IOptions<WorkerOptions>>().Value).Failures;
        Assert.Equal(
            [
                "SignalCamWorker: Prefetch is 0: The field Prefetch must be between 1 and 1000.",
                "SignalCamWorker: TrustedUris has ecg: allowed are absolute URIs of file, http and https.",
            ],
            problems.Order(StringComparer.Ordinal));
        using var unknown = Configured(("SignalCamBroker:Passwort", "x")).BuildServiceProvider();
        Assert.Contains("Passwort",
            Assert.Throws<InvalidOperationException>(() => unknown.GetRequiredService<IOptions<BrokerOptions>>().Value).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_added_to_a_host_in_a_few_lines()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSignalCam()
            .AddBroker(builder.Configuration)
            .AddWorker(builder.Configuration);
        builder.Services.AddHealthChecks().AddCheck<WorkerHealthCheck>("signalcam-worker");
        builder.Services.AddSignalCam().AddWorker();
        using var host = builder.Build();
        Assert.Single(host.Services.GetServices<IHostedService>(), s => s.GetType().Name == "ScoringWorker");
    }

    private static IServiceCollection Configured(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build();
        return new ServiceCollection().AddSignalCam().AddBroker(configuration).AddWorker(configuration).AddCollector(configuration).Services
            .AddSingleton<IHostApplicationLifetime>(_ => throw new NotSupportedException());
    }

    private static WorkerStatus Status(IHost host) => host.Services.GetRequiredService<WorkerStatus>();

    private static Task ReceivedAsync(IHost host, int count) => Wait.UntilAsync(
        () => Task.FromResult(host.Services.GetRequiredService<CollectorStatus>().Received >= count),
        () => $"{host.Services.GetRequiredService<CollectorStatus>().Received} of {count} results came; worker: {Status(host).Problem}");

    private static string Describe(string id, EcgClassification said) => StoredResults.Line(Results.Of(said, id));

    private IHost Host(string prefix, string? results, Action<WorkerOptions> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var signalCam = builder.Services.AddSignalCam(o => o.Device = "cpu").AddBroker(o =>
        {
            o.Hosts.Add("127.0.0.1");
            (o.Port, o.QueuePrefix) = (servers.Rabbit.Port, prefix);
        }).AddWorker(configure);
        if (results is not null)
            signalCam.AddCollector().AddJsonLinesSink(o => o.Folder = results);
        builder.Services.AddHealthChecks().AddCheck<WorkerHealthCheck>("worker").AddCheck<CollectorHealthCheck>("collector");
        return builder.Build();
    }

    private async Task<(string Reason, string Detail)> DeadLetterAsync(string prefix)
    {
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var headers = (await channel.BasicGetAsync(prefix + ".dead", autoAck: true))!.BasicProperties.Headers!;
        return (Text(headers[DeadLetters.ReasonHeader]), Text(headers[DeadLetters.DetailHeader]));

        static string Text(object? header) => System.Text.Encoding.UTF8.GetString((byte[])header!);
    }
}
