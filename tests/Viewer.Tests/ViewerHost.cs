using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Viewer.Recordings;

namespace Viewer.Tests;

/// <summary>The viewer in this process, with settings of a test's own, a clock that can be turned on, and everything that is logged.</summary>
public sealed class ViewerHost : WebApplicationFactory<Program>
{
    private readonly (string Name, string Value)[] _settings;

    /// <summary>With the settings that the program comes with: as xunit makes it for a class of tests.</summary>
    public ViewerHost()
        : this([])
    {
    }

    internal ViewerHost(params (string Name, string Value)[] settings) => _settings = settings;

    internal ManualTime Time { get; } = new();

    internal LogCapture Log { get; } = new();

    internal RecordingStore Store => Services.GetRequiredService<RecordingStore>();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
        builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time)));
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug)
            .AddFilter("Microsoft", LogLevel.Debug).AddFilter("Default", LogLevel.Debug));
    }
}

/// <summary>The system's clock, which can be turned on.</summary>
internal sealed class ManualTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
}

/// <summary>Keeps every line of the log.</summary>
internal sealed class LogCapture : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
