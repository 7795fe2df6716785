namespace SignalCam.Distributed.Diagnostics;

/// <summary>
/// The names under which workers and collectors publish measurements, all on the SDK's meter (`SignalCamTelemetry.MeterName`).
/// </summary>
public static class DistributedTelemetry
{
    /// <summary>Counter: recordings whose result the broker has; tag <see cref="ModelTag"/>.</summary>
    public const string JobsScored = "signalcam.jobs.scored";

    /// <summary>Counter: jobs that went to the dead-letter queue; tags <see cref="ModelTag"/> and <see cref="ReasonTag"/>.</summary>
    public const string JobsFailed = "signalcam.jobs.failed";

    /// <summary>Gauge: messages of jobs that wait in the broker, as last looked at; tag <see cref="ModelTag"/>.</summary>
    public const string QueueDepth = "signalcam.jobs.queued";

    /// <summary>
    /// Gauge, seconds: how long ago the oldest message that this worker has was submitted; 0 when it has none; tag <see cref="ModelTag"/>.
    /// </summary>
    public const string OldestJobAge = "signalcam.jobs.oldest.age";

    /// <summary>Gauge: recordings per second of this worker, between the last two looks; tag <see cref="ModelTag"/>.</summary>
    public const string Throughput = "signalcam.jobs.throughput";

    /// <summary>
    /// Counter: results that a collector took; tag <see cref="OutcomeTag"/>: "new", "known" for a key that was stored already, or "refused"
    /// for one that cannot be stored.
    /// </summary>
    public const string ResultsStored = "signalcam.results.stored";

    /// <summary>Tag: the model's name.</summary>
    public const string ModelTag = "signalcam.model";

    /// <summary>Tag: why a job failed, one of `FailureKind`.</summary>
    public const string ReasonTag = "signalcam.reason";

    /// <summary>Tag: "new", "known" or "refused".</summary>
    public const string OutcomeTag = "signalcam.outcome";
}
