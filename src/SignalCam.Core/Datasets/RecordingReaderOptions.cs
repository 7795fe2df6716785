using System.ComponentModel.DataAnnotations;

namespace SignalCam.Core.Datasets;

/// <summary>The number of recordings to read.</summary>
public sealed class RecordingReaderOptions
{
    /// <summary>How a missing or corrupt recording is handled; by default reading fails and names it.</summary>
    public OnBadRecording OnBadRecording { get; set; } = OnBadRecording.Fail;

    /// <summary>The number of recordings read, transformed and held in memory at a time; by default the number of processors.</summary>
    [Range(1, 1024)]
    public int Parallelism { get; set; } = Environment.ProcessorCount;
}

/// <summary>How a missing or corrupt recording is handled.</summary>
public enum OnBadRecording
{
    /// <summary>The reading fails with the error of that recording.</summary>
    Fail,

    /// <summary>It is left out, and counted and named in the result.</summary>
    Skip,
}
