using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// The segments of a multi-segment recording. With a fixed layout every segment has the same signals in the same order;
/// with a variable one the first segment is a layout that names all signals, and the others have some of them, matched by description.
/// </summary>
internal sealed class SegmentedRecord(WfdbHeader header, SignalFiles files)
{
    private readonly Dictionary<string, WfdbHeader> _headers = new(StringComparer.Ordinal);

    /// <summary>The signals of the recording: those of the layout, else those of the first segment that is no gap.</summary>
    public async Task<IReadOnlyList<WfdbSignalSpec>> SignalsAsync()
    {
        var first = header.Segments.FirstOrDefault(s => !s.IsGap)
            ?? throw new EcgFormatException(header.Source, null, "nothing but gaps", "at least one segment with signals");
        var signals = (await HeaderAsync(first).ConfigureAwait(false)).Signals;
        if (signals.Count != header.SignalCount)
            throw new EcgFormatException(
                header.Source, null, $"{header.SignalCount} signals", $"{signals.Count}, as segment {first.Name} has");
        return signals;
    }

    /// <summary>Frames of all segments together, which the record line must agree with.</summary>
    public long Frames()
    {
        var sum = header.Segments.Aggregate((Int128)0, (total, segment) => total + segment.SampleCount);
        if (sum > long.MaxValue || (header.SampleCount is { } stated && stated != sum))
            throw new EcgFormatException(header.Source, null, $"segments of {sum} samples in all",
                $"{header.SampleCount ?? long.MaxValue}, as the record line says");
        return (long)sum;
    }

    /// <summary>The header of a segment, checked against the recording's.</summary>
    public async Task<WfdbHeader> HeaderAsync(WfdbSegmentSpec segment)
    {
        if (!_headers.TryGetValue(segment.Name, out var part))
        {
            part = await files.HeaderAsync(segment.Name).ConfigureAwait(false);
            _headers.Add(segment.Name, part);
        }
        if (part.IsMultiSegment)
            throw new EcgFormatException(part.Source, null, "segments within a segment", "signals");
        if (part.FrameRate != header.FrameRate)
            throw Mismatch(part, FormattableString.Invariant($"{part.FrameRate} Hz"),
                FormattableString.Invariant($"{header.FrameRate} Hz"));
        if (segment.SampleCount > 0 && part.SampleCount is { } count && count != segment.SampleCount)
            throw Mismatch(part, $"{count} samples", $"{segment.SampleCount}");
        return part;
    }

    /// <summary>For each signal of the recording its index in a segment, or -1 where the segment does not have it.</summary>
    public int[] Map(WfdbHeader part, IReadOnlyList<WfdbSignalSpec> signals)
    {
        var map = new int[signals.Count];
        if (!header.HasLayoutSegment)
        {
            if (part.Signals.Count != signals.Count)
                throw Mismatch(part, $"{part.Signals.Count} signals", $"{signals.Count}");
            for (var i = 0; i < map.Length; i++)
                map[i] = i;
        }
        else
        {
            Array.Fill(map, -1);
            for (var i = 0; i < part.Signals.Count; i++)
                map[FindFree(part, part.Signals[i], signals, map)] = i;
        }
        for (var i = 0; i < map.Length; i++)
            if (map[i] >= 0 && part.Signals[map[i]].SamplesPerFrame != signals[i].SamplesPerFrame)
                throw Mismatch(part, $"{part.Signals[map[i]].SamplesPerFrame} samples per frame of signal {map[i]}",
                    $"{signals[i].SamplesPerFrame}");
        return map;
    }

    private int FindFree(WfdbHeader part, WfdbSignalSpec signal, IReadOnlyList<WfdbSignalSpec> signals, int[] map)
    {
        for (var i = 0; i < map.Length; i++)
            if (map[i] < 0 && signals[i].Description == signal.Description)
                return i;
        throw Mismatch(part, $"signal '{signal.Description}'", "a signal of the layout");
    }

    private EcgFormatException Mismatch(WfdbHeader part, string found, string expected) =>
        new(part.Source, null, found, $"{expected}, as {header.Source} says");
}
