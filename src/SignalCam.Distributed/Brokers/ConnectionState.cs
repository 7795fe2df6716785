namespace SignalCam.Distributed.Brokers;

/// <summary>The state of a connection, for health checks.</summary>
internal sealed class ConnectionState
{
    private volatile bool _isConnected;
    private volatile string? _problem = "not connected yet";
    private long _since = Environment.TickCount64;

    public bool IsConnected => _isConnected;

    /// <summary>The reason for a missing connection; null while connected.</summary>
    public string? Problem => _problem;

    /// <summary>The duration of the connection; zero without one.</summary>
    public TimeSpan Uptime => _isConnected ? TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _since)) : TimeSpan.Zero;

    public void Connected()
    {
        Volatile.Write(ref _since, Environment.TickCount64);
        (_isConnected, _problem) = (true, null);
    }

    public void Lost(string problem) => (_isConnected, _problem) = (false, problem);

    public void Closed() => (_isConnected, _problem) = (false, "stopped");
}
