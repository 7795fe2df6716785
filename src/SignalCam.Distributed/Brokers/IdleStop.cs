using Microsoft.Extensions.Hosting;

namespace SignalCam.Distributed.Brokers;

/// <summary>Stops a host that has had nothing to do for a while, for jobs that a scheduler starts.</summary>
internal static class IdleStop
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until it has stopped the host, or until cancelled.</summary>
    /// <param name="limit">For how long; null for ever.</param>
    /// <param name="idleFor">For how long there has been nothing to do, while there is a connection.</param>
    /// <param name="lifetime">The host's.</param>
    /// <param name="cancellationToken">Ends looking.</param>
    public static async Task WatchAsync(
        TimeSpan? limit, Func<TimeSpan> idleFor, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        if (limit is not { } longest)
            return;
        using var timer = new PeriodicTimer(s_look);
        try
        {
            while (idleFor() < longest)
                await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            lifetime.StopApplication();
        }
        catch (OperationCanceledException)
        {
            // The host stops anyway.
        }
    }
}
