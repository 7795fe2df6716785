using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Datasets;

/// <summary>The datasets that come with the SDK.</summary>
public static class BuiltInDatasets
{
    /// <summary>The name of <see cref="PtbXlDataset"/>: "ptb-xl".</summary>
    public const string PtbXl = "ptb-xl";

    /// <summary>The name of <see cref="SyntheticEcgDataset"/>: "synthetic".</summary>
    public const string Synthetic = "synthetic";

    /// <summary>Adds "ptb-xl" and "synthetic" to a registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<IEcgDataset> Register(PluginRegistry<IEcgDataset> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add<PtbXlFolderOptions>(PtbXl, o =>
            {
                var dataset = PtbXlDataset.Open(o.Folder, new PtbXlOptions { SamplingRate = o.SamplingRate });
                return o.Cache is null ? dataset : CachedDataset.Create(dataset, o.Cache);
            })
            .Add<SyntheticDatasetOptions>(Synthetic, o => new SyntheticEcgDataset(o));
    }
}

/// <summary>Options of the dataset "ptb-xl".</summary>
public sealed class PtbXlFolderOptions
{
    /// <summary>The folder that holds `ptbxl_database.csv`; must be set.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Samples per second of the recordings to read: 100 (the default) or 500.</summary>
    [AllowedValues(100, 500)]
    public int SamplingRate { get; set; } = 100;

    /// <summary>A file to keep all recordings in, so that they are read faster from the second time on (<see cref="CachedDataset"/>); null for none, the default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cache { get; set; }
}
