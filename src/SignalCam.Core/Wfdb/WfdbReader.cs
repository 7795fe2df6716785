using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Reads WFDB recordings as header(5) and signal(5) of the WFDB Applications Guide describe them (https://physionet.org/physiotools/wag/):
/// formats 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, and FLAC (508, 516, 524), several files, several samples per frame, skew, byte
/// offsets, fixed and variable multi-segment recordings.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent callers. Headers are not trusted: a name that leads out of the folder is refused, memory is reserved only
/// for what the files really hold, and gaps are bounded by <see cref="WfdbReadOptions.MaxValues"/>.</para>
/// <para>Signals without a unit are in millivolt and those without a gain (or with gain 0) have 200 digital units per millivolt, as the
/// specification says. A sample that is marked as invalid is NaN.</para>
/// <para>Headers as they are found besides are read as well: dates before times and in other notations, broken ones
/// (<see cref="WfdbHeader.Warnings"/>), names with a path, which are looked up beside the header by their plain name, and whole numbers
/// with a decimal point.</para>
/// <para>All methods throw <see cref="EcgFormatException"/> when a file is missing, cannot be read or breaks the specification, and when
/// the recording does not have the channels or the range asked for.</para>
/// </remarks>
public static class WfdbReader
{
    private static readonly WfdbReadOptions s_defaults = new();

    /// <summary>Reads a recording in millivolt.</summary>
    /// <param name="recordPath">The record's path: the header with or without .hea, or a signal file beside a header of the same
    /// name.</param>
    /// <param name="options">What to read; null for everything.</param>
    /// <returns>The channels as leads, named by their descriptions with standard leads spelled the usual way (AVR as aVR); units uV, nV and
    /// V are converted.</returns>
    /// <exception cref="EcgFormatException">
    /// The recording is missing, corrupt, or has a channel that is no voltage; or its signals differ in samples per frame and
    /// <see cref="WfdbReadOptions.SmoothFrames"/> is not set.
    /// </exception>
    public static EcgSignal ReadSignal(string recordPath, WfdbReadOptions? options = null)
    {
        var path = WfdbFiles.HeaderPath(recordPath);
        var header = WfdbHeader.Read(path);
        options ??= s_defaults;
        return (options.IsPlain ? PlainRecording.Of(header, options.MaxValues)?.TryReadAsync(FolderPath(path), isAsync: false).GetAwaiter()
            .GetResult() : null)
            ?? ReaderOf(header, FolderOf(path), options, isAsync: false, default).ReadSignalAsync().GetAwaiter().GetResult();
    }

    /// <summary>Reads a recording in millivolt from files that somebody else opens, such as an upload.</summary>
    /// <param name="header">The parsed header; see <see cref="WfdbHeader.Parse"/>.</param>
    /// <param name="open">
    /// Opens a file that the header names (always a plain name, no path), or returns null where there is none. The reader disposes the
    /// stream. A multi-segment recording also asks for the header of each segment, "NAME.hea".
    /// </param>
    /// <param name="options">What to read; null for everything.</param>
    /// <exception cref="EcgFormatException">As for <see cref="ReadSignal(string, WfdbReadOptions?)"/>.</exception>
    internal static EcgSignal ReadSignal(WfdbHeader header, Func<string, Stream?> open, WfdbReadOptions? options = null) =>
        ReaderOf(header, open, options, isAsync: false, default).ReadSignalAsync().GetAwaiter().GetResult();

    /// <summary>Reads a recording in millivolt without blocking a thread.</summary>
    /// <inheritdoc cref="ReadSignal(string, WfdbReadOptions?)"/>
    public static async Task<EcgSignal> ReadSignalAsync(
        string recordPath, WfdbReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var path = WfdbFiles.HeaderPath(recordPath);
        WfdbHeader header;
        var stream = WfdbFiles.Open(path);
        await using (stream.ConfigureAwait(false))
            header = await WfdbFiles.ReadHeaderAsync(stream, path, isAsync: true, cancellationToken).ConfigureAwait(false);
        options ??= s_defaults;
        if (options.IsPlain && PlainRecording.Of(header, options.MaxValues) is { } plain
            && await plain.TryReadAsync(FolderPath(path), isAsync: true, cancellationToken).ConfigureAwait(false) is { } signal)
            return signal;
        return await ReaderOf(header, FolderOf(path), options, isAsync: true, cancellationToken).ReadSignalAsync().ConfigureAwait(false);
    }

    /// <summary>Reads a recording in millivolt from files that somebody else opens, without blocking a thread.</summary>
    /// <inheritdoc cref="ReadSignal(WfdbHeader, Func{string, Stream?}, WfdbReadOptions?)"/>
    internal static Task<EcgSignal> ReadSignalAsync(
        WfdbHeader header, Func<string, Stream?> open, WfdbReadOptions? options = null, CancellationToken cancellationToken = default) =>
            ReaderOf(header, open, options, isAsync: true, cancellationToken).ReadSignalAsync();

    /// <summary>Reads a recording as it is stored: digital values, all samples of each frame, signals of any unit.</summary>
    /// <param name="recordPath">The record's path: the header with or without .hea, or a signal file beside a header of the same
    /// name.</param>
    /// <param name="options">What to read; null for everything.</param>
    /// <exception cref="EcgFormatException">The recording is missing or corrupt, or its segments scale a channel differently.</exception>
    internal static WfdbRecording ReadDigital(string recordPath, WfdbReadOptions? options = null)
    {
        var path = WfdbFiles.HeaderPath(recordPath);
        return ReaderOf(WfdbHeader.Read(path), FolderOf(path), options, isAsync: false, default).ReadDigitalAsync().GetAwaiter()
            .GetResult();
    }

    /// <summary>Reads a recording as it is stored from files that somebody else opens.</summary>
    /// <inheritdoc cref="ReadSignal(WfdbHeader, Func{string, Stream?}, WfdbReadOptions?)"/>
    internal static WfdbRecording ReadDigital(WfdbHeader header, Func<string, Stream?> open, WfdbReadOptions? options = null) =>
        ReaderOf(header, open, options, isAsync: false, default).ReadDigitalAsync().GetAwaiter().GetResult();

    private static RecordReader ReaderOf(
        WfdbHeader header, Func<string, Stream?> open, WfdbReadOptions? options, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(open);
        return new RecordReader(header, open, options ?? new WfdbReadOptions(), isAsync, cancellationToken);
    }

    private static string FolderPath(string headerPath) => Path.GetDirectoryName(Path.GetFullPath(headerPath))!;

    private static Func<string, Stream> FolderOf(string headerPath) => WfdbFiles.Folder(FolderPath(headerPath));
}
