using SignalCam.Abstractions;
using SignalCam.Core.Datasets;

namespace SignalCam.Core.Quality;

/// <summary>What the checks find in the recordings of a dataset.</summary>
/// <param name="Recordings">Recordings that were checked.</param>
/// <param name="Unusable">Recordings that cannot be believed.</param>
/// <param name="Warned">Recordings with a warning and nothing worse.</param>
/// <param name="Codes">Recordings with each finding, by severity and code.</param>
/// <param name="Suspicious">The unusable recordings, in the dataset's order, with all that was found.</param>
/// <param name="Unreadable">Recordings that are missing or corrupt.</param>
internal sealed record FindingCensus(
    int Recordings, int Unusable, int Warned, IReadOnlyDictionary<string, int> Codes,
    IReadOnlyList<SuspiciousRecording> Suspicious, int Unreadable)
{
    /// <summary>Reads and checks recordings.</summary>
    /// <param name="dataset">Where they are.</param>
    /// <param name="entries">Which of them.</param>
    /// <param name="checks">The checks.</param>
    /// <param name="progress">Receives the number of recordings read.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<FindingCensus> TakeAsync(
        IEcgDataset dataset, IReadOnlyList<EcgEntry> entries, IReadOnlyList<IRecordingCheck> checks, IProgress<RecordingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var found = new IReadOnlyList<EcgFinding>?[entries.Count];
        var skipped = await new RecordingReader(dataset, null, new RecordingReaderOptions { OnBadRecording = OnBadRecording.Skip })
            .ForEachAsync(entries, (index, signal) => found[index] = Check(signal, checks), progress, cancellationToken)
            .ConfigureAwait(false);
        var codes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var code in found.OfType<IReadOnlyList<EcgFinding>>().SelectMany(own => own.Select(Name).Distinct()))
            codes[code] = codes.GetValueOrDefault(code) + 1;
        SuspiciousRecording[] suspicious =
            [.. entries.Index().Where(e => Worst(found[e.Index]) == FindingSeverity.Unusable)
                .Select(e => new SuspiciousRecording(e.Item, found[e.Index]!))];
        return new FindingCensus(
            entries.Count - skipped.Count, suspicious.Length, found.Count(f => Worst(f) == FindingSeverity.Warning),
            codes, suspicious, skipped.Count);
    }

    private static List<EcgFinding> Check(EcgRecording recording, IReadOnlyList<IRecordingCheck> checks)
    {
        var all = new List<EcgFinding>();
        foreach (var check in checks)
            all.AddRange(check.Check(recording));
        return all;
    }

    private static string Name(EcgFinding finding) => $"{finding.Severity.ToString().ToLowerInvariant()} {finding.Code}";

    private static FindingSeverity Worst(IReadOnlyList<EcgFinding>? findings) =>
        findings is null or { Count: 0 } ? FindingSeverity.Info : findings.Max(f => f.Severity);
}

/// <summary>A recording that cannot be believed.</summary>
/// <param name="Entry">The recording.</param>
/// <param name="Findings">All that was found.</param>
internal sealed record SuspiciousRecording(EcgEntry Entry, IReadOnlyList<EcgFinding> Findings);
