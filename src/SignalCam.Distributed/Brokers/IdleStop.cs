using Microsoft.Extensions.Hosting;

namespace SignalCam.Distributed.Brokers;

/// <summary>Stops an idle host, for scheduled jobs.</summary>
internal static class IdleStop
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Checks until it has stopped the host, or until cancelled.</summary>
    /// <param name="limit">The time limit; null for none.</param>
    /// <param name="idleFor">The idle time, while connected.</param>
    /// <param name="lifetime">The host's lifetime.</param>
    /// <param name="cancellationToken">Ends the checks.</param>
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
