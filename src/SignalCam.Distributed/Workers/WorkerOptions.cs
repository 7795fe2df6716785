using System.ComponentModel.DataAnnotations;

namespace SignalCam.Distributed.Workers;

/// <summary>Settings of a worker; bound from the section `SignalCamWorker`.</summary>
public sealed class WorkerOptions
{
    /// <summary>The section's name: "SignalCamWorker".</summary>
    public const string SectionName = "SignalCamWorker";

    /// <summary>
    /// The model to score with, by its name in SignalCam. Default null: the default one, or the only one. It must not reload: results
    /// are stored under its file's hash.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>Maximum number of unacknowledged job messages; each may hold several recordings. Default 8.</summary>
    [Range(1, 1000)]
    public int Prefetch { get; set; } = 8;

    /// <summary>Messages scored concurrently, each on one thread; 0, the default, for the number of processors.</summary>
    [Range(0, 1024)]
    public int Parallelism { get; set; }

    /// <summary>
    /// Allowed prefixes of the URIs of jobs, such as "file:///data/ecg/" or "https://archive.example/ecg/". Default none: jobs must
    /// contain their recordings, and a job with a URI is refused. Anyone who can submit jobs can make workers read recordings there.
    /// </summary>
    public List<string> TrustedUris { get; } = [];

    /// <summary>
    /// The number of attempts to fetch a recording from a URI that does not respond. Default 5, with pauses from 0.2 s that double.
    /// </summary>
    [Range(1, 100)]
    public int FetchAttempts { get; set; } = 5;

    /// <summary>
    /// The maximum total size in bytes of the files of one recording at a URI. It may have half as many samples. Default 8 MiB: twelve
    /// leads of 500 Hz for eleven minutes.
    /// </summary>
    [Range(1L << 10, 1L << 30)]
    public long MaxFetchBytes { get; set; } = 8L << 20;

    /// <summary>
    /// Recordings fetched concurrently over the network. Together they take at most four times <see cref="MaxFetchBytes"/> each.
    /// Default 32.
    /// </summary>
    [Range(1, 1024)]
    public int MaxFetches { get; set; } = 32;

    /// <summary>The timeout for all files of one recording, after which it is requested again. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time to score the received messages when the host stops; the rest goes to another worker. Default 20
    /// seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The time without a job after which the worker stops its host; null, the default, for never.</summary>
    public TimeSpan? StopWhenIdleFor { get; set; }

    /// <summary>How often the queue is inspected for metrics. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MeasureInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal int Threads => Parallelism == 0 ? Environment.ProcessorCount : Parallelism;
}
