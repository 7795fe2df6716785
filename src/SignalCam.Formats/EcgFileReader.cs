using SignalCam.Abstractions;
using SignalCam.Formats.Sources;

namespace SignalCam.Formats;

/// <summary>
/// Reads recordings of the formats it is given: finds the format by content, orders the leads, bridges gaps where that is requested.
/// </summary>
/// <remarks>
/// <para>Thread-safe.</para>
/// <para>Files are not trusted. Only regular files are opened (a pipe, a device or a folder is refused by name), files beside the one that
/// is named only within its folder, and never more than <see cref="EcgReadOptions.MaxBytes"/> are read.</para>
/// </remarks>
public sealed class EcgFileReader
{
    /// <summary>The name of an unnamed stream in messages.</summary>
    public const string UnnamedStream = "(stream)";

    /// <summary>Creates a reader.</summary>
    /// <param name="formats">The formats, in the order in which they are asked whether they recognize a file. <see cref="EcgFile.Formats"/>
    /// has the built-in ones.</param>
    /// <exception cref="ArgumentException">There is no format, or two have the same name (ignoring case).</exception>
    public EcgFileReader(IEnumerable<IEcgFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(formats);
        Formats = [.. formats];
        var doubled = Formats.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (doubled is not null)
            throw new ArgumentException($"format '{doubled.Key}' occurs {doubled.Count()} times; available: {Names}", nameof(formats));
    }

    /// <summary>The formats in the order in which they are asked.</summary>
    public IReadOnlyList<IEcgFormat> Formats { get; }

    private string Names => Formats.Count == 0 ? "(no format)" : string.Join(", ", Formats.Select(f => f.Name));

    /// <summary>Reads a recording from a file.</summary>
    /// <param name="path">Any file of the recording (for WFDB the header, or a signal file that the header beside it names), or a WFDB
    /// record name without extension.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <returns>The recording; the standard leads come first, in their usual order.</returns>
    /// <exception cref="EcgFormatException">
    /// The file is missing, is not a regular file, is too large, is of no known format, is corrupt, or holds no ECG; the message states
    /// which.
    /// </exception>
    public EcgRecording Read(string path, EcgReadOptions? options = null) => ReadPath(path, options, default);

    /// <summary>Reads a recording from a stream, which is read to its end and stays open.</summary>
    /// <param name="stream">The content of one file, from the stream's position. Files beside it are not available.</param>
    /// <param name="name">Its name, for messages; a format may look at the extension where the content does not tell.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <exception cref="EcgFormatException">As for <see cref="Read(string, EcgReadOptions?)"/>.</exception>
    public EcgRecording Read(Stream stream, string name = UnnamedStream, EcgReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Read(new MemorySource(name, BoundedReading.ReadToEnd(stream, name, MaxBytes(options))), options);
    }

    /// <summary>Reads a recording from files in memory, such as an upload or the entries of an archive.</summary>
    /// <param name="name">The key of the file to read; the others are the files beside it.</param>
    /// <param name="files">Content by plain file name.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="EcgFormatException">As for <see cref="Read(string, EcgReadOptions?)"/>.</exception>
    public EcgRecording Read(
        string name, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, EcgReadOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Read(InMemory(name, files), options, cancellationToken);

    /// <summary>Reads a recording from a file that the caller opens.</summary>
    /// <param name="file">The file and those beside it.</param>
    /// <param name="options">What to read, and how strictly; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="EcgFormatException">As for <see cref="Read(string, EcgReadOptions?)"/>.</exception>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new EcgReadOptions();
        Validate(options);
        var format = Find(file) ?? throw Unknown(file);
        var recording = format.Read(file, options, cancellationToken);
        return GapBridge.Apply(StandardLeadOrder.Apply(recording), options.BridgeGaps);
    }

    /// <summary>Reads a recording from a file without blocking the caller's thread.</summary>
    /// <inheritdoc cref="Read(string, EcgReadOptions?)"/>
    public Task<EcgRecording> ReadAsync(string path, EcgReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Formats read their files synchronously; a short read of a local file gains nothing from asynchronous I/O.
        return Task.Run(() => ReadPath(path, options, cancellationToken), cancellationToken);
    }

    /// <summary>Reads a recording from a stream, which is read to its end asynchronously and stays open.</summary>
    /// <inheritdoc cref="Read(Stream, string, EcgReadOptions?)"/>
    public async Task<EcgRecording> ReadAsync(
        Stream stream, string name = UnnamedStream, EcgReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var content = await BoundedReading.ReadToEndAsync(stream, name, MaxBytes(options), cancellationToken).ConfigureAwait(false);
        return Read(new MemorySource(name, content), options, cancellationToken);
    }

    /// <summary>The format of a file; null if none recognizes it.</summary>
    /// <exception cref="EcgFormatException">The file is missing or no regular file.</exception>
    public IEcgFormat? Find(string path)
    {
        using var file = PathSource.Open(path);
        return Find(file);
    }

    /// <summary>The format of a file; null if none recognizes it.</summary>
    public IEcgFormat? Find(EcgFileSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        foreach (var format in Formats)
            if (format.Recognizes(file))
                return format;
        return null;
    }

    /// <summary>The format of a file in memory; null if none recognizes it.</summary>
    /// <param name="name">The key of the file; the others are the files beside it.</param>
    /// <param name="files">Content by plain file name.</param>
    /// <exception cref="EcgFormatException">No file has this name.</exception>
    public IEcgFormat? Find(string name, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files) => Find(InMemory(name, files));

    private static MemorySource InMemory(string name, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(files);
        return files.TryGetValue(name, out var content)
            ? new MemorySource(name, content, files)
            : throw new EcgFormatException(name, null, "no such file", "one of the files that were given");
    }

    private EcgRecording ReadPath(string path, EcgReadOptions? options, CancellationToken cancellationToken)
    {
        using var file = PathSource.Open(path);
        return Read(file, options, cancellationToken);
    }

    private EcgFormatException Unknown(EcgFileSource file) => new(
        file.Name, null, file.Head.IsEmpty ? "an empty file" : $"a file that starts with {FirstBytes(file.Head.Span)}",
            $"a file of a known format: {Names}");

    private static string FirstBytes(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, 16)];
        foreach (var value in head)
            if (value is < 0x20 or > 0x7E)
                return $"bytes {Convert.ToHexString(head)}";
        return $"'{System.Text.Encoding.ASCII.GetString(head)}'";
    }

    private static long MaxBytes(EcgReadOptions? options) => (options ?? new EcgReadOptions()).MaxBytes;

    private static void Validate(EcgReadOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Index, nameof(EcgReadOptions.Index));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(EcgReadOptions.MaxBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxValues, 1, nameof(EcgReadOptions.MaxValues));
        if (!(options.BridgeGaps >= 0))
            throw new ArgumentOutOfRangeException(nameof(options), options.BridgeGaps, "BridgeGaps is a number of seconds, 0 or more");
        if (options.SamplingRate is { } rate && !(rate > 0 && double.IsFinite(rate)))
            throw new ArgumentOutOfRangeException(nameof(options), rate, "SamplingRate is a positive, finite number of samples per second");
    }
}
