using System.ComponentModel.DataAnnotations;

namespace SignalCam.Core.PtbXl;

/// <summary>How to read a PTB-XL folder.</summary>
internal sealed class PtbXlOptions
{
    /// <summary>Samples per second of the recordings to read: 100 (the default; `filename_lr`) or 500 (`filename_hr`).</summary>
    [AllowedValues(100, 500)]
    public int SamplingRate { get; set; } = 100;

    /// <summary>Name of the table of recordings in the folder; `ptbxl_database.csv` by default.</summary>
    [Required]
    public string DatabaseFile { get; set; } = "ptbxl_database.csv";

    /// <summary>Name of the table of statements in the folder; `scp_statements.csv` by default.</summary>
    [Required]
    public string StatementsFile { get; set; } = "scp_statements.csv";
}
