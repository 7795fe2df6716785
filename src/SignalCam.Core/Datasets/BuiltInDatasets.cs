namespace SignalCam.Core.Datasets;

/// <summary>The names of the built-in datasets.</summary>
internal static class BuiltInDatasets
{
    /// <summary>A folder of PTB-XL or in its layout: "ptb-xl".</summary>
    public const string PtbXl = "ptb-xl";

    /// <summary>Synthetic recordings: "synthetic".</summary>
    public const string Synthetic = "synthetic";

    /// <summary>Recordings of any format in a folder, with labels from a table or from their headers: "folder".</summary>
    public const string Folder = "folder";
}
