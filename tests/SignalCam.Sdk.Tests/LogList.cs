using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SignalCam.Sdk.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogList : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = [];

    public ConcurrentQueue<string> Messages { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
            (logLevel >= LogLevel.Error ? Errors : Messages).Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}
