using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Recordings;

/// <summary>What to show of the host's folder; everything that is null matches all.</summary>
/// <param name="Class">A diagnostic class that a statement of the recording belongs to.</param>
/// <param name="Statement">The code of one of its statements.</param>
/// <param name="Fold">Its fold.</param>
/// <param name="AgeFrom">The least age; recordings without one do not match.</param>
/// <param name="AgeTo">The largest age; recordings without one do not match.</param>
/// <param name="Sex">The patient's sex.</param>
/// <param name="Id">The beginning of its id.</param>
internal sealed record FolderFilter(string? Class, string? Statement, int? Fold, double? AgeFrom, double? AgeTo, Sex? Sex, string? Id)
{
    public bool Matches(PtbXlEntry entry, PtbXlStatementTable statements) =>
        (Id is null || entry.Id.StartsWith(Id, StringComparison.Ordinal))
        && (Fold is null || entry.Fold == Fold)
        && (Sex is null || entry.Sex == Sex)
        && (AgeFrom is null || Age(entry) >= AgeFrom)
        && (AgeTo is null || Age(entry) <= AgeTo)
        && (Statement is null || entry.Statements.Any(s => s.Code.Equals(Statement, StringComparison.OrdinalIgnoreCase)))
        && (Class is null || statements.SuperclassesOf(entry.Statements).Contains(Class, StringComparer.OrdinalIgnoreCase));

    // PTB-XL does not say how far over 89 somebody is: any such patient is at least 90.
    private static double? Age(PtbXlEntry entry) => entry.IsOver89 ? 90 : entry.Age;
}

/// <summary>The recordings of the folder that the host has named, in the layout of PTB-XL. Safe for concurrent callers.</summary>
internal sealed class FolderBrowser
{
    private readonly Lazy<PtbXlDataset>? _dataset;

    public FolderBrowser(IOptions<ViewerOptions> options)
    {
        if (options.Value.Folder is { Length: > 0 } folder)
            _dataset = new Lazy<PtbXlDataset>(() => PtbXlDataset.Open(folder));
    }

    /// <summary>Whether the host has named a folder.</summary>
    public bool IsThere => _dataset is not null;

    /// <summary>The folder.</summary>
    /// <exception cref="ViewerProblemException">There is none.</exception>
    public PtbXlDataset Dataset => _dataset?.Value
        ?? throw ViewerProblem.NoFolder.With(
            $"set {ViewerOptions.SectionName}:{nameof(ViewerOptions.Folder)} to a folder in PTB-XL's layout to pick recordings from it");

    /// <summary>The recordings that match, in the order of the table.</summary>
    public IReadOnlyList<PtbXlEntry> Find(FolderFilter filter) => [.. Dataset.Entries.Where(e => filter.Matches(e, Dataset.Statements))];

    /// <summary>A recording by its id.</summary>
    /// <exception cref="ViewerProblemException">There is none.</exception>
    public PtbXlEntry Get(string id) => Dataset.Entries.FirstOrDefault(e => e.Id.Equals(id, StringComparison.Ordinal))
        ?? throw ViewerProblem.NoSuchRecording.With($"the folder has no recording '{id}'");
}
