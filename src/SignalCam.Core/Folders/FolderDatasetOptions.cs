using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using SignalCam.Core.Datasets;

namespace SignalCam.Core.Folders;

/// <summary>Options of the dataset "folder": recordings of any format in a folder, with labels from a table or from their
/// headers.</summary>
/// <remarks>docs/datasets.md describes the table, the map of codes and the folds.</remarks>
public sealed class FolderDatasetOptions
{
    /// <summary>The folder; including subfolders. Must be set.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>The dataset's name in reports and model files. Default null: the folder's name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    /// <summary>
    /// The label table (CSV with a header line; fields separated by commas, semicolons or tabs). Default null: labels, age and sex come
    /// from
    /// the comments "Dx", "Age" and "Sex" of WFDB headers.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Labels { get; set; }

    /// <summary>The names of the table's columns. Default: the usual names.</summary>
    [Required]
    public LabelColumns Columns { get; set; } = new();

    /// <summary>
    /// What codes mean: a CSV file with the columns code and class, "snomed-ct" (SNOMED CT to the statements and classes of PTB-XL),
    /// "challenge-2021" (SNOMED CT to the 26 scored diagnoses of the PhysioNet/CinC Challenge 2021), or "none". Default null: "snomed-ct"
    /// for labels from headers, "none" for a table.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Map { get; set; }

    /// <summary>
    /// A CSV file with the columns recording and fold, such as the folds.csv of a run. Default null: the folds of the table, or else folds
    /// that are drawn.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Folds { get; set; }

    /// <summary>The number of folds to draw if none are given, 2 to 100. Default 10.</summary>
    [Range(2, 100)]
    public int FoldCount { get; set; } = 10;

    /// <summary>Seed of the drawn folds. Default 1.</summary>
    public ulong FoldSeed { get; set; } = 1;

    /// <summary>
    /// A cache file for the recordings, which makes the second and later readings faster (<see cref="CachedDataset"/>). Default null:
    /// none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cache { get; set; }

    /// <summary>How to read files that do not state everything. Default: files must state it.</summary>
    [Required]
    public FolderReading Reading { get; set; } = new();
}

/// <summary>Names of the columns of a label table, ignoring case. A null stands for the usual names, which are in each
/// description.</summary>
public sealed class LabelColumns
{
    /// <summary>The column with the recording's name, which becomes its id. Default "recording", "record" or "id", otherwise the first
    /// column.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Recording { get; set; }

    /// <summary>The file, relative to the folder. Default "file" or "filename", otherwise the recording's name finds it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; set; }

    /// <summary>The patient. Default "patient" or "patient_id".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Patient { get; set; }

    /// <summary>The fold, a whole number from 1. Default "fold" or "strat_fold".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fold { get; set; }

    /// <summary>The age in years. Default "age".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Age { get; set; }

    /// <summary>The sex: male or female, or the first letter. Default "sex" or "gender".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sex { get; set; }

    /// <summary>Codes, separated by semicolons or vertical bars. Default "codes", "labels" or "dx".</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Codes { get; set; }

    /// <summary>
    /// Columns with one class each, with 0 or 1 in every row. Default null: without a column of codes, all other columns that hold
    /// nothing but 0 and 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Classes { get; set; }
}

/// <summary>How to read the files of a folder.</summary>
public sealed class FolderReading
{
    /// <summary>Samples per second of files that do not state it. Default null: required from the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Range(0.001, 1e6)]
    public double? SamplingRate { get; set; }

    /// <summary>Lead names in the order of the channels, of files that do not state them. Default null: required from the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Leads { get; set; }

    /// <summary>"mV", "uV", "nV", "V" or a number of millivolts per unit, for files that do not state the unit. Default null:
    /// required.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Unit { get; set; }

    /// <summary>Whether a checksum or initial value that does not match is a warning. Default false: it is an error.</summary>
    public bool Lenient { get; set; }

    /// <summary>Gaps of at most this many seconds are bridged by a straight line. Default 0: gaps stay.</summary>
    [Range(0.0, 1e6)]
    public double BridgeGaps { get; set; }
}
