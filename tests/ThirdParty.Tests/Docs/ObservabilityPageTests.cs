using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Training;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

/// <summary>docs/observability.md names what is really published.</summary>
public sealed partial class ObservabilityPageTests
{
    private static readonly Page s_page = Page.Read("docs/observability.md");

    [Fact]
    public void It_has_every_name_that_is_a_public_constant()
    {
        var names = typeof(SignalCamTelemetry).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetRawConstantValue()!);
        Assert.All(names, name => Assert.Contains($"`{name}`", s_page.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void It_has_every_log_message()
    {
        var messages = Directory.EnumerateFiles(Path.Combine(TestData.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => MessagePattern().Matches(File.ReadAllText(file)))
            .Select(m => (Level: m.Groups[1].Value, Message: m.Groups[2].Value)).ToArray();
        Assert.NotEmpty(messages);
        Assert.Equal(messages.Order(), s_page.Rows().Where(row => row[0].StartsWith("SignalCam.", StringComparison.Ordinal))
            .Select(row => (Level: row[1], Message: row[2])).Order());
    }

    [Fact]
    public async Task What_is_logged_traced_and_measured_is_on_it()
    {
        using var folder = TestData.Folder();
        var (logs, activities, instruments) = (new Logs(), new ConcurrentBag<string>(), new ConcurrentDictionary<string, string?>());
        using var tracing = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SignalCamTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => activities.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(tracing);
        using var metering = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == SignalCamTelemetry.MeterName)
                    instruments[instrument.Name] = instrument.Unit;
            },
        };
        metering.Start();
        var (model, trained) = (Small.WriteModel(folder["m.safetensors"]), folder["trained.safetensors"]);
        WfdbWriter.Write(folder.Path, "patient", Small.Recording());
        await using var services = new ServiceCollection().AddSingleton<ILoggerProvider>(logs).AddSignalCam(o => o.Device = "cpu")
            .AddModel("ward", model).Services.BuildServiceProvider();

        services.GetRequiredService<IEcgClassifier>().Classify(Small.Recording());
        var request = new TrainingRequest
        {
            ModelPath = trained,
            Dataset = new ComponentSpec("synthetic", new() { ["records"] = 60 }),
            TrainFolds = FoldSet.Parse("1-8"),
        };
        request.Options.Epochs = 1;
        await services.GetRequiredService<ITrainingService>().TrainAsync(request);
        await services.GetRequiredService<IEvaluationService>()
            .EvaluateAsync(new EvaluationRequest { ModelPath = trained, Dataset = request.Dataset, Folds = FoldSet.Parse("9") });
        foreach (var explain in new[] { false, true })
            Assert.Single(await services.GetRequiredService<IClassificationService>().ClassifyAsync(
                new ClassificationRequest { ModelPath = trained, Files = [folder["patient"]], Options = new() { Explain = explain } })
                    .ToListAsync());

        var rows = s_page.Rows();
        Assert.All(logs.Lines.Distinct(),
            line => Assert.Contains(rows, row => row[0] == line.Category && row[1] == line.Level.ToString() && row[2] == line.Template));
        Assert.Equal(["classify", "classify many", "evaluate", "explain", "load model", "train"], activities.Distinct().Order());
        Assert.All(activities, activity => Assert.Contains(rows, row => row[0] == activity));
        Assert.All(instruments, instrument => Assert.Contains(rows, row => row[0] == instrument.Key && row[2] == instrument.Value));
        Assert.Equal(5, instruments.Count);
    }

    [Fact]
    public async Task Its_health_check_reports()
    {
        using var folder = TestData.Folder();
        var services = new ServiceCollection();
        services.AddSignalCam(o => o.Device = "cpu").AddModel("ward", Small.WriteModel(folder["m.safetensors"]));

        services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");

        await using var provider = services.BuildServiceProvider();

        var status = provider.GetRequiredService<SignalCamDiagnostics>().GetStatus();
        Console.WriteLine(status);

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        var keys = report.Entries["signalcam"].Data.Keys;
        Assert.Equal(["device", "model ward", "torch"], keys.Order());
        Assert.All(["`torch`", "`device`", "`model NAME`"], key => Assert.Contains(key, s_page.Text, StringComparison.Ordinal));
    }

    [GeneratedRegex("""LoggerMessage\(Level = LogLevel\.([A-Za-z]+), Message = "([^"]+)"\)""")]
    private static partial Regex MessagePattern();

    private sealed class Logs : ILoggerProvider
    {
        public ConcurrentQueue<(string Category, LogLevel Level, string Template)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

        public void Dispose()
        {
        }

        private sealed class Logger(string category, ConcurrentQueue<(string Category, LogLevel Level, string Template)> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                if (state is IEnumerable<KeyValuePair<string, object?>> values
                    && category.StartsWith("SignalCam.", StringComparison.Ordinal))
                    lines.Enqueue((category, logLevel, (string)values.Single(v => v.Key == "{OriginalFormat}").Value!));
            }
        }
    }
}
