using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Wfdb;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Submitting;
using SignalCam.Distributed.Workers;
using SignalCam.Sdk;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;
using SignalCam.Testing.Servers;

namespace SignalCam.Distributed.Tests;

/// <summary>Jobs, models and files that a worker cannot do anything with: it says so, and goes on.</summary>
[Collection(nameof(ServersFixture))]
public sealed class WorkerFaultTests(ServersFixture servers)
{
    [SkippableFact]
    public async Task A_worker_whose_model_nobody_submitted_jobs_for_says_so_in_log_and_health_until_somebody_does()
    {
        var logs = new LogLines();
        var model = PretrainedModels.Get(PretrainedModels.NormalAbnormal);
        using var host =
            Host("unfit", s => s.AddPretrainedModel(model.Name), o => o.MeasureInterval = TimeSpan.FromMilliseconds(100), logs);
        await host.StartAsync();
        var (status, health) = (host.Services.GetRequiredService<WorkerStatus>(), host.Services.GetRequiredService<HealthCheckService>());
        await Wait.UntilAsync(() => Task.FromResult(status.Mismatch is not null), () => $"nothing is said: {status.Problem}");
        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains(model.Sha256, report.Entries["worker"].Description, StringComparison.Ordinal);
        Assert.Single(logs.Lines,
            line => line.Contains($"No jobs have been submitted for model {model.Name} ({model.Sha256})", StringComparison.Ordinal));

        // Another worker of the same file is told the same, though the first one has made the queue.
        using (var second = Host("unfit", s => s.AddPretrainedModel(model.Name), _ => { }))
        {
            await second.StartAsync();
            await Wait.UntilAsync(
                () => Task.FromResult(second.Services.GetRequiredService<WorkerStatus>().Mismatch is not null), () => "nothing is said");
            await second.StopAsync();
        }

        // Jobs for another file change nothing, those for this one do.
        var submitter = host.Services.GetRequiredService<IJobSubmitter>();
        await submitter.SubmitAsync(Request(new ScoringTask("other", new string('b', 64), ""), 1));
        await Task.Delay(300);
        Assert.NotNull(status.Mismatch);
        await submitter.SubmitAsync(Request(new ScoringTask(model.Name, model.Sha256, ""), 0));
        await Wait.UntilAsync(() => Task.FromResult(status.Mismatch is null), () => "it is still said");
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        await host.StopAsync();
    }

