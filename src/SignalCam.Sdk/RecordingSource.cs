using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Core.Wfdb;

namespace SignalCam.Sdk;

/// <summary>Recordings of files, folders and datasets as a stream for <see cref="IEcgClassifier.ClassifyAsync"/>: each is read only when its turn comes.</summary>
public static class RecordingSource
{
    private const string HeaderExtension = ".hea";

    /// <summary>WFDB recordings by their paths.</summary>
    /// <param name="paths">With or without .hea. The path, as given, is the id.</param>
    public static IEnumerable<EcgStreamItem> FromFiles(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Select(path => new EcgStreamItem(path, token => ReadAsync(path, token)));
    }

    /// <summary>Every WFDB recording of a folder, in the order of their paths.</summary>
    /// <param name="folder">The folder. Links to folders are followed, and each folder is walked once, so that loops end.</param>
    /// <param name="recursive">Whether folders below it count. Default true.</param>
    /// <returns>Items whose id is the path relative to the folder, with '/' and without .hea.</returns>
    /// <exception cref="EcgFormatException">There is no such folder.</exception>
    public static IEnumerable<EcgStreamItem> FromFolder(string folder, bool recursive = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new EcgFormatException(folder, null, "no such folder", "a folder with WFDB recordings");
        return FolderWalk.Files(folder, "*" + HeaderExtension, recursive).Order(StringComparer.Ordinal)
            .Select(file => new EcgStreamItem(file[..^HeaderExtension.Length], token => ReadAsync(Path.Combine(folder, file), token)));
    }

    /// <summary>Recordings of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="entries">Which of them; null for all.</param>
    /// <returns>Items whose id is the entry's.</returns>
    public static IEnumerable<EcgStreamItem> FromDataset(IEcgDataset dataset, IEnumerable<EcgEntry>? entries = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return (entries ?? dataset.Entries).Select(entry => new EcgStreamItem(
            entry.Id, async token => await dataset.ReadAsync(entry, token).ConfigureAwait(false)));
    }

    private static async ValueTask<EcgRecording> ReadAsync(string path, CancellationToken cancellationToken) =>
        new(await WfdbReader.ReadSignalAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false), "wfdb");
}
