namespace SignalCam.Distributed.Diagnostics;

/// <summary>
/// The names under which workers and collectors publish measurements, all on the SDK's meter (`SignalCamTelemetry.MeterName`).
/// </summary>
public static class DistributedTelemetry
{
    /// <summary>Counter: recordings whose result the broker has confirmed; tag <see cref="ModelTag"/>.</summary>
    public const string JobsScored = "signalcam.jobs.scored";

    /// <summary>Counter: jobs that went to the dead-letter queue; tags <see cref="ModelTag"/> and <see cref="ReasonTag"/>.</summary>
    public const string JobsFailed = "signalcam.jobs.failed";

    /// <summary>Gauge: job messages waiting in the broker at the last inspection; tag <see cref="ModelTag"/>.</summary>
    public const string QueueDepth = "signalcam.jobs.queued";

    /// <summary>
    /// Gauge, seconds: time since this worker's oldest message was submitted; 0 if it has none; tag <see cref="ModelTag"/>.
    /// </summary>
    public const string OldestJobAge = "signalcam.jobs.oldest.age";

    /// <summary>Gauge: recordings per second of this worker between the last two inspections; tag <see cref="ModelTag"/>.</summary>
    public const string Throughput = "signalcam.jobs.throughput";

    /// <summary>
    /// Counter: results processed by a collector; tag <see cref="OutcomeTag"/>: "new", "known" for a key that was already stored, or
    /// "refused" for one that cannot be stored.
    /// </summary>
    public const string ResultsStored = "signalcam.results.stored";

    /// <summary>Tag: the model's name.</summary>
    public const string ModelTag = "signalcam.model";

    /// <summary>Tag: why a job failed, one of `FailureKind`.</summary>
    public const string ReasonTag = "signalcam.reason";

    /// <summary>Tag: "new", "known" or "refused".</summary>
    public const string OutcomeTag = "signalcam.outcome";
}