    [SkippableFact]
    public async Task Scores_that_are_no_finite_numbers_never_become_results()
    {
        using var folder = TestData.Folder();
        // Finite weights, and logits that are not.
        var file = PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read();
        var weights = file.Weights.Select(w => w.Name.EndsWith("pred_layer.weight", StringComparison.Ordinal) || w == file.Weights[^2]
            ? new NamedTensor(w.Name, w.Shape, [.. w.ToSingles().Select(x => x < 0 ? float.MinValue : float.MaxValue)]) : w).ToArray();
        new ModelFile(file.Manifest, weights, graph: file.Graph).Save(folder["m.safetensors"]);
        using var host = Host("finite", s => s.AddModel("m", folder["m.safetensors"]), _ => { });
        await host.StartAsync();
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder["m.safetensors"])));
        await host.Services.GetRequiredService<IJobSubmitter>().SubmitAsync(Request(new ScoringTask("m", sha256, ""), 5));
        var status = host.Services.GetRequiredService<WorkerStatus>();
        await Wait.UntilAsync(() => Task.FromResult(status.Failed + status.Scored == 5 && status.InFlight == 0),
            () => $"{status.Failed} of 5 failed: {status.Problem}");
        await host.StopAsync();

        Assert.Equal((5, 0), (status.Failed, status.Scored));
        Assert.Equal(0u, await servers.Rabbit.CountAsync("finite.results"));
        var letters = await DeadAsync("finite");
        Assert.All(letters, letter => Assert.Equal(FailureKind.NonFiniteScore, letter.Reason));
        Assert.Equal(5, letters.Count);
    }

    [SkippableFact]
    public async Task What_no_check_foresaw_costs_the_recording_and_not_the_worker()
    {
        using var folder = TestData.Folder();
        var file = PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read();
        new ModelFile(file.Manifest with { Preprocessing = [new ComponentSpec("trap"), .. file.Manifest.Preprocessing] }, file.Weights,
            graph: file.Graph).Save(folder["m.safetensors"]);
        using var host =
            Host("trap", s => s.AddTransform("trap", _ => new Trap()).AddModel("m", folder["m.safetensors"]), o => o.Parallelism = 1);
        await host.StartAsync();
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder["m.safetensors"])));
        var trapped = Poison.Recording(1).MapLeads(samples => samples[0] = Trap.Sample);
        await host.Services.GetRequiredService<IJobSubmitter>().SubmitAsync(new SubmissionRequest
        {
            Task = new ScoringTask("m", sha256, ""),
            Recordings = Enumerable.Range(0, 12)
                .Select(i => JobSource.Inline($"{i}", _ => ValueTask.FromResult(i % 4 == 1 ? trapped : Poison.Recording((ulong)i)))),
            RecordingsPerMessage = 6,
        });
        var status = host.Services.GetRequiredService<WorkerStatus>();
        await Wait.UntilAsync(async () => status is { Failed: 3, InFlight: 0 } && await servers.Rabbit.CountAsync("trap.results") >= 9,
            () => $"{status.Failed} failed, {status.Scored} scored: {status.Problem}");
        await host.StopAsync();

        Assert.Equal(9, status.Scored);
        var letters = await DeadAsync("trap");
        Assert.Equal(["1", "5", "9"], letters.Select(letter => letter.Id).Order(StringComparer.Ordinal));
        Assert.All(letters,
            letter => Assert.Equal((FailureKind.InternalError, "InvalidOperationException: sprung"), (letter.Reason, letter.Detail)));
    }

    [SkippableFact]
    public async Task Whatever_a_publisher_writes_beside_a_message_it_is_handled()
    {
        var model = PretrainedModels.Get(PretrainedModels.NormalAbnormal);
        using var host = Host("beside", s => s.AddPretrainedModel(model.Name), o => o.Prefetch = 1);
        await host.StartAsync();
        await using (var connection = await servers.Rabbit.ConnectAsync())
        {
            await using var channel = await BrokerClient.CreateChannelAsync(connection, default);
            var queues = new QueueNames(new BrokerOptions { QueuePrefix = "beside" });
            await queues.DeclareJobsAsync(channel, model.Sha256, default);
            object?[] counts = ["many", long.MaxValue, -1, null, new List<object> { 1 }, 1e300, true, "x"u8.ToArray()];
            for (var i = 0; i < counts.Length; i++)
            {
                var properties = new BasicProperties
                {
                    Headers = new Dictionary<string, object?> { ["x-delivery-count"] = counts[i] },
                    Timestamp = new AmqpTimestamp(i % 2 == 0 ? long.MaxValue : long.MinValue),
                };
                var body = JobBatch.Write(
                    new ScoringTask(model.Name, model.Sha256, ""), [new ScoringJob($"{i}") { Recording = Poison.Recording((ulong)i) }]);
                await RabbitServer.PublishAsync(channel, queues.Jobs(model.Sha256), body, properties);
            }
        }
        var status = host.Services.GetRequiredService<WorkerStatus>();
        await Wait.UntilAsync(() => Task.FromResult(status is { Scored: 8, Failed: 0, InFlight: 0 }),
            () => $"{status.Failed} failed, {status.Scored} scored: {status.Problem}");
        await host.StopAsync();
    }

    [Fact]
    public async Task No_more_recordings_are_fetched_at_a_time_than_there_are_slots_and_nobody_waits_for_ever()
    {
        using var slots = new FetchSlots(5);
        var (now, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var wanted = i % 6;
            using var taken = await slots.TakeAsync(wanted, default);
            InterlockedMax(ref most, Interlocked.Add(ref now, wanted));
            await Task.Yield();
            Interlocked.Add(ref now, -wanted);
        })).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 5), (now, most));

        // Whoever is stopped while waiting gives back what it has already.
        var all = await slots.TakeAsync(3, default);
        using var stop = new CancellationTokenSource();
        var waiting = slots.TakeAsync(5, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        all.Dispose();
        (await slots.TakeAsync(5, default).WaitAsync(TimeSpan.FromMinutes(1))).Dispose();

        static void InterlockedMax(ref int most, int value)
        {
            for (int seen; value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen;)
            {
            }
        }
    }

    [SkippableFact]
    public async Task Files_that_are_no_files_and_more_recordings_than_may_be_in_memory_do_not_stop_a_worker()
    {
        using var folder = TestData.Folder();
        for (var i = 0; i < 40; i++)
            WfdbWriter.Write(folder.Path, $"r{i:D2}", Poison.Recording((ulong)i));
        SpecialFiles.Fifo(folder["r90.hea"]);
        File.WriteAllText(folder["r91.hea"], "x 1 100 1000\nr91.dat 16 200 16 0 0 0 0 II\n");
        SpecialFiles.Fifo(folder["r91.dat"]);
        File.CreateSymbolicLink(folder["r92.hea"], SpecialFiles.Endless());
        var model = PretrainedModels.Get(PretrainedModels.NormalAbnormal);
        var place = new Uri($"file://{folder.Path}/");
        using var host = Host("special", s => s.AddPretrainedModel(model.Name), o => o.TrustedUris.Add(place.AbsoluteUri));
        await host.StartAsync();
        await host.Services.GetRequiredService<IJobSubmitter>().SubmitAsync(new SubmissionRequest
        {
            Task = new ScoringTask(model.Name, model.Sha256, ""),
            Recordings = JobSource.FromFolder(folder.Path, place),
            RecordingsPerMessage = 43,
        });
        var status = host.Services.GetRequiredService<WorkerStatus>();
        await Wait.UntilAsync(() => Task.FromResult(status is { Failed: 3, Scored: 40, InFlight: 0 }),
            () => $"{status.Failed} failed, {status.Scored} scored: {status.Problem}");
        await host.StopAsync();
        Assert.Equal(["r90", "r91", "r92"], (await DeadAsync("special")).Select(letter => letter.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_model_whose_classes_could_not_be_stored_is_refused_at_the_start()
    {
        using var folder = TestData.Folder();
        var file = PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read();
        new ModelFile(file.Manifest with { Classes = [new string('x', 201)] }, file.Weights, graph: file.Graph)
            .Save(folder["m.safetensors"]);
        var services = new ServiceCollection();
        services.AddSignalCam(o => o.Device = "cpu").AddModel("m", folder["m.safetensors"]);
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<SignalCamOptions>>().Value;
        var error = Assert.Throws<PluginException>(() => WorkerModel.Load(provider.GetRequiredService<IEcgClassifiers>(), options, null));
        Assert.Contains("a name of 201 characters", error.Message, StringComparison.Ordinal);
    }

    private static SubmissionRequest Request(ScoringTask task, int count) => new()
    {
        Task = task,
        Recordings = Enumerable.Range(0, count)
            .Select(i => JobSource.Inline($"{i}", _ => ValueTask.FromResult(Poison.Recording((ulong)i)))),
    };

    private IHost Host(string prefix, Action<ISignalCamBuilder> models, Action<WorkerOptions> configure, LogLines? logs = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        if (logs is not null)
            builder.Logging.AddProvider(logs);
        var signalCam = builder.Services.AddSignalCam(o => o.Device = "cpu");
        models(signalCam);
        signalCam.AddBroker(o =>
        {
            o.Hosts.Add("127.0.0.1");
            (o.Port, o.QueuePrefix) = (servers.Rabbit.Port, prefix);
        }).AddWorker(configure);
        builder.Services.AddHealthChecks().AddCheck<WorkerHealthCheck>("worker");
        return builder.Build();
    }

    private async Task<List<(string Id, string Reason, string Detail)>> DeadAsync(string prefix)
    {
        await using var connection = await servers.Rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        var letters = new List<(string, string, string)>();
        while (await channel.BasicGetAsync(prefix + ".dead", autoAck: true) is { } letter)
        {
            var headers = letter.BasicProperties.Headers!;
            var job = Assert.Single(JobBatch.Read(letter.Body).Jobs);
            letters.Add(
                (new MessageReader(job.Span).Text(), Text(headers[DeadLetters.ReasonHeader]), Text(headers[DeadLetters.DetailHeader])));
        }
        return letters;

        static string Text(object? header) => System.Text.Encoding.UTF8.GetString((byte[])header!);
    }

    private sealed class Trap : ISignalTransform
    {
        public const float Sample = 7.125f;

        public string Name => "trap";

        public EcgSignal Apply(EcgSignal signal) =>
            signal.Samples.Span[0] == Sample ? throw new InvalidOperationException("sprung") : signal;
    }
}
