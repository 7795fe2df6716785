using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>The header of a WFDB recording, every field of header(5) of the WFDB Applications Guide.</summary>
internal sealed class WfdbHeader
{
    /// <summary>Frames per second that are assumed where a header states none.</summary>
    public const double DefaultFrameRate = 250;

    /// <summary>The record's name as the header states it, without the path that some writers put before it.</summary>
    public required string RecordName { get; init; }

    /// <summary>Number of signals; each has a line in <see cref="Signals"/>, unless the recording has segments.</summary>
    public int SignalCount { get; init; }

    /// <summary>Frames per second; the samples per second of a signal are this times its samples per frame.</summary>
    public double FrameRate { get; init; } = DefaultFrameRate;

    /// <summary>Ticks per second of an external counter (such as a tape's); null where the header states none.</summary>
    public double? CounterFrequency { get; init; }

    /// <summary>The counter's value at sample 0; null where the header states none.</summary>
    public double? BaseCounter { get; init; }

    /// <summary>Frames of the recording; null where the header leaves it to the length of the files.</summary>
    public long? SampleCount { get; init; }

    /// <summary>Time of day of sample 0; null where the header states none.</summary>
    public TimeSpan? BaseTime { get; init; }

    /// <summary>Date of sample 0; null where the header states none.</summary>
    public DateOnly? BaseDate { get; init; }

    /// <summary>Offset of time and date from UTC; null where the header states none, as nearly all do.</summary>
    public TimeSpan? UtcOffset { get; init; }

    /// <summary>The signal lines; empty for a multi-segment recording, whose segments have headers of their own.</summary>
    public IReadOnlyList<WfdbSignalSpec> Signals { get; init; } = [];

    /// <summary>The segment lines; empty for an ordinary recording.</summary>
    public IReadOnlyList<WfdbSegmentSpec> Segments { get; init; } = [];

    /// <summary>The info strings: comment lines behind the last signal or segment line, without the leading # and outer blanks.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>
    /// What is odd about the header but did not keep it from being read, such as a date that cannot be parsed: one sentence each.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What the header is called in messages: its path, or the name that was given with the text.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether this is the header of a recording in several segments.</summary>
    public bool IsMultiSegment => Segments.Count > 0;

    /// <summary>Whether the first segment is a layout that names all signals, of which each later segment may have some.</summary>
    public bool HasLayoutSegment => Segments.Count > 0 && Segments[0].SampleCount == 0;

    /// <summary>Reads a header file.</summary>
    /// <param name="headerPath">The path of the .hea file.</param>
    /// <exception cref="EcgFormatException">The file cannot be read or breaks the specification; the message names the line.</exception>
    public static WfdbHeader Read(string headerPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(headerPath);
        return WfdbFiles.ReadHeader(headerPath);
    }

    /// <summary>Reads a header that somebody else opened, such as an upload.</summary>
    /// <param name="stream">The text of a .hea file, from where the stream stands to its end; stays open.</param>
    /// <param name="name">What the header is called in messages.</param>
    /// <exception cref="EcgFormatException">
    /// The stream cannot be read, is longer than 1 MiB or breaks the specification; the message names the line.
    /// </exception>
    public static WfdbHeader Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return WfdbFiles.ReadHeaderAsync(stream, name, isAsync: false, default).GetAwaiter().GetResult();
    }

    /// <summary>Parses the text of a header.</summary>
    /// <param name="text">The text of a .hea file.</param>
    /// <param name="name">What the header is called in messages.</param>
    /// <exception cref="EcgFormatException">The text breaks the specification; the message names the line.</exception>
    public static WfdbHeader Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        return new WfdbHeaderParser(name).Parse(text);
    }

    /// <summary>The header as the text of a .hea file.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(RecordName);
        if (IsMultiSegment)
            text.Append(CultureInfo.InvariantCulture, $"/{Segments.Count}");
        text.Append(CultureInfo.InvariantCulture, $" {SignalCount} {FrameRate}");
        if (CounterFrequency is { } counter)
            text.Append(CultureInfo.InvariantCulture, $"/{counter}");
        else if (BaseCounter is not null)
            text.Append(CultureInfo.InvariantCulture, $"/{FrameRate}");
        if (BaseCounter is { } origin)
            text.Append(CultureInfo.InvariantCulture, $"({origin})");
        AppendRecordTail(text);
        foreach (var segment in Segments)
            text.Append(CultureInfo.InvariantCulture, $"{segment.Name} {segment.SampleCount}\n");
        foreach (var signal in Signals)
            AppendSignal(text, signal);
        foreach (var comment in Comments)
            text.Append(CultureInfo.InvariantCulture, $"# {comment}\n");
        return text.ToString();
    }

    /// <summary>Each field may be left out only together with all that follow it.</summary>
    private void AppendRecordTail(StringBuilder text)
    {
        if (SampleCount is not null || BaseTime is not null || BaseDate is not null)
            text.Append(CultureInfo.InvariantCulture, $" {SampleCount ?? 0}");
        if (BaseTime is not null || BaseDate is not null)
            text.Append(' ')
                .Append((BaseTime ?? TimeSpan.Zero).ToString(@"hh\:mm\:ss\.FFFFFFF", CultureInfo.InvariantCulture).TrimEnd('.'));
        if (BaseDate is { } date)
            text.Append(CultureInfo.InvariantCulture, $" {date:dd\\/MM\\/yyyy}");
        text.Append('\n');
    }

    private static void AppendSignal(StringBuilder text, WfdbSignalSpec signal)
    {
        text.Append(CultureInfo.InvariantCulture, $"{signal.FileName} {(int)signal.Format}");
        if (signal.SamplesPerFrame != 1)
            text.Append(CultureInfo.InvariantCulture, $"x{signal.SamplesPerFrame}");
        if (signal.Skew != 0)
            text.Append(CultureInfo.InvariantCulture, $":{signal.Skew}");
        if (signal.ByteOffset != 0)
            text.Append(CultureInfo.InvariantCulture, $"+{signal.ByteOffset}");

        text.Append(CultureInfo.InvariantCulture, $" {signal.Gain ?? 0}");
        if (signal.Baseline is { } baseline)
            text.Append(CultureInfo.InvariantCulture, $"({baseline})");
        if (signal.Units is { } units)
            text.Append('/').Append(units);

        int?[] rest = [signal.AdcResolution, signal.AdcZero, signal.InitialValue, signal.Checksum, signal.BlockSize];
        var count = signal.Description is null ? Array.FindLastIndex(rest, field => field is not null) + 1 : rest.Length;
        foreach (var field in rest.AsSpan(0, count))
            text.Append(CultureInfo.InvariantCulture, $" {field ?? 0}");
        if (signal.Description is { } description)
            text.Append(' ').Append(description);
        text.Append('\n');
    }
}
