using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Training;
using SignalCam.Sdk.Tests.Services;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Native;

namespace SignalCam.Sdk.Tests.Diagnostics;

public sealed class ObservabilityTests
{
    [Fact]
    public async Task What_is_read_trained_and_classified_is_measured_and_traced()
    {
        using var folder = TestData.Folder();
        var (sums, activities) = (new Dictionary<string, double>(), new List<Activity>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == SignalCamTelemetry.MeterName)
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, 1));
        listener.Start();
        using var tracing = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SignalCamTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (activities)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(tracing);

        await using var services = new ServiceCollection().AddMetrics().AddSignalCam(o => o.Device = "cpu")
            .AddModel("test", folder["m.safetensors"]).Services.BuildServiceProvider();
        Tiny.Write(folder["m.safetensors"]);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        classifier.Classify(Tiny.Recording(1));
        var bad = Tiny.Recording(2, seconds: 1);
        Assert.Equal(1, await classifier.ClassifyAsync([new("1", Tiny.Recording(1)), new("2", bad)]).CountAsync(a => a.Error is not null));
        var trained = await services.GetRequiredService<ITrainingService>().TrainAsync(ServiceTests.Request(folder["trained.safetensors"]));

        Assert.Equal(3, sums[SignalCamTelemetry.Classifications]);
        // A pass of the compiled backend is one recording.
        Assert.Equal(3, sums[SignalCamTelemetry.ClassificationDuration]);
        Assert.Equal(2, sums[SignalCamTelemetry.Epochs]);
        Assert.Equal(2 * ((trained.Train.Used + 15) / 16), sums[SignalCamTelemetry.StepDuration]);
        // The first recording is read twice, for its shape.
        Assert.InRange(sums[SignalCamTelemetry.RecordingsRead], trained.Train.Used + trained.Validation.Used,
            trained.Train.Used + trained.Validation.Used + 2);
        Assert.Equal(["classify", "classify", "classify", "load model", "train"], activities.Select(a => a.OperationName).Order());
        var failed = Assert.Single(activities, a => a.Status == ActivityStatusCode.Error);
        Assert.Equal(("SignalMismatchException", typeof(SignalMismatchException).FullName),
            (failed.StatusDescription, failed.GetTagItem(SignalCamTelemetry.ErrorTag)));

        void Add(string name, double value)
        {
            lock (sums)
                sums[name] = sums.GetValueOrDefault(name) + value;
        }
    }

    [Fact]
    public async Task The_health_check_says_which_torch_device_and_models()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        await using var services = Checked(path, "cpu");
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var entry = Assert.Single(report.Entries).Value;
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        // Other tests of this process may have loaded it.
        Assert.Equal(TorchRuntime.IsLoaded ? TorchRuntime.Probe().ToString() : "not loaded", (string)entry.Data["torch"]);
        Assert.Equal(("cpu", $"{path}, not loaded yet"), ((string)entry.Data["device"], (string)entry.Data["model ward"]));
        services.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1));
        report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal($"{path}, loaded, compiled, 0 reloads", report.Entries.Single().Value.Data["model ward"]);
    }

    [SkippableFact]
    public async Task A_device_that_is_not_there_is_an_error_at_the_start_unless_fallback_is_allowed()
    {
        Skip.If(TorchSharp.torch.cuda.is_available() && TorchSharp.torch.cuda.device_count() > 63, "this machine has 64 GPUs");
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        using var services = Checked(path, "cuda:63");
        var e = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IEcgClassifier>());
        Assert.Contains("SignalCam: Device is cuda:63", e.Message, StringComparison.Ordinal);
        await using var lenient = new ServiceCollection().AddSignalCam(o => (o.Device, o.AllowDeviceFallback) = ("cuda:63", true))
            .AddModel("ward", path).Services.BuildServiceProvider();
        Assert.Single(lenient.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1)).Scores);
    }

    [Fact]
    public async Task What_happens_is_logged_without_a_word_about_patients()
    {
        using var folder = TestData.Folder();
        var logs = new LogList();
        await using var services = new ServiceCollection().AddSingleton<ILoggerProvider>(logs).AddSignalCam(o => o.Device = "cpu")
            .AddModel("ward", Tiny.Write(folder["m.safetensors"])).Services.BuildServiceProvider();
        services.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1));
        await services.GetRequiredService<ITrainingService>().TrainAsync(ServiceTests.Request(folder["trained.safetensors"]));
        Assert.Contains(logs.Messages, m => m.StartsWith("Model ward loaded from ", StringComparison.Ordinal));
        Assert.Contains(logs.Messages, m => m.StartsWith("Task normal-abnormal on dataset synthetic: ", StringComparison.Ordinal));
        Assert.Equal(2, logs.Messages.Count(m => m.StartsWith("Epoch ", StringComparison.Ordinal)));
        Assert.DoesNotContain(logs.Messages,
            m => m.Contains("age", StringComparison.OrdinalIgnoreCase) || m.Contains("patient", StringComparison.OrdinalIgnoreCase));
    }

    private static ServiceProvider Checked(string path, string device)
    {
        var services = new ServiceCollection();
        services.AddSignalCam(o => o.Device = device).AddModel("ward", path);
        services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");
        return services.BuildServiceProvider();
    }
}
