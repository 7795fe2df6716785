using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// The signals that share one file, frame by frame: each frame holds the samples of the first, then of the second, and so on.
/// </summary>
internal sealed class SignalGroup
{
    /// <summary>Samples of all signals in one frame, at most; real recordings stay below a few thousand.</summary>
    public const int MaxFrameSize = 1 << 16;

    private readonly IReadOnlyList<WfdbSignalSpec> _signals;

    private SignalGroup(IReadOnlyList<WfdbSignalSpec> signals, int first, int count, int frameSize)
    {
        _signals = signals;
        Spec = signals[first];
        First = first;
        Count = count;
        FrameSize = frameSize;
    }

    /// <summary>The first signal: its file, format and byte offset are the group's.</summary>
    public WfdbSignalSpec Spec { get; }

    /// <summary>Index of the first signal in the header.</summary>
    public int First { get; }

    /// <summary>Number of signals.</summary>
    public int Count { get; }

    /// <summary>Samples of one frame.</summary>
    public int FrameSize { get; }

    /// <summary>A signal of the group.</summary>
    public WfdbSignalSpec Signal(int index) => _signals[First + index];

    /// <summary>Groups the signals of a header by their files. Signals without samples belong to no group.</summary>
    public static List<SignalGroup> Of(WfdbHeader header)
    {
        var groups = new List<SignalGroup>(1);
        HashSet<string>? seen = null;
        for (var first = 0; first < header.Signals.Count;)
        {
            var spec = header.Signals[first];
            var end = first;
            var frameSize = 0;
            for (; end < header.Signals.Count && header.Signals[end].FileName == spec.FileName; end++)
            {
                RequireSameStorage(header, spec, end);
                frameSize += header.Signals[end].SamplesPerFrame;
                if (frameSize > MaxFrameSize)
                    throw new EcgFormatException(
                        header.Source, null, $"{frameSize} samples per frame in {spec.FileName}", $"at most {MaxFrameSize}");
            }
            if (spec.Format != WfdbFormat.Null)
            {
                // Mostly there is one file, which need not be told from others.
                if (groups.Count > 0)
                    seen ??= new HashSet<string>(StringComparer.Ordinal) { groups[0].Spec.FileName };
                if (seen?.Add(spec.FileName) == false)
                    throw new EcgFormatException(header.Source, null, $"signals of {spec.FileName} with another file's between them",
                        "the signals of a file in consecutive lines");
                groups.Add(new SignalGroup(header.Signals, first, end - first, frameSize));
            }
            first = end;
        }
        return groups;
    }

    /// <summary>Complete frames that the file's bytes hold.</summary>
    public long FramesIn(string source, long fileLength)
    {
        if (fileLength < Spec.ByteOffset)
            throw new EcgFormatException(source, $"byte {fileLength}", "the end of the file", $"samples from byte {Spec.ByteOffset} on");
        return Spec.Format.SamplesIn(fileLength - Spec.ByteOffset) / FrameSize;
    }

    /// <summary>A FLAC stream has a channel for each signal, all of the same rate.</summary>
    public void RequireFlac(string source, int channels)
    {
        if (channels != Count)
            throw new EcgFormatException(source, null, $"{Count} signals in {Spec.FileName}",
                $"{channels}, as the FLAC stream has channels");
        for (var i = 0; i < Count; i++)
            if (Signal(i).SamplesPerFrame != Spec.SamplesPerFrame)
                throw new EcgFormatException(source, null, $"{Spec.SamplesPerFrame} and {Signal(
                    i).SamplesPerFrame} samples per frame in {Spec.FileName}", "the same for all signals of a FLAC file");
    }

    private static void RequireSameStorage(WfdbHeader header, WfdbSignalSpec spec, int index)
    {
        var signal = header.Signals[index];
        if (signal.Format != spec.Format)
            throw new EcgFormatException(
                header.Source, null, $"formats {(int)spec.Format} and {(int)signal.Format} in {spec.FileName}", "one format per file");
        // The specification lets later signals of a file leave the offset out.
        if (signal.ByteOffset != spec.ByteOffset && signal.ByteOffset != 0)
            throw new EcgFormatException(header.Source, null,
                $"byte offsets {spec.ByteOffset} and {signal.ByteOffset} in {spec.FileName}", "one byte offset per file");
        if (signal.Format != WfdbFormat.Null && signal.FileName == "~")
            throw new EcgFormatException(header.Source, null, $"format {(int)signal.Format} for signal {index} without a file", "format 0");
    }
}
