using System.Diagnostics.Metrics;
using SignalCam.Sdk.Diagnostics;

namespace SignalCam.Distributed.Diagnostics;

/// <summary>The instruments of one container.</summary>
internal sealed class DistributedMeters : IDisposable
{
    private readonly Meter? _ownMeter;
    private readonly Counter<long> _scored;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _stored;

    /// <summary>
    /// Where the host has no metrics of its own, the meter is made here. A host's factory gives the one that the SDK has.
    /// </summary>
    public DistributedMeters(WorkerStatus status, IMeterFactory? meters = null)
    {
        var meter = meters?.Create(SignalCamTelemetry.MeterName) ?? (_ownMeter = new Meter(SignalCamTelemetry.MeterName));
        _scored = meter.CreateCounter<long>(DistributedTelemetry.JobsScored, "{recording}", "Recordings scored by a worker");
        _failed = meter.CreateCounter<long>(DistributedTelemetry.JobsFailed, "{recording}", "Jobs that went to the dead-letter queue");
        _stored = meter.CreateCounter<long>(DistributedTelemetry.ResultsStored, "{result}", "Results taken by a collector");
        meter.CreateObservableGauge(DistributedTelemetry.QueueDepth, () => Of(status, (double)status.QueuedMessages), "{message}",
            "Messages of jobs that wait in the broker");
        meter.CreateObservableGauge(DistributedTelemetry.OldestJobAge, () => Of(status, status.OldestJobAge.TotalSeconds), "s",
            "Age of the oldest message of jobs that a worker has");
        meter.CreateObservableGauge(
            DistributedTelemetry.Throughput, () => Of(status, status.RecordingsPerSecond), "{recording}/s", "Recordings scored per second");
    }

    public void Scored(string model, int count) =>
        _scored.Add(count, new KeyValuePair<string, object?>(DistributedTelemetry.ModelTag, model));

    public void Failed(string model, string reason, int count) =>
        _failed.Add(count, new(DistributedTelemetry.ModelTag, model), new(DistributedTelemetry.ReasonTag, reason));

    public void Stored(int added, int known)
    {
        _stored.Add(added, new KeyValuePair<string, object?>(DistributedTelemetry.OutcomeTag, "new"));
        if (known > 0)
            _stored.Add(known, new KeyValuePair<string, object?>(DistributedTelemetry.OutcomeTag, "known"));
    }

    public void Refused() => _stored.Add(1, new KeyValuePair<string, object?>(DistributedTelemetry.OutcomeTag, "refused"));

    public void Dispose() => _ownMeter?.Dispose();

    private static IEnumerable<Measurement<double>> Of(WorkerStatus status, double value) =>
        status.Model is { } model
            ? [new Measurement<double>(value, new KeyValuePair<string, object?>(DistributedTelemetry.ModelTag, model))]
            : [];
}
