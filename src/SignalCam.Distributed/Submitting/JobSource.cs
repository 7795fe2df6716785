using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Files;
using SignalCam.Core.Wfdb;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Submitting;

/// <summary>A recording that can be made a job of; nothing is read before it is its turn.</summary>
public sealed class JobSource
{
    private const string Extension = ".hea";

    private readonly Func<CancellationToken, ValueTask<ScoringJob>> _read;

    private JobSource(string recordingId, Func<CancellationToken, ValueTask<ScoringJob>> read)
    {
        RecordingId = recordingId;
        _read = read;
    }

    /// <summary>What the result is stored under.</summary>
    public string RecordingId { get; }

    /// <summary>A recording that goes along in the job.</summary>
    /// <param name="recordingId">What the result is stored under.</param>
    /// <param name="read">Reads it, in millivolt.</param>
    public static JobSource Inline(string recordingId, Func<CancellationToken, ValueTask<EcgSignal>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new JobSource(recordingId,
            async token => new ScoringJob(recordingId) { Recording = await read(token).ConfigureAwait(false) });
    }

    /// <summary>A recording that workers read themselves.</summary>
    /// <param name="recordingId">What the result is stored under.</param>
    /// <param name="uri">Where workers find its WFDB header.</param>
    public static JobSource At(string recordingId, Uri uri) =>
        new(recordingId, _ => ValueTask.FromResult(new ScoringJob(recordingId) { Uri = uri }));

    /// <summary>The entries of a dataset, with their samples in the jobs; a result's id is "DATASET/ENTRY".</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="folds">The folds to take; null for all entries.</param>
    /// <exception cref="DatasetSplitException">No entry is in these folds.</exception>
    public static IEnumerable<JobSource> FromDataset(IEcgDataset dataset, FoldSet? folds = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var entries = folds is null ? dataset.Entries : folds.Select(dataset.Entries);
        return entries.Select(entry => Inline($"{dataset.Name}/{entry.Id}", token => dataset.ReadAsync(entry, token)));
    }

    /// <summary>
    /// The WFDB recordings of a folder and those below it, in the order of their names; a result's id is the path from the folder on,
    /// without extension.
    /// </summary>
    /// <remarks>
    /// Links to folders are followed; every folder is walked once, so that links that lead round in a circle come to an end.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="uris">Where workers find the same folder; null to put the samples into the jobs.</param>
    /// <exception cref="EcgFormatException">The folder, or one below it, cannot be read.</exception>
    public static IEnumerable<JobSource> FromFolder(string folder, Uri? uris = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return FolderWalk.Files(folder, "*.hea").Select(file => file[..^Extension.Length]).Select(id => uris is null
            ? Inline(id,
                async token => await WfdbReader.ReadSignalAsync(Path.Combine(folder, id), cancellationToken: token).ConfigureAwait(false))
            : At(id, Below(uris, id)));
    }

    internal ValueTask<ScoringJob> ReadAsync(CancellationToken cancellationToken) => _read(cancellationToken);

    private static Uri Below(Uri folder, string id) =>
        new(folder.AbsoluteUri.TrimEnd('/') + "/" + string.Join('/', id.Split('/').Select(Uri.EscapeDataString)) + Extension);
}
