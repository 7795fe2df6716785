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
    /// <param name="configure">Adds the services.</param>
    /// <param name="cancellationToken">Stops the host, which lets the services end what they have begun.</param>
    /// <returns>What <paramref name="result"/> says after the services have ended.</returns>
    /// <param name="result">Looks at a service of the host at the end.</param>
    /// <exception cref="UsageException">A setting is not allowed.</exception>
    public static async Task<T> RunAsync<T>(Action<ISignalCamBuilder> configure, Func<IServiceProvider, T> result, CancellationToken cancellationToken)
    {
        // None of the usual sources of settings: the command line alone counts.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        configure(builder.Services.AddSignalCam());
        using var host = builder.Build();
        try
        {
            await host.RunAsync(cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            throw new UsageException(e.Message);
        }
        // A service that ended with an error has stopped the host; the error is the command's.
        foreach (var service in host.Services.GetServices<IHostedService>().OfType<BackgroundService>())
            if (service.ExecuteTask is { } ended)
                await ended;
        return result(host.Services);
    }
}
