using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Formats;

namespace SignalCam.Sdk;

/// <summary>
/// Recordings of files, folders and datasets as a stream for <see cref="IEcgClassifier.ClassifyAsync"/>: each is read only when its turn
/// comes.
/// </summary>
public static class RecordingSource
{
    private const string HeaderExtension = ".hea";

    /// <summary>Recordings of any format by their paths.</summary>
    /// <param name="paths">A WFDB recording by its header or its record name. The path, as given, is the id.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <param name="reader">
    /// What reads them, such as the service <see cref="EcgFileReader"/> of a host that has formats of its own; null for the built-in
    /// formats.
    /// </param>
    public static IEnumerable<EcgStreamItem> FromFiles(
        IEnumerable<string> paths, EcgReadOptions? options = null, EcgFileReader? reader = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return paths.Select(path => new EcgStreamItem(path, token => ReadAsync(path, options, reader, token)));
    }

    /// <summary>
    /// Recordings of a folder, in the order of their paths. Every file that has the pattern counts: one that cannot be read is an error in
    /// its place.
    /// </summary>
    /// <param name="folder">The folder. Links to folders are followed, and each folder is walked once, so that loops end.</param>
    /// <param name="pattern">Which files, such as "*.dcm". Default "*.hea", the headers of WFDB.</param>
    /// <param name="recursive">Whether folders below it count. Default true.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <param name="reader">What reads them; null for the built-in formats.</param>
    /// <returns>Items whose id is the path relative to the folder, with '/' and without .hea.</returns>
    /// <exception cref="EcgFormatException">There is no such folder.</exception>
    public static IEnumerable<EcgStreamItem> FromFolder(
        string folder, string pattern = "*" + HeaderExtension, bool recursive = true, EcgReadOptions? options = null,
        EcgFileReader? reader = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        if (!Directory.Exists(folder))
            throw new EcgFormatException(folder, null, "no such folder", "a folder with recordings");
        return FolderWalk.Files(folder, pattern, recursive).Order(StringComparer.Ordinal)
            .Select(file => new EcgStreamItem(IdOf(file), token => ReadAsync(Path.Combine(folder, file), options, reader, token)));
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

    private static string IdOf(string path) =>
        (path.EndsWith(HeaderExtension, StringComparison.OrdinalIgnoreCase) ? path[..^HeaderExtension.Length] : path).Replace(
            Path.DirectorySeparatorChar, '/');

    private static async ValueTask<EcgRecording> ReadAsync(
        string path, EcgReadOptions? options, EcgFileReader? reader, CancellationToken cancellationToken) =>
        await (reader is null ? EcgFile.ReadAsync(path, options, cancellationToken) : reader.ReadAsync(path, options, cancellationToken))
            .ConfigureAwait(false);
}
