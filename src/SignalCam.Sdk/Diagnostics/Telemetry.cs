using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SignalCam.Sdk.Diagnostics;

/// <summary>The activity source and the instruments of one container.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly ActivitySource _source = new(SignalCamTelemetry.ActivitySourceName);
    private readonly Meter? _ownMeter;
    private readonly Counter<long> _recordings;
    private readonly Counter<long> _epochs;
    private readonly Histogram<double> _steps;
    private readonly Counter<long> _classifications;
    private readonly Histogram<double> _durations;

    /// <summary>Where the host has no metrics of its own, the meter is made here.</summary>
    public Telemetry(IMeterFactory? meters = null)
    {
        var meter = meters?.Create(SignalCamTelemetry.MeterName) ?? (_ownMeter = new Meter(SignalCamTelemetry.MeterName));
        _recordings = meter.CreateCounter<long>(SignalCamTelemetry.RecordingsRead, "{recording}", "Recordings read from datasets");
        _epochs = meter.CreateCounter<long>(SignalCamTelemetry.Epochs, "{epoch}", "Finished epochs of training");
        _steps = meter.CreateHistogram<double>(SignalCamTelemetry.StepDuration, "s", "Time of a training step");
        _classifications = meter.CreateCounter<long>(SignalCamTelemetry.Classifications, "{recording}", "Recordings classified");
        _durations = meter.CreateHistogram<double>(SignalCamTelemetry.ClassificationDuration, "s", "Time of one pass of a classifier");
    }

    public Activity? Start(string name, string tag, object value) => _source.StartActivity(name)?.SetTag(tag, value);

    public void RecordingRead(string dataset, bool ok) =>
        _recordings.Add(1, new(SignalCamTelemetry.DatasetTag, dataset), new(SignalCamTelemetry.OutcomeTag, ok ? "ok" : "bad"));

    public void StepEnded(string task, TimeSpan duration) => _steps.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(SignalCamTelemetry.TaskTag, task));

    public void EpochEnded(string task) => _epochs.Add(1, new KeyValuePair<string, object?>(SignalCamTelemetry.TaskTag, task));

    public void Classified(string model, int recordings, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>(SignalCamTelemetry.ModelTag, model);
        _classifications.Add(recordings, tag);
        _durations.Record(duration.TotalSeconds, tag);
    }

    public void Dispose()
    {
        _source.Dispose();
        _ownMeter?.Dispose();
    }
}
