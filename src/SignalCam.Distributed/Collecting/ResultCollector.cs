using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using SignalCam.Abstractions;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Workers;

namespace SignalCam.Distributed.Collecting;

/// <summary>Takes results, writes them to every sink, and only then acknowledges them.</summary>
internal sealed partial class ResultCollector(
    BrokerClient broker, ResultSinks sinks, IOptions<CollectorOptions> options, CollectorStatus status, DistributedMeters meters,
    IHostApplicationLifetime lifetime, ILogger<ResultCollector> logger) : BackgroundService
{
    private readonly CollectorOptions _options = options.Value;
    private long _lastDelivery = Environment.TickCount64;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await sinks.OpenAsync(stoppingToken).ConfigureAwait(false);
            var idle = IdleStop.WatchAsync(_options.StopWhenIdleFor, IdleFor, lifetime, stoppingToken);
            await broker.RunAsync("collector", status.Connection, SessionAsync, stoppingToken).ConfigureAwait(false);
            await idle.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while there was no connection, or no sink.
        }
        finally
        {
            await sinks.DisposeAsync().ConfigureAwait(false);
            LogEnded(status.Received, status.Stored);
        }
    }

    private TimeSpan IdleFor()
    {
        var quiet = TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _lastDelivery));
        return quiet < status.Connection.Uptime ? quiet : status.Connection.Uptime;
    }

    private async Task SessionAsync(IConnection connection, CancellationToken stopping)
    {
        var channel = await BrokerClient.CreateChannelAsync(connection, stopping).ConfigureAwait(false);
        await using var _ = channel.ConfigureAwait(false);
        await broker.Queues.DeclareResultsAsync(channel, stopping).ConfigureAwait(false);
        // As many as may be here without an acknowledgement, so writing to it never waits.
        var arrived = Channel.CreateBounded<Delivery>(_options.Prefetch);
        using var consumption = await Consumption.BeginAsync(channel, broker.Queues.Results, _options.Prefetch,
            (delivery, self) => arrived.Writer.WriteAsync(delivery, self.Session).AsTask(), stopping).ConfigureAwait(false);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(consumption.Session, stopping);
        try
        {
            while (true)
                await TakeBatchAsync(channel, arrived.Reader, either.Token, consumption.Session, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is here and not written goes back to the queue.
        }
        catch (OperationCanceledException) when (consumption.Lost.IsCompleted)
        {
            await consumption.Lost.ConfigureAwait(false);
        }
        finally
        {
            await consumption.EndAsync().ConfigureAwait(false);
            while (arrived.Reader.TryRead(out var left))
                left.Dispose();
        }
    }

    /// <summary>Waits for a message, takes what comes with it, writes all of it, acknowledges all of it.</summary>
    private async Task TakeBatchAsync(
        IChannel channel, ChannelReader<Delivery> arrived, CancellationToken waiting, CancellationToken session, CancellationToken stopping)
    {
        var results = new List<ScoringResult>();
        var last = 0UL;
        using var delay = CancellationTokenSource.CreateLinkedTokenSource(waiting);
        try
        {
            var messages = 0;
            // The broker sends no more than the prefetch: waiting for another one would be for nothing.
            while (results.Count < _options.BatchSize && messages < _options.Prefetch)
            {
                using var delivery = await arrived.ReadAsync(messages == 0 ? waiting : delay.Token).ConfigureAwait(false);
                if (messages++ == 0)
                    delay.CancelAfter(_options.BatchDelay);
                last = delivery.Tag;
                await ReadAsync(channel, delivery, results, session).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (last > 0 && !waiting.IsCancellationRequested)
        {
            // Nothing more came in time.
        }
        waiting.ThrowIfCancellationRequested();
        // Not cut off with the connection to the broker: a sink in the middle of a statement would have to be opened anew, and what it has
        // comes again anyway.
        var (added, refused) = await sinks.WriteAsync(results, stopping).ConfigureAwait(false);
        foreach (var result in refused)
            await RefuseAsync(channel, result, session).ConfigureAwait(false);
        status.Add(results.Count - refused.Count, added);
        meters.Stored(added, results.Count - refused.Count - added);
        Volatile.Write(ref _lastDelivery, Environment.TickCount64);
        await channel.BasicAckAsync(last, multiple: true, session).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes the results of a message. One that holds none is a dead letter as a whole: nobody knows where in it the next result begins.
    /// </summary>
    private async Task ReadAsync(IChannel channel, Delivery delivery, List<ScoringResult> results, CancellationToken session)
    {
        var (good, refused, problem) = Parse(delivery.Body.Span);
        if (problem is not null)
        {
            await DeadLetters.PublishAsync(channel, broker.Queues, broker.Queues.Results, delivery.Body, FailureKind.MalformedMessage,
                problem, session).ConfigureAwait(false);
            LogMalformed();
            return;
        }
        foreach (var result in refused)
            await RefuseAsync(channel, result, session).ConfigureAwait(false);
        results.AddRange(good);
    }

    /// <summary>The results of a message that can be stored, and those that cannot; or why it holds none.</summary>
    private static (List<ScoringResult> Good, List<RefusedResult> Refused, string? Problem) Parse(ReadOnlySpan<byte> message)
    {
        var (good, refused) = (new List<ScoringResult>(), new List<RefusedResult>());
        try
        {
            foreach (var result in ResultBatch.Read(message))
                if (ResultCheck.FindProblem(result) is { } problem)
                    refused.Add(new RefusedResult(result, problem));
                else
                    good.Add(result);
            return (good, refused, null);
        }
        catch (MessageFormatException e)
        {
            return ([], [], e.Message);
        }
    }

    private async Task RefuseAsync(IChannel channel, RefusedResult refused, CancellationToken session)
    {
        await DeadLetters.PublishAsync(channel, broker.Queues, refused.Result, refused.Reason, session).ConfigureAwait(false);
        status.Refuse();
        meters.Refused();
        LogRefused();
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A result that cannot be stored went to the dead-letter queue, which has the reason")]
    private partial void LogRefused();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message that holds no results went to the dead-letter queue")]
    private partial void LogMalformed();

    [LoggerMessage(Level = LogLevel.Information, Message = "Collector ended: {Received} results received, {Stored} of them new")]
    private partial void LogEnded(long received, long stored);
}
