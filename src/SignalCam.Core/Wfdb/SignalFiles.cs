using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Opens the files that headers name, and reads their signals.</summary>
internal sealed class SignalFiles(
    WfdbHeader record, Func<string, Stream?> open, WfdbReadOptions options, List<string>? warnings, bool isAsync,
        CancellationToken cancellationToken)
{
    /// <summary>Files of one recording or segment, which are open at the same time.</summary>
    private const int MaxFiles = 256;

    private readonly string? _folder = Path.GetDirectoryName(record.Source);

    private sealed record OpenGroup(SignalGroup Group, Stream Stream, FlacFile? Flac, string File, long Frames,
        IReadOnlyList<WantedSignal> Wanted);

    /// <summary>The header of another record in the same place.</summary>
    public async Task<WfdbHeader> HeaderAsync(string recordName)
    {
        var name = recordName + ".hea";
        using var stream = OpenNamed(name);
        return await WfdbFiles.ReadHeaderAsync(stream, PathOf(name), isAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Frames that all files of a recording hold, for a header that does not say; 0 where there is no file.</summary>
    public async Task<long> FramesAsync(WfdbHeader header)
    {
        var frames = long.MaxValue;
        foreach (var group in SignalGroup.Of(header))
        {
            using var stream = await OpenSeekableAsync(group.Spec.FileName).ConfigureAwait(false);
            frames = Math.Min(frames, FramesIn(group, stream, await FlacAsync(group, stream).ConfigureAwait(false)));
        }
        return frames == long.MaxValue ? 0 : frames;
    }

    /// <summary>Reads a range of an ordinary recording or of a segment.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="signals">For each channel of the output the signal of the header that it comes from, or -1.</param>
    /// <param name="range">What to read.</param>
    /// <param name="frames">Frames that the files have to hold.</param>
    /// <param name="output">Where the samples go; its memory is reserved once the files are seen to be long enough.</param>
    public async Task ReadAsync(WfdbHeader header, int[] signals, FrameRange range, long frames, RecordOutput output)
    {
        var groups = SignalGroup.Of(header);
        if (groups.Count > MaxFiles)
            throw new EcgFormatException(header.Source, null, $"{groups.Count} signal files", $"at most {MaxFiles}");
        var verify = options.VerifyChecksum && range.From == 0 && range.To == frames;
        var opened = new List<OpenGroup>(groups.Count);
        try
        {
            foreach (var group in groups)
                if (Want(header, group, signals, output) is { Count: > 0 } wanted)
                    opened.Add(await OpenAsync(header, group, wanted, frames).ConfigureAwait(false));
            output.Allocate(IsAllWritten(header, signals, opened));
            foreach (var (group, stream, flac, file, available, wanted) in opened)
            {
                var reader = new GroupReader(group, file, wanted, warnings);
                if (flac is not null)
                    reader.Read(flac, frames, available, range, verify, cancellationToken);
                else
                    await reader.ReadAsync(stream, frames, available, range, verify, isAsync, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var group in opened)
                group.Stream.Dispose();
        }
    }

    /// <summary>
    /// Whether an ordinary recording's files give every sample that is wanted: a skew makes some fall behind the end of the file.
    /// </summary>
    private bool IsAllWritten(WfdbHeader header, int[] signals, List<OpenGroup> opened)
    {
        var wanted = 0;
        foreach (var group in opened)
            foreach (var signal in group.Wanted)
                wanted += signal.Spec.Skew == 0 ? 1 : 0;
        return ReferenceEquals(header, record) && wanted == signals.Length;
    }

    private static List<WantedSignal> Want(WfdbHeader header, SignalGroup group, int[] signals, RecordOutput output)
    {
        var starts = new int[group.Count];
        for (var i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + group.Signal(i - 1).SamplesPerFrame;
        var wanted = new List<WantedSignal>(group.Count);
        for (var channel = 0; channel < signals.Length; channel++)
        {
            var index = signals[channel] - group.First;
            if (index < 0 || index >= group.Count)
                continue;
            var spec = group.Signal(index);
            var slot = new FrameSlot(starts[index], spec.SamplesPerFrame, group.FrameSize);
            wanted.Add(new WantedSignal(spec, signals[channel], slot, output.Writer(channel, spec, header.Source)));
        }
        return wanted;
    }

    private async Task<OpenGroup> OpenAsync(WfdbHeader header, SignalGroup group, IReadOnlyList<WantedSignal> wanted, long frames)
    {
        var file = PathOf(group.Spec.FileName);
        var stream = await OpenSeekableAsync(group.Spec.FileName).ConfigureAwait(false);
        try
        {
            var flac = await FlacAsync(group, stream).ConfigureAwait(false);
            var available = FramesIn(group, stream, flac);
            if (available < frames)
                throw new EcgFormatException(file, $"byte {stream.Length}", $"the end of the file after {available} samples per signal",
                    $"{frames}, as {header.Source} says");
            return new OpenGroup(group, stream, flac, file, available, wanted);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The FLAC stream of a compressed file; null for any other.</summary>
    private async Task<FlacFile?> FlacAsync(SignalGroup group, Stream stream)
    {
        if (!group.Spec.Format.IsFlac())
            return null;
        var file = PathOf(group.Spec.FileName);
        var bytes = await WfdbFiles.ReadAllAsync(stream, file, MostBytes, isAsync, cancellationToken).ConfigureAwait(false);
        var flac = FlacFile.Open(bytes, file, group.Spec.Format);
        group.RequireFlac(record.Source, flac.Info.Channels);
        return flac;
    }

    private long FramesIn(SignalGroup group, Stream stream, FlacFile? flac)
    {
        if (flac is null)
            return group.FramesIn(PathOf(group.Spec.FileName), stream.Length);
        // Beyond the values that are wanted at most there is nothing to count.
        var samples = flac.CountSamples(Math.Min(long.MaxValue - group.Spec.ByteOffset, options.MaxValues) + group.Spec.ByteOffset);
        return Math.Max(0, samples - group.Spec.ByteOffset) / group.Spec.SamplesPerFrame;
    }

    private long MostBytes => Math.Min(options.MaxValues * sizeof(int), Array.MaxLength - 1);

    private async Task<Stream> OpenSeekableAsync(string name)
    {
        var stream = OpenNamed(name);
        if (stream.CanSeek)
            return stream;
        using (stream)
        {
            var bytes = await WfdbFiles.ReadAllAsync(stream, name, MostBytes, isAsync, cancellationToken).ConfigureAwait(false);
            return new MemoryStream(bytes.ToArray(), writable: false);
        }
    }

    private Stream OpenNamed(string name) =>
        WfdbFiles.Guard(PathOf(name), () => open(name))
        ?? throw new EcgFormatException(PathOf(name), null, "no such file", "a file of the recording");

    private string PathOf(string name) => string.IsNullOrEmpty(_folder) ? name : Path.Combine(_folder, name);
}
