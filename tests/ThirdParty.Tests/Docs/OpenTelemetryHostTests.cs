using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

public sealed class OpenTelemetryHostTests
{
    [Fact]
    public async Task The_host_of_the_observability_page_exports_spans_below_their_requests_and_histograms_that_fit()
    {
        using var temporary = TestData.Folder();
        var folder = temporary["records"];
        Directory.CreateDirectory(folder);
        for (var i = 0; i < 2; i++)
            WfdbWriter.Write(folder, $"r{i}", Small.Recording());
        WfdbWriter.Write(folder, "short", Small.Recording(seconds: 3));
        string[] args = ["--urls", "http://127.0.0.1:0", "--SignalCam:Models:ward:Path", Small.WriteModel(temporary["m.safetensors"])];
        var (spans, measurements) = (new ConcurrentList<Activity>(), new ConcurrentList<Metric>());

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSignalCam(builder.Configuration);
        builder.Services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("ward"))
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation()
                .AddSource(SignalCamTelemetry.ActivitySourceName)
                .AddInMemoryExporter(spans))
            .WithMetrics(metrics => metrics
                .AddMeter(SignalCamTelemetry.MeterName)
                .AddInMemoryExporter(measurements));
        await using var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapGet("/answers", async (IEcgClassifier classifier, HttpResponse response, CancellationToken cancellationToken) =>
        {
            await foreach (var one in classifier.ClassifyAsync(RecordingSource.FromFolder(folder), cancellationToken: cancellationToken))
                if (one.Answer is { } answer)
                    await response.WriteAsync(EcgAnswerJson.Write(answer) + "\n", cancellationToken);
        });
        await app.StartAsync();

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var lines = (await client.GetStringAsync(new Uri("/answers", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["r0", "r1"], lines.Select(line => EcgAnswerJson.Read(line).Recording));
        app.Services.GetRequiredService<TracerProvider>().ForceFlush();
        app.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await app.StopAsync();

        var request = Assert.Single(spans.All, s => s.Kind == ActivityKind.Server);
        var ours = spans.All.Where(s => s.Source.Name == SignalCamTelemetry.ActivitySourceName).ToArray();
        Assert.Equal(["classify", "classify", "classify", "load model"], ours.Select(s => s.OperationName).Order());
        Assert.All(ours, span => Assert.Equal((request.TraceId, request.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Equal("SignalMismatchException", Assert.Single(ours, s => s.Status == ActivityStatusCode.Error).StatusDescription);
        Assert.Equal(ActivityStatusCode.Unset, request.Status);

        var outcomes = new Dictionary<string, long>();
        foreach (ref readonly var point in measurements.All.Last(m => m.Name == SignalCamTelemetry.Classifications).GetMetricPoints())
            foreach (var tag in point.Tags)
                if (tag.Key == SignalCamTelemetry.OutcomeTag)
                    outcomes[(string)tag.Value!] = point.GetSumLong();
        Assert.Equal((2, 1), (outcomes["ok"], outcomes["bad"]));
        var (bounds, counted) = (new List<double>(), 0L);
        foreach (ref readonly var point in measurements.All.Last(m => m.Name == SignalCamTelemetry.ClassificationDuration)
            .GetMetricPoints())
            foreach (var bucket in point.GetHistogramBuckets())
            {
                bounds.Add(bucket.ExplicitBound);
                counted += bucket.BucketCount;
            }
        // A recording takes from a tenth of a millisecond to seconds; the last bucket is all that is longer.
        Assert.Equal(
        [
            0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
            double.PositiveInfinity,
        ], bounds);
        Assert.Equal(3, counted);
    }

    /// <summary>A list that exporters may fill from several threads.</summary>
    private sealed class ConcurrentList<T> : System.Collections.ObjectModel.Collection<T>
    {
        private readonly Lock _lock = new();

        public T[] All
        {
            get
            {
                lock (_lock)
                    return [.. this];
            }
        }

        protected override void InsertItem(int index, T item)
        {
            lock (_lock)
                base.InsertItem(Count, item);
        }
    }
}
