using System.ComponentModel.DataAnnotations;

namespace SignalCam.Core.Synthetic;

/// <summary>Options of <see cref="SyntheticDataset.WriteAsync"/> and <see cref="SyntheticEcgDataset"/>.</summary>
public sealed class SyntheticDatasetOptions
{
    /// <summary>Number of recordings, 1 to 99,999; 1000 by default.</summary>
    [Range(1, 99_999)]
    public int Records { get; set; } = 1000;

    /// <summary>The same seed gives the same files, byte for byte, whatever the number of threads; 1 by default.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>
    /// Share of the beats of a recording that show its abnormalities; all (1) by default. See <see cref="SyntheticOptions.AffectedBeats"/>.
    /// </summary>
    [Range(0.01, 1.0)]
    public double AffectedBeats { get; set; } = 1;

    /// <summary>Whether the same recordings are written at 500 Hz too (records500); false by default.</summary>
    public bool HighRate { get; set; }
}
