using System.ComponentModel.DataAnnotations;

namespace SignalCam.Core.Datasets;

/// <summary>How many recordings are read.</summary>
public sealed class RecordingReaderOptions
{
    /// <summary>What happens when a recording is missing or corrupt; by default the reading fails and names it.</summary>
    public OnBadRecording OnBadRecording { get; set; } = OnBadRecording.Fail;

    /// <summary>How many recordings are read, transformed and in memory at a time; the number of processors by default.</summary>
    [Range(1, 1024)]
    public int Parallelism { get; set; } = Environment.ProcessorCount;
}

/// <summary>What happens when a recording is missing or corrupt.</summary>
public enum OnBadRecording
{
    /// <summary>The reading fails with the error of that recording.</summary>
    Fail,

    /// <summary>It is left out, and counted and named in the result.</summary>
    Skip,
}
