using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;

namespace SignalCam.Viewer;

/// <summary>The viewer as a web application: its pages, its API and the models behind them.</summary>
public static class ViewerApplication
{
    private const string Defaults = "appsettings.json";

    /// <summary>Creates the application. Nothing listens and no model is loaded before it is started.</summary>
    /// <param name="settings">
    /// Settings by name, such as "Urls", "Viewer:Folder" or "SignalCam:Device"; null for none. They win over environment variables
    /// (`Viewer__Folder`), which win over the defaults that docs/viewer.md lists.
    /// </param>
    /// <param name="configure">Changes what was set up, services and logging among it; null for nothing.</param>
    /// <returns>The application; the caller starts and disposes it.</returns>
    public static WebApplication Create(
        IEnumerable<KeyValuePair<string, string?>>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        // No appsettings.json of the folder where somebody happens to be: it may be another program's.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Below the environment's.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = ReadDefaults() });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddViewer();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseViewer();
        return app;
    }

    /// <summary>Checks the settings, then listens.</summary>
    /// <param name="app">What <see cref="Create"/> returned.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The addresses that it listens at.</returns>
    /// <exception cref="OptionsValidationException">
    /// A setting is not allowed; the message names it, its value and what is allowed.
    /// </exception>
    /// <exception cref="IOException">An address cannot be listened at.</exception>
    public static async Task<IReadOnlyCollection<Uri>> StartAsync(WebApplication app, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(app);
        Validate(app.Services.GetRequiredService<IStartupValidator>());
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return [.. addresses.Select(address => new Uri(address))];
    }

    /// <summary>The host would check, too, but log a stack trace beside the message.</summary>
    private static void Validate(IStartupValidator validator)
    {
        try
        {
            validator.Validate();
        }
        catch (AggregateException several)
        {
            var failures = several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(e => e.Failures);
            throw new OptionsValidationException(ViewerOptions.SectionName, typeof(ViewerOptions), failures);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadDefaults()
    {
        using var stream = EmbeddedPages.Open(Defaults);
        return [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable().Where(setting => setting.Value is not null)];
    }
}
