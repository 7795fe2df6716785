using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SignalCam.Core.Datasets;

namespace SignalCam.Core.PtbXl;

/// <summary>Options of the dataset "ptb-xl".</summary>
internal sealed class PtbXlFolderOptions
{
    /// <summary>The folder that holds `ptbxl_database.csv`; must be set.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Samples per second of the recordings to read: 100 (the default) or 500.</summary>
    [AllowedValues(100, 500)]
    public int SamplingRate { get; set; } = 100;

    /// <summary>
    /// A cache file for all recordings, so that they are read faster from the second time on (<see cref="CachedDataset"/>); null for none,
    /// the default.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cache { get; set; }
}
