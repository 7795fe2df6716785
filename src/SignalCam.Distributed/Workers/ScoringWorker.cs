using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using SignalCam.Abstractions;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Messages;
using SignalCam.Formats;
using SignalCam.Sdk;

namespace SignalCam.Distributed.Workers;

/// <summary>
/// Takes jobs, scores them, publishes the results, and only then acknowledges the jobs: whatever ends a worker, what it had is scored by
/// another, and a result that comes twice has the same key.
/// </summary>
internal sealed partial class ScoringWorker(
    BrokerClient broker, IEcgClassifiers classifiers, IOptions<SignalCamOptions> signalCam, IOptions<WorkerOptions> options,
    EcgFileReader reader, WorkerStatus status, DistributedMeters meters, IHostApplicationLifetime lifetime,
    ILogger<ScoringWorker> logger) : BackgroundService
{
    // A message that came back so often may hold what kills workers: its jobs go on alone, so that the others are not lost with it.
    private const int DeliveriesBeforeSplit = 3;

    private readonly WorkerOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Loading a model must not hold up the host's start.
        await Task.Yield();
        try
        {
            var model = WorkerModel.Load(classifiers, signalCam.Value, _options.Model);
            (status.Model, status.ModelSha256) = (model.Classifier.Name, model.Sha256);
            using var scorer = new BatchScorer(model, _options, reader);
            var idle = IdleStop.WatchAsync(_options.StopWhenIdleFor, IdleFor, lifetime, stoppingToken);
            await broker.RunAsync("worker", status.Connection, (connection, token) => SessionAsync(connection, model, scorer, token),
                stoppingToken).ConfigureAwait(false);
            await idle.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while there was no connection.
        }
        finally
        {
            LogEnded(status.Scored, status.Failed);
        }
    }

    private TimeSpan IdleFor() => status.IdleFor < status.Connection.Uptime ? status.IdleFor : status.Connection.Uptime;

    /// <summary>Works with one connection: until it is lost, which is an error, or until the host stops and what is here is done.</summary>
    private async Task SessionAsync(IConnection connection, WorkerModel model, BatchScorer scorer, CancellationToken stopping)
    {
        var queue = broker.Queues.Jobs(model.Sha256);
        var channel = await BrokerClient.CreateChannelAsync(connection, stopping).ConfigureAwait(false);
        await using var _ = channel.ConfigureAwait(false);
        await broker.Queues.DeclareJobsAsync(channel, model.Sha256, stopping).ConfigureAwait(false);
        var context = new Context(channel, queue, model.Classifier, scorer);
        using var consumption = await Consumption.BeginAsync(channel, queue, _options.Prefetch, (delivery, self) =>
        {
            self.Run(token => HandleAsync(context, delivery, token));
            return Task.CompletedTask;
        }, stopping).ConfigureAwait(false);
        LogWaiting(model.Classifier.Name, queue);
        var measuring = MeasureAsync(connection, model, queue, consumption.Session, stopping);
        try
        {
            await consumption.Lost.WaitAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await DrainAsync(consumption).ConfigureAwait(false);
        }
        finally
        {
            await consumption.EndAsync().ConfigureAwait(false);
            await measuring.ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more, and does what is here.</summary>
    private async Task DrainAsync(Consumption consumption)
    {
        LogDraining(status.InFlight);
        try
        {
            using var patience = new CancellationTokenSource(_options.DrainTimeout);
            await consumption.StopAsync(patience.Token).ConfigureAwait(false);
            await consumption.WhenIdleAsync().WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerClient.IsOfConnection(e))
        {
            // The broker gives what is not acknowledged to another worker.
            LogNotDrained(status.InFlight);
        }
    }

    private async Task HandleAsync(Context context, Delivery delivery, CancellationToken session)
    {
        using var _ = delivery;
        var id = status.Begin(delivery.Sent);
        try
        {
            await ScoreAsync(context, delivery, session).ConfigureAwait(false);
            await context.Channel.BasicAckAsync(delivery.Tag, multiple: false, session).ConfigureAwait(false);
        }
        catch (Exception e) when (!BrokerClient.IsOfConnection(e))
        {
            await GiveBackAsync(context, delivery, e, session).ConfigureAwait(false);
        }
        finally
        {
            status.End(id);
        }
    }

    private async Task ScoreAsync(Context context, Delivery delivery, CancellationToken session)
    {
        ScoredBatch batch;
        try
        {
            if (delivery.Earlier >= DeliveriesBeforeSplit && await SplitAsync(context, delivery, session).ConfigureAwait(false))
                return;
            batch = await context.Scorer.ScoreAsync(delivery.Body, session).ConfigureAwait(false);
        }
        catch (MessageFormatException e)
        {
            await DeadLetters.PublishAsync(context.Channel, broker.Queues, context.Queue, delivery.Body, FailureKind.MalformedMessage,
                e.Message, session).ConfigureAwait(false);
            Failed(context, FailureKind.MalformedMessage, 1);
            return;
        }
        if (batch.Results.Count > 0)
            await BrokerClient.PublishAsync(context.Channel, broker.Queues.Results, ResultBatch.Write(batch.Results), null, session)
                .ConfigureAwait(false);
        await DeadLetters.PublishAsync(context.Channel, broker.Queues, context.Queue, batch.Task, batch.Rejected, session)
            .ConfigureAwait(false);
        status.Add(batch.Results.Count, 0);
        meters.Scored(context.Classifier.Name, batch.Results.Count);
        foreach (var kind in batch.Rejected.GroupBy(r => r.Kind))
            Failed(context, kind.Key, kind.Count());
    }

    /// <summary>
    /// Something went wrong that no check foresaw: the message goes back a few times, then on recording by recording, and a recording with
    /// which it happens each time is a dead letter, so that the worker, and what waits behind the message, go on.
    /// </summary>
    private async Task GiveBackAsync(Context context, Delivery delivery, Exception error, CancellationToken session)
    {
        // Its message may name a recording or a path.
        var kind = error.GetBaseException().GetType().Name;
        LogUnexpected(kind, delivery.Earlier + 1);
        if (delivery.Earlier < DeliveriesBeforeSplit)
        {
            await context.Channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true, session).ConfigureAwait(false);
            return;
        }
        await DeadLetters.PublishAsync(
            context.Channel, broker.Queues, context.Queue, delivery.Body, FailureKind.InternalError, $"{kind}: {error.Message}", session)
                .ConfigureAwait(false);
        Failed(context, FailureKind.InternalError, 1);
        await context.Channel.BasicAckAsync(delivery.Tag, multiple: false, session).ConfigureAwait(false);
    }

    /// <summary>Sends each job of a message again, alone; false when there is but one.</summary>
    private static async Task<bool> SplitAsync(Context context, Delivery delivery, CancellationToken session)
    {
        var (task, jobs) = JobBatch.Read(delivery.Body);
        if (jobs.Count < 2)
            return false;
        foreach (var job in jobs)
            await BrokerClient.PublishAsync(context.Channel, context.Queue, JobBatch.Write(task, [job]), null, session)
                .ConfigureAwait(false);
        return true;
    }

    private void Failed(Context context, string kind, int count)
    {
        status.Add(0, count);
        meters.Failed(context.Classifier.Name, kind, count);
        LogFailed(count, kind);
    }

    /// <summary>Looks at the queue from time to time, on a channel of its own, since a look that fails closes it.</summary>
    private async Task MeasureAsync(
        IConnection connection, WorkerModel model, string queue, CancellationToken session, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(session, stopping);
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: either.Token).ConfigureAwait(false);
            await using var _ = channel.ConfigureAwait(false);
            using var timer = new PeriodicTimer(_options.MeasureInterval);
            var (before, start) = (status.Scored, Environment.TickCount64);
            do
            {
                var (now, scored) = (Environment.TickCount64, status.Scored);
                var queued = await channel.MessageCountAsync(queue, either.Token).ConfigureAwait(false);
                status.Measured(queued, now > start ? (scored - before) * 1000.0 / (now - start) : 0);
                (before, start) = (scored, now);
                await LookForSubmissionsAsync(connection, model, either.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(either.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (BrokerClient.IsOfConnection(e))
        {
            // Measuring ends with the session; what ended that is told elsewhere.
        }
    }

    /// <summary>
    /// A worker whose model nobody has submitted jobs for waits for ever, while the jobs wait in the queue of another model file: that is
    /// told.
    /// </summary>
    private async Task LookForSubmissionsAsync(IConnection connection, WorkerModel model, CancellationToken cancellationToken)
    {
        if (status.HasJobs)
            return;
        if (await broker.Queues.IsSubmittedToAsync(connection, model.Sha256, cancellationToken).ConfigureAwait(false))
        {
            status.JobsAreThere();
            return;
        }
        if (status.Mismatch is null)
            LogNoJobs(model.Classifier.Name, model.Sha256);
        status.NoJobs($"no jobs have been submitted for model {model.Classifier.Name} ({model.Sha256}); jobs for another model file wait "
            + "in another queue");
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "No jobs have been submitted for model {Model} ({Sha256}): jobs for another model file wait in another queue")]
    private partial void LogNoJobs(string model, string sha256);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "A message could not be handled for a reason that no check foresaw ({Kind}), attempt {Attempt}")]
    private partial void LogUnexpected(string kind, int attempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Scoring with model {Model}, jobs from {Queue}")]
    private partial void LogWaiting(string model, string queue);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Count} messages to be finished")]
    private partial void LogDraining(int count);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Stopped before {Count} messages were finished; the broker gives them to another worker")]
    private partial void LogNotDrained(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} jobs to the dead-letter queue: {Reason}")]
    private partial void LogFailed(int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker ended: {Scored} recordings scored, {Failed} jobs failed")]
    private partial void LogEnded(long scored, long failed);

    /// <summary>What belongs to a session.</summary>
    private sealed record Context(IChannel Channel, string Queue, IEcgClassifier Classifier, BatchScorer Scorer);
}
