using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace SignalCam.Distributed.Brokers;

/// <summary>Takes messages of a queue until told to stop or until the channel is lost.</summary>
internal sealed class Consumption : IDisposable
{
    private readonly IChannel _channel;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _session = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private volatile bool _isStopping;
    private string _tag = "";

    private Consumption(IChannel channel) => _channel = channel;

    /// <summary>Ends with the error that ended the channel, or with one that was reported.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Cancelled when messages can no longer be acknowledged.</summary>
    public CancellationToken Session => _session.Token;

    /// <summary>Begins to take messages.</summary>
    /// <param name="channel">A channel of its own.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="prefetch">Messages that may be here without an acknowledgement.</param>
    /// <param name="onDelivery">Called for one message after the other; must not take long.</param>
    /// <param name="cancellationToken">Ends the attempt to begin.</param>
    public static async Task<Consumption> BeginAsync(
        IChannel channel, string queue, int prefetch, Func<Delivery, Consumption, Task> onDelivery, CancellationToken cancellationToken)
    {
        var consumption = new Consumption(channel);
        await channel.BasicQosAsync(0, (ushort)prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => onDelivery(new Delivery(message), consumption);
        // Raised for the end that StopAsync asks for, too, after which what is here goes on.
        consumer.UnregisteredAsync += (_, _) =>
        {
            consumption._ended.TrySetResult();
            return consumption._isStopping
                ? Task.CompletedTask
                : consumption.FailAsync(new OperationInterruptedException(
                    new ShutdownEventArgs(ShutdownInitiator.Peer, 0, "the broker ended the subscription")));
        };
        channel.ChannelShutdownAsync += (_, reason) => consumption.FailAsync(new AlreadyClosedException(reason));
        consumption._tag = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
        return consumption;
    }

    /// <summary>Ends the session because something went wrong with a message that another connection may do better.</summary>
    public async Task FailAsync(Exception cause)
    {
        if (_lost.TrySetException(cause))
            await _session.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Handles a message beside the others. An error that the handling does not catch ends the session.</summary>
    public void Run(Func<CancellationToken, Task> handle)
    {
        var task = Task.Run(async () =>
        {
            try
            {
                await handle(_session.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                await FailAsync(e).ConfigureAwait(false);
            }
        });
        _running.TryAdd(task, 0);
        task.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for everything that <see cref="Run"/> began.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_running.Keys);

    /// <summary>Asks for no more messages; those that are here can still be acknowledged.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await _channel.BasicCancelAsync(_tag, noWait: false, cancellationToken).ConfigureAwait(false);
        // The broker's answer overtakes messages that the client library has yet to hand over; this end comes behind them.
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends what is still running: it cannot be acknowledged any more.</summary>
    public async Task EndAsync()
    {
        await _session.CancelAsync().ConfigureAwait(false);
        await WhenIdleAsync().ConfigureAwait(false);
    }

    public void Dispose() => _session.Dispose();
}
