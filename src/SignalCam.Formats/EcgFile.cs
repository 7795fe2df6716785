using SignalCam.Abstractions;

namespace SignalCam.Formats;

/// <summary>Reads a recording of any built-in format, found by the file's content.</summary>
/// <remarks>
/// Thread-safe. <see cref="EcgFileReader"/> does the same with additional formats. All methods throw
/// <see cref="EcgFormatException"/> for whatever keeps a file from being read, and only that.
/// </remarks>
/// <example><code>
/// var recording = EcgFile.Read("ecg.dcm");
/// Console.WriteLine($"{recording.Format}: {recording.Signal.Layout}");
/// </code></example>
public static class EcgFile
{
    /// <summary>The built-in formats in the order in which they are asked whether they recognize a file.</summary>
    public static IReadOnlyList<IEcgFormat> Formats => BuiltInFormats.All;

    private static EcgFileReader Reader { get; } = new(BuiltInFormats.All);

    /// <inheritdoc cref="EcgFileReader.Read(string, EcgReadOptions?)"/>
    public static EcgRecording Read(string path, EcgReadOptions? options = null) => Reader.Read(path, options);

    /// <inheritdoc cref="EcgFileReader.Read(Stream, string, EcgReadOptions?)"/>
    public static EcgRecording Read(Stream stream, string name = EcgFileReader.UnnamedStream, EcgReadOptions? options = null) =>
        Reader.Read(stream, name, options);

    /// <summary>Reads a recording from files in memory, such as an upload or the entries of an archive.</summary>
    /// <param name="name">The key of the file to read; the others are the files beside it.</param>
    /// <param name="files">Content by plain file name.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="EcgFormatException">As for <see cref="Read(string, EcgReadOptions?)"/>.</exception>
    public static EcgRecording Read(
        string name, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, EcgReadOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reader.Read(name, files, options, cancellationToken);

    /// <inheritdoc cref="EcgFileReader.ReadAsync(string, EcgReadOptions?, CancellationToken)"/>
    public static Task<EcgRecording> ReadAsync(string path, EcgReadOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Reader.ReadAsync(path, options, cancellationToken);

    /// <inheritdoc cref="EcgFileReader.ReadAsync(Stream, string, EcgReadOptions?, CancellationToken)"/>
    public static Task<EcgRecording> ReadAsync(
        Stream stream, string name = EcgFileReader.UnnamedStream, EcgReadOptions? options = null, CancellationToken cancellationToken =
            default) =>
        Reader.ReadAsync(stream, name, options, cancellationToken);
}
