using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SignalCam.Viewer.Recordings;

namespace SignalCam.Viewer.Tests;

/// <summary>
/// The viewer in this process, with settings of a test's own, a clock that can be turned on, and everything that is logged.
/// </summary>
public sealed class ViewerHost : IDisposable, IAsyncDisposable
{
    private readonly Lazy<WebApplication> _app;

    /// <summary>With the settings that the program comes with: as xunit makes it for a class of tests.</summary>
    public ViewerHost()
        : this([])
    {
    }

    internal ViewerHost(params (string Name, string Value)[] settings) => _app = new Lazy<WebApplication>(() => Start(settings));

    internal ManualTime Time { get; } = new();

    internal LogCapture Log { get; } = new();

    internal IServiceProvider Services => _app.Value.Services;

    internal TestServer Server => _app.Value.GetTestServer();

    internal RecordingStore Store => Services.GetRequiredService<RecordingStore>();

    internal HttpClient CreateClient() => _app.Value.GetTestClient();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _app.IsValueCreated ? _app.Value.DisposeAsync() : ValueTask.CompletedTask;

    private WebApplication Start((string Name, string Value)[] settings)
    {
        var app = ViewerApplication.Create(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)), builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
            builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug)
                .AddFilter("Microsoft", LogLevel.Debug).AddFilter("Default", LogLevel.Debug);
        });
        app.Start();
        return app;
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

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
