using System.ComponentModel.DataAnnotations;

namespace SignalCam.Distributed.Collecting;

/// <summary>Settings of a collector; bound from the section `SignalCamCollector`.</summary>
public sealed class CollectorOptions
{
    /// <summary>The section's name: "SignalCamCollector".</summary>
    public const string SectionName = "SignalCamCollector";

    /// <summary>Messages of results that may be here at a time; each holds the results of one message of jobs. Default 64.</summary>
    [Range(1, 10000)]
    public int Prefetch { get; set; } = 64;

    /// <summary>Results that are written at once, as far as so many are there. Default 1000.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; set; } = 1000;

    /// <summary>How long a batch waits for more results. Default 0.2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>After how long without a result the collector stops its host; null, the default, for never.</summary>
    public TimeSpan? StopWhenIdleFor { get; set; }
}
