using System.ComponentModel.DataAnnotations;

namespace SignalCam.Viewer;

/// <summary>
/// What the viewer opens and how much of it; bound from the section `Viewer` of the configuration, checked when the program starts.
/// </summary>
internal sealed class ViewerOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Viewer";

    private const int Mebi = 1 << 20;

    /// <summary>
    /// A folder in PTB-XL's layout to pick recordings from. Default null: there is none, and recordings are opened by uploading them.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>The largest upload in bytes, all files together. Default 32 MiB.</summary>
    [Range(1, 1024L * Mebi)]
    public long MaxUploadBytes { get; set; } = 32 * Mebi;

    /// <summary>The most bytes that the archives of an upload may hold, unpacked. Default 64 MiB.</summary>
    [Range(1, 1024L * Mebi)]
    public long MaxUnpackedBytes { get; set; } = 64 * Mebi;

    /// <summary>The most files in an upload, those in archives included. Default 128.</summary>
    [Range(1, 10_000)]
    public int MaxFiles { get; set; } = 128;

    /// <summary>The longest time that an upload may take, from its first byte until its recordings are open. Default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MaxUploadTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest recording in seconds. Default 3600.</summary>
    [Range(1, 86_400)]
    public double MaxSeconds { get; set; } = 3600;

    /// <summary>
    /// The most samples of a recording, all leads together. Default 12 million (48 MB): half an hour of twelve leads at 500 Hz.
    /// </summary>
    [Range(1, 1 << 27)]
    public int MaxSamples { get; set; } = 12_000_000;

    /// <summary>Recordings in memory; beyond it, the one that was not looked at for longest goes. Default 256.</summary>
    [Range(1, 100_000)]
    public int MaxStored { get; set; } = 256;

    /// <summary>Bytes of samples in memory; beyond it, the recordings that were not looked at for longest go. Default 256 MiB.</summary>
    [Range(1, 1L << 40)]
    public long MaxStoredBytes { get; set; } = 256 * Mebi;

    /// <summary>How long a recording stays in memory after somebody last looked at it. Default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan StoredFor { get; set; } = TimeSpan.FromMinutes(30);
}
