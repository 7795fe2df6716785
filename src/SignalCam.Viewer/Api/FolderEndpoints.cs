using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Viewer.Problems;
using SignalCam.Viewer.Recordings;

namespace SignalCam.Viewer.Api;

/// <summary>Finds and opens recordings of the folder that the host has named.</summary>
internal static class FolderEndpoints
{
    private const int PageSize = 50;

    public static void MapFolder(this RouteGroupBuilder api)
    {
        var folder = api.MapGroup("/folder").WithTags("Folder");
        folder.MapGet("", Describe).WithName("getFolder").WithSummary("What the host's folder can be filtered by");
        folder.MapGet("/entries", Find)
            .WithName("findEntries").WithSummary($"Recordings of the folder that match, {PageSize} a page")
            .WithDescription("`class` is a diagnostic class (NORM, MI, STTC, CD, HYP), `statement` a code, `id` the beginning of an id, "
                + "`page` counts from 1.")
            .ProducesProblems(400, 404);
        folder.MapPost("/entries/{id}", Open)
            .WithName("openEntry").WithSummary("Opens a recording of the folder").ProducesProblems(403, 404, 422);
    }

    private static FolderAnswer Describe(FolderBrowser browser)
    {
        if (!browser.IsThere)
            return new FolderAnswer(false, 0, [], [], []);
        var dataset = browser.Dataset;
        var counts = dataset.Entries.SelectMany(e => e.Statements.Select(s => s.Code).Distinct()).CountBy(code => code);
        return new FolderAnswer(
            true, dataset.Entries.Count, PtbXlStatementTable.Superclasses,
            [.. dataset.Entries.Select(e => e.Fold).OfType<int>().Distinct().Order()],
            [.. counts.OrderByDescending(c => c.Value).Select(
                c => new StatementAnswer(c.Key, dataset.Statements.TryGet(c.Key, out var known) ? known.Description : "", c.Value))]);
    }

    private static EntriesAnswer Find(
        FolderBrowser browser, string? @class = null, string? statement = null, int? fold = null,
        double? ageFrom = null, double? ageTo = null, string? sex = null, string? id = null, int page = 1)
    {
        if (page is < 1 or > 1_000_000)
            throw ViewerProblem.BadValue.With($"page is {page}; pages count from 1");
        var found = browser.Find(new FolderFilter(Text(@class), Text(statement), fold, ageFrom, ageTo, SexOf(sex), Text(id)));
        return new EntriesAnswer(
            found.Count, [.. found.Skip((page - 1) * PageSize).Take(PageSize).Select(e => Answer(e, browser.Dataset.Statements))]);
    }

    private static async Task<IResult> Open(string id, FolderBrowser browser, RecordingStore store, CancellationToken cancellationToken)
    {
        var entry = browser.Get(id);
        var answer = Answer(entry, browser.Dataset.Statements);
        var signal = await ReadAsync(browser, entry, cancellationToken);
        var words = $"PTB-XL {entry.Id}: statements {string.Join(", ", answer.Statements)}; classes "
            + $"{(answer.Classes.Count == 0 ? "none" : string.Join(", ", answer.Classes))}.";
        var stored = store.Add($"PTB-XL {entry.Id}", RecordingSource.Folder, signal, words);
        return TypedResults.Created($"/api/recordings/{stored.Id}", RecordingAnswer.Of(stored));
    }

    /// <summary>Reads an entry. Errors name the file within the folder, never its path on the server.</summary>
    private static async Task<EcgSignal> ReadAsync(FolderBrowser browser, PtbXlEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await browser.Dataset.ReadAsync(entry, cancellationToken);
        }
        catch (EcgFormatException e)
        {
            var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(browser.Dataset.Folder));
            throw ViewerProblem.BrokenRecording.With(e.Message
                .Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
                .Replace(browser.Dataset.Folder, "the folder", StringComparison.Ordinal));
        }
    }

    private static EntryAnswer Answer(PtbXlEntry entry, PtbXlStatementTable statements) => new(
        entry.Id, entry.IsOver89 ? 90 : entry.Age, entry.Sex?.ToString().ToLowerInvariant(), entry.Fold,
        [.. entry.Statements.Select(s => s.Code)], statements.SuperclassesOf(entry.Statements));

    private static Sex? SexOf(string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : Enum.TryParse<Sex>(text, ignoreCase: true, out var sex) && Enum.IsDefined(sex)
            ? sex
            : throw ViewerProblem.BadValue.With($"sex is '{text}'; allowed are male and female");

    // A filter that is left empty in a form is none.
    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
