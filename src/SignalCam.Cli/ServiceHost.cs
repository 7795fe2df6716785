using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SignalCam.Sdk;

namespace SignalCam.Cli;

/// <summary>Runs background services until they stop the host, or until somebody stops the command.</summary>
internal static class ServiceHost
{
    /// <summary>Runs, with logs on standard error.</summary>
    /// <typeparam name="TStatus">The service that knows at the end what has been done.</typeparam>
    /// <param name="configure">Adds the services.</param>
    /// <param name="cancellationToken">Stops the host, which lets the services end what they have begun.</param>
    /// <exception cref="UsageException">A setting is not allowed.</exception>
    public static async Task<TStatus> RunAsync<TStatus>(Action<ISignalCamBuilder> configure, CancellationToken cancellationToken)
        where TStatus : notnull
    {
        // None of the usual sources of settings: the command line alone counts.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        configure(builder.Services.AddSignalCam());
        using var host = builder.Build();
        BackgroundService[] running;
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            running = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
        }
        catch (Exception e) when (e is OptionsValidationException or AggregateException)
        {
            throw new UsageException(e is AggregateException several
                ? string.Join(Environment.NewLine, several.InnerExceptions.Select(i => i.Message))
                : e.Message);
        }
        var status = host.Services.GetRequiredService<TStatus>();
        await host.RunAsync(cancellationToken);
        // A service that ended with an error has stopped the host; the error is the command's.
        foreach (var service in running)
            if (service.ExecuteTask is { } ended)
                await ended;
        return status;
    }
}
