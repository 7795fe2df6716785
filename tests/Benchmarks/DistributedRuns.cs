using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Submitting;
using SignalCam.Testing.Servers;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Benchmarks;

/// <summary>
/// What distribution costs: workers that are processes of their own, against the same recordings classified in this process.
/// </summary>
internal sealed class DistributedRuns : IAsyncDisposable
{
    // Recordings that differ; scored over and over.
    private const int Different = 256;

    // Of the results of a round: all workers are at work from the first of these shares on, and none has run dry at the second.
    private const double From = 0.1;
    private const double To = 0.9;

    private const int Rounds = 7;

    // SIGSTOP and SIGCONT as Linux numbers them.
    private const int Stop = 19;
    private const int Continue = 18;

    private static readonly PretrainedModel s_model = PretrainedModels.Get(PretrainedModels.NormalAbnormal);

    private readonly EcgSignal[] _recordings = [.. Enumerable.Range(0, Different).Select(
        i => Digital(SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 100, Seconds = 10 }, new EcgRandom((ulong)i)).Signal))];
    private readonly DirectoryInfo _folder;
    private readonly RabbitServer _rabbit;

    private DistributedRuns(DirectoryInfo folder, RabbitServer rabbit)
    {
        (_folder, _rabbit) = (folder, rabbit);
        Directory.CreateDirectory(Files);
        for (var i = 0; i < Different; i++)
            WfdbWriter.Write(Files, $"{i}", _recordings[i]);
    }

    private string Files => Path.Combine(_folder.FullName, "recordings");

    public static async Task<DistributedRuns> StartAsync()
    {
        if (RabbitServer.Obstacle is { } obstacle)
            throw new InvalidOperationException(obstacle);
        var folder = Directory.CreateTempSubdirectory("signalcam-distributed-");
        return new DistributedRuns(folder, await RabbitServer.StartAsync(folder.FullName));
    }

    /// <summary>Recordings per second: in this process on two threads, one worker, two workers; and the ratios.</summary>
    /// <param name="count">Recordings of a round.</param>
    /// <param name="areFiles">Whether all read the recordings from files, or have them in memory and in the jobs.</param>
    public async Task PrintThroughputAsync(int count, bool areFiles)
    {
        Console.WriteLine(areFiles ? "recordings in files, jobs with URIs" : "recordings in memory, jobs with their samples");
        var prefix = areFiles ? "files" : "inline";
        var (inProcess, one, two) = (new List<Rate>(), new List<Rate>(), new List<Rate>());
        using var single = new Workers(this, prefix + "-one", 1, areFiles);
        using var pair = new Workers(this, prefix + "-two", 2, areFiles);
        // A worker's first seconds belong to the runtime, which compiles what is called often once more.
        await single.RunAsync(2 * count);
        await pair.RunAsync(4 * count);
        // In turns, so that whatever else the machine does falls on all alike.
        for (var round = 0; round < Rounds; round++)
        {
            inProcess.Add(await InProcessAsync(count, threads: 2, areFiles));
            one.Add(await single.RunAsync(count));
            two.Add(await pair.RunAsync(count));
            Console.WriteLine($"round {round + 1}: in process, two threads {inProcess[^1]}; one worker {one[^1]}; two workers {two[^1]}");
        }
        Console.WriteLine($"medians: in process {Median(inProcess.Select(r => r.PerSecond)):N0}/s, one worker "
            + $"{Median(one.Select(r => r.PerSecond)):N0}/s, two workers {Median(two.Select(r => r.PerSecond)):N0}/s");
        Console.WriteLine("two workers against the same in process on two threads: "
            + $"{Median(two.Zip(inProcess, (a, b) => a.PerSecond / b.PerSecond)):F2} (wanted: at least 0.75)");
        Console.WriteLine(
            $"two workers against one: {Median(two.Zip(one, (a, b) => a.PerSecond / b.PerSecond)):F2} (wanted: at least 1.7)");
        // Processor time does not depend on what else the machine does.
        Console.WriteLine($"processor time for a recording: in process {Median(inProcess.Select(r => r.Microseconds)):F0} us, in a worker "
            + $"{Median(two.Select(r => r.Microseconds)):F0} us, in the broker {Median(two.Select(r => r.BrokerMicroseconds)):F0} us");
    }

    /// <summary>Resident memory of one worker over many jobs.</summary>
    public async Task PrintMemoryAsync(int count)
    {
        using var worker = Worker("memory");
        var submitting = SubmitAsync("memory", count);
        var samples = new List<(long Done, long Bytes)>();
        await foreach (var done in ResultsAsync("memory", count))
            if (samples.Count == 0 || done - samples[^1].Done >= count / 50)
                samples.Add((done, worker.ResidentBytes));
        await submitting;
        foreach (var (done, bytes) in samples.Where((_, i) => i % 5 == 4))
            Console.WriteLine($"{done,8:N0} jobs: {bytes / 1e6:F0} MB");
        var (early, late) = (samples[(samples.Count / 5)..(samples.Count / 2)], samples[(samples.Count / 2)..]);
        Console.WriteLine("largest in the second half against largest in the first half, without its start: "
            + $"{late.Max(s => s.Bytes) / (double)early.Max(s => s.Bytes):F3} (flat: about 1)");
    }

    public async ValueTask DisposeAsync()
    {
        await _rabbit.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>As an analog-to-digital converter gives it, in microvolts.</summary>
    private static EcgSignal Digital(EcgSignal signal) => signal.MapLeads(samples =>
    {
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(Math.Round(samples[i] * 1000.0) / 1000);
    });

    private string PathOf(int recording) => Path.Combine(Files, $"{recording}");

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private async Task<Rate> InProcessAsync(int count, int threads, bool areFiles)
    {
        await using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu").Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        await RunAsync(count / 4);
        using var self = Process.GetCurrentProcess();
        var (start, before) = (Stopwatch.GetTimestamp(), self.TotalProcessorTime);
        await RunAsync(count);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        self.Refresh();
        return new Rate(count / seconds, (self.TotalProcessorTime - before).TotalMicroseconds / count, 0);

        // A thread classifies one recording after the other, as a worker's does.
        Task RunAsync(int recordings) => Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < recordings / threads; i++)
            {
                var which = (i * threads + thread) % Different;
                classifier.Classify(areFiles ? WfdbReader.ReadSignal(PathOf(which)) : _recordings[which]);
            }
        })));
    }

    private ServerProcess Worker(string prefix) => new(
        "dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "..", "..", "SignalCam.Cli", "release", "signalcam.dll"), "worker", "--broker",
            _rabbit.Uri, "--queue-prefix", prefix, "--threads", "1", "--device", "cpu", "--trust-uri", new Uri(Files + "/").AbsoluteUri,
        ],
        new Dictionary<string, string> { ["SIGNALCAM_BROKER_PASSWORD"] = "guest" });

    private async Task SubmitAsync(string prefix, int count, bool areFiles = false)
    {
        await using var services = new ServiceCollection().AddSignalCam().AddBroker(o =>
        {
            o.Hosts.Add("127.0.0.1");
            (o.Port, o.QueuePrefix) = (_rabbit.Port, prefix);
        }).Services.BuildServiceProvider();
        await services.GetRequiredService<IJobSubmitter>().SubmitAsync(new SubmissionRequest
        {
            Task = new ScoringTask(s_model.Name, s_model.Sha256, ExplainerNames.None),
            Recordings = Enumerable.Range(0, count).Select(i => areFiles
                ? JobSource.At($"{i}", new Uri(PathOf(i % Different) + ".hea"))
                : JobSource.Inline($"{i}", _ => ValueTask.FromResult(_recordings[i % Different]))),
        });
    }

    /// <summary>Takes the results as they come, and says how many there have been.</summary>
    private async IAsyncEnumerable<long> ResultsAsync(string prefix, int count)
    {
        var factory = new ConnectionFactory { HostName = "127.0.0.1", Port = _rabbit.Port };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(prefix + ".results", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.BasicQosAsync(0, 200, global: false);
        var arrived = System.Threading.Channels.Channel.CreateUnbounded<int>();
        var consumer = new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            arrived.Writer.TryWrite(ResultBatch.Read(message.Body.Span).Count);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(prefix + ".results", autoAck: false, consumer);
        for (var done = 0L; done < count;)
            yield return done += await arrived.Reader.ReadAsync();
    }

    /// <summary>Worker processes that stay, so that only their first round pays for their start.</summary>
    private sealed class Workers(DistributedRuns runs, string prefix, int count, bool areFiles) : IDisposable
    {
        private readonly ServerProcess[] _processes = [.. Enumerable.Range(0, count).Select(_ => runs.Worker(prefix))];

        private TimeSpan ProcessorTime => _processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.ProcessorTime);

        /// <summary>Fills the queue while the workers are held, then lets them go, and looks at how fast results come.</summary>
        public async Task<Rate> RunAsync(int recordings)
        {
            Signal(Stop);
            await runs.SubmitAsync(prefix, recordings, areFiles);
            Signal(Continue);
            var (start, first, workersBefore, brokerBefore) = (0L, 0L, TimeSpan.Zero, TimeSpan.Zero);
            Rate? rate = null;
            await foreach (var done in runs.ResultsAsync(prefix, recordings))
            {
                if (start == 0 && done >= recordings * From)
                    (start, first, workersBefore, brokerBefore) = (
                        Stopwatch.GetTimestamp(), done, ProcessorTime, runs._rabbit.ProcessorTime);
                if (rate is null && done >= recordings * To)
                    rate = new Rate(
                        (done - first) / Stopwatch.GetElapsedTime(start).TotalSeconds,
                        (ProcessorTime - workersBefore).TotalMicroseconds / (done - first),
                        (runs._rabbit.ProcessorTime - brokerBefore).TotalMicroseconds / (done - first));
            }
            return rate!;
        }

        public void Dispose()
        {
            foreach (var process in _processes)
                process.Dispose();
        }

        private void Signal(int signal)
        {
            foreach (var process in _processes)
                process.Send(signal);
        }
    }

    /// <summary>Recordings per second, and processor time for each.</summary>
    private sealed record Rate(double PerSecond, double Microseconds, double BrokerMicroseconds)
    {
        public override string ToString() => $"{PerSecond:N0}/s";
    }
}
