using System.Globalization;

namespace SignalCam.Core.Folders;

/// <summary>Mismatches between labels and recordings.</summary>
internal sealed class FolderCensus
{
    private const int Named = 5;

    /// <summary>Rows whose recording is not in the folder.</summary>
    public List<string> LabelsWithoutRecording { get; } = [];

    /// <summary>Recordings without a row or without known labels.</summary>
    public List<string> RecordingsWithoutLabel { get; } = [];

    /// <summary>Codes missing from the map, with the number of recordings that carry them.</summary>
    public SortedDictionary<string, int> UnmappedCodes { get; } = new(StringComparer.Ordinal);

    /// <summary>Unused columns of the table.</summary>
    public IReadOnlyList<string> UnusedColumns { get; set; } = [];

    /// <summary>Recordings without a patient.</summary>
    public int WithoutPatient { get; set; }

    /// <summary>Recordings without a fold.</summary>
    public int WithoutFold { get; set; }

    /// <summary>How the folds were drawn; null if they were given.</summary>
    public string? Draw { get; set; }

    public void CountUnmapped(string code) => UnmappedCodes[code] = UnmappedCodes.GetValueOrDefault(code) + 1;

    /// <summary>The counts as sentences.</summary>
    public IEnumerable<string> Remarks()
    {
        if (LabelsWithoutRecording.Count > 0)
            yield return $"{Count(LabelsWithoutRecording.Count, "label")} without a recording: {List(LabelsWithoutRecording)}";
        if (RecordingsWithoutLabel.Count > 0)
            yield return $"{Count(RecordingsWithoutLabel.Count, "recording")} without a label, left out: {List(RecordingsWithoutLabel)}";
        if (UnmappedCodes.Count > 0)
            yield return $"{Count(UnmappedCodes.Count, "code")} not in the map: "
                + List([.. UnmappedCodes.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c =>
                    $"{c.Key} ({Count(c.Value, "recording")})")]);
        if (UnusedColumns.Count > 0)
            yield return $"columns that are not used: {string.Join(", ", UnusedColumns)}";
        if (WithoutPatient > 0)
            yield return $"{Count(WithoutPatient, "recording")} without a patient; each counts as a patient of its own";
        if (WithoutFold > 0)
            yield return $"{Count(WithoutFold, "recording")} without a fold";
        if (Draw is not null)
            yield return Draw;
    }

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture,
        $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string List(List<string> names) => string.Join(", ", names.Take(Named)) + (names.Count > Named ? ", ..." : "");
}
