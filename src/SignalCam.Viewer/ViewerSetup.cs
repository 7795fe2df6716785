using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Viewer.Api;
using SignalCam.Viewer.Explanations;
using SignalCam.Viewer.Problems;
using SignalCam.Viewer.Recordings;
using SignalCam.Viewer.Uploads;

namespace SignalCam.Viewer;

/// <summary>Puts the viewer together.</summary>
internal static class ViewerSetup
{
    /// <summary>Adds the services.</summary>
    public static void AddViewer(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // The whole set-up of the SDK; its models and their backends are settings of the section SignalCam.
        services.AddSignalCam(builder.Configuration);
        services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");

        services.AddOptions<ViewerOptions>().BindConfiguration(ViewerOptions.SectionName).ValidateDataAnnotations()
            .Validate(o => o.Folder is not { Length: > 0 } folder || Directory.Exists(folder), $"{ViewerOptions.SectionName}:"
                + $"{nameof(ViewerOptions.Folder)} is "
                + $"{builder.Configuration[$"{ViewerOptions.SectionName}:{nameof(ViewerOptions.Folder)}"]}: there is no such folder")
            .ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<RecordingStore>();
        services.AddSingleton<FolderBrowser>();
        services.AddSingleton<ViewerModels>();
        services.AddSingleton<UploadBudget>();
        services.AddSingleton<UploadTurns>();
        services.AddSingleton<UploadReader>();
        services.AddHostedService<WarmUp>();

        services.AddProblemDetails(options => options.CustomizeProblemDetails = ProblemHandler.Complete);
        services.AddSingleton<ProblemHandler>();
        services.AddSingleton<IExceptionHandler>(provider => provider.GetRequiredService<ProblemHandler>());
        services.AddRateLimiter(Traffic.Configure);
        services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "SignalCam viewer";
            document.Info.Description = "Opens ECGs, scores and explains them. Research use, not a medical device.";
            return Task.CompletedTask;
        }));
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new EcgAnswerJsonConverter());
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        });
        // A parameter that is no number is the sender's mistake: answered as a problem, whatever the environment.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            // What the multipart form adds to the files is little.
            kestrel.Limits.MaxRequestBodySize = (context.Configuration.GetSection(ViewerOptions.SectionName).Get<ViewerOptions>()
                ?? new ViewerOptions()).MaxUploadBytes + (1 << 20);
        });
    }

    /// <summary>Adds the endpoints and the pages.</summary>
    public static void UseViewer(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseCrossSiteGuard();
        app.UseStatusCodePages();
        var pages = new EmbeddedPages();
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = pages });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = pages });
        app.UseRouting();
        app.UseRateLimiter();
        app.MapOpenApi();
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealthAsync }).WithName("health");
        var api = app.MapGroup("/api");
        api.MapRecordings();
        api.MapExplanations();
        api.MapFolder();
    }

    private static Task WriteHealthAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = report.Status.ToString(),
        Checks = report.Entries.ToDictionary(
            e => e.Key, e => new { Status = e.Value.Status.ToString(), e.Value.Description, e.Value.Data }),
    });
}
