namespace SignalCam.Distributed.Brokers;

/// <summary>
/// Pauses that double up to a limit, each shortened at random by up to a half, so that many clients do not reconnect at once.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _attempts;

    public TimeSpan Next()
    {
        // Beyond 30 doublings every limit is reached.
        var whole = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_attempts++, 30)));
        return TimeSpan.FromMilliseconds(whole * (0.5 + Random.Shared.NextDouble() / 2));
    }

    public void Reset() => _attempts = 0;
}
