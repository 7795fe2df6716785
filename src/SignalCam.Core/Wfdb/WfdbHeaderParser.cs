using System.Globalization;
using System.Numerics;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Reads the text of a header line by line. Counts that a header claims are never used to reserve memory.</summary>
internal sealed class WfdbHeaderParser(string name)
{
    /// <summary>Keeps the product of a frequency and samples per frame finite.</summary>
    private const double MaxFrequency = 1e12;

    private readonly List<WfdbSignalSpec> _signals = [];
    private readonly List<WfdbSegmentSpec> _segments = [];
    private readonly List<string> _comments = [];
    private readonly List<string> _warnings = [];
    private int _line;
    private string? _storage;
    private int _segmentCount;

    /// <summary>A record name whose digits behind a slash look like a number of segments; the next line tells.</summary>
    private string? _numericName;
    private WfdbHeader? _record;

    public WfdbHeader Parse(ReadOnlySpan<char> text)
    {
        if (text is ['\uFEFF', ..])
            text = text[1..];
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            var line = (end < 0 ? text : text[..end]).Trim();
            text = end < 0 ? [] : text[(end + 1)..];
            _line++;
            if (line.IsEmpty)
                continue;
            if (line[0] == '#')
                ReadComment(line);
            else if (_record is null)
                _record = ReadRecordLine(new HeaderFields(line));
            else if (IsSegmentLine(line))
                ReadSegmentLine(new HeaderFields(line));
            else
                ReadSignalLine(line);
        }
        return Finish();
    }

    private WfdbHeader Finish()
    {
        if (_record is null)
            throw Error(null, "no record line", "the record's name and its number of signals");
        if (_segments.Count != _segmentCount)
            throw Error(null, $"{_segments.Count} segment lines", $"{_segmentCount}, as the record line says");
        if (_segmentCount == 0 && _signals.Count != _record.SignalCount)
            throw Error(null, $"{_signals.Count} signal lines", $"{_record.SignalCount}, as the record line says");
        return new WfdbHeader
        {
            RecordName = _numericName ?? _record.RecordName,
            SignalCount = _record.SignalCount,
            FrameRate = _record.FrameRate,
            CounterFrequency = _record.CounterFrequency,
            BaseCounter = _record.BaseCounter,
            SampleCount = _record.SampleCount,
            BaseTime = _record.BaseTime,
            BaseDate = _record.BaseDate,
            UtcOffset = _record.UtcOffset,
            Warnings = _warnings,
            Signals = _signals,
            Segments = _segments,
            Comments = _comments,
            Source = name,
        };
    }

    /// <summary>Only comments behind the last line that the record line announces are info strings.</summary>
    private void ReadComment(ReadOnlySpan<char> line)
    {
        if (_record is not null && (_segmentCount > 0 ? _segments.Count == _segmentCount : _signals.Count == _record.SignalCount))
            _comments.Add(line[1..].Trim().ToString());
    }

    private WfdbHeader ReadRecordLine(HeaderFields fields)
    {
        var recordName = ReadRecordName(fields.Next());
        var signalCount = Number(fields.Next(), 0, int.MaxValue, "a number of signals");

        double? counterFrequency = null;
        double? baseCounter = null;
        var frameRate = WfdbHeader.DefaultFrameRate;
        if (fields.TryNext(out var field))
            (frameRate, counterFrequency, baseCounter) = ReadFrequency(field);
        var start = fields.Rest;
        long? sampleCount = null;
        // A writer that left out the number of samples goes on with the time.
        if (fields.TryNext(out field) && !MayBeStart(field))
        {
            sampleCount = Number(field, 0L, long.MaxValue, "a number of samples");
            start = fields.Rest;
        }
        var (time, date, offset) = WfdbStart.Parse(start, out var isClear);
        if (!isClear)
            _warnings.Add($"line {_line}: '{Shorten(
                start)}' is no time and date such as 13:05:00.5 25/04/1989; what cannot be read of it is left out");
        return new WfdbHeader
        {
            RecordName = recordName,
            SignalCount = signalCount,
            FrameRate = frameRate,
            CounterFrequency = counterFrequency,
            BaseCounter = baseCounter,
            SampleCount = sampleCount is 0 ? null : sampleCount,
            BaseTime = time,
            BaseDate = date,
            UtcOffset = offset,
        };
    }

    /// <summary>Whether a field is a time or a date rather than a number of samples.</summary>
    private static bool MayBeStart(ReadOnlySpan<char> field)
    {
        if (field.IndexOfAny(':', '/') >= 0 || field.LastIndexOf('-') > 0)
            return true;
        foreach (var c in field)
            if (char.IsLetter(c))
                return true;
        return false;
    }

    /// <summary>name[/segments], or a name with a path before it, of which only the name counts.</summary>
    private string ReadRecordName(ReadOnlySpan<char> field)
    {
        var slash = field.LastIndexOf('/');
        var rest = field[(slash + 1)..];
        if (slash < 0 || !rest.ContainsAnyExceptInRange('0', '9'))
        {
            var recordName = slash < 0 ? field : field[..slash];
            if (slash >= 0)
            {
                _segmentCount = Number(rest, 1, int.MaxValue, "a number of segments");
                _numericName = rest.ToString();
            }
            return PlainName(recordName, "a record name").ToString();
        }
        return PlainName(field, "a record name").ToString();
    }

    /// <summary>
    /// A segment's line has two fields and a signal's mostly more: "mitdb/100" is a record in a folder if signals follow.
    /// </summary>
    private bool IsSegmentLine(ReadOnlySpan<char> line)
    {
        if (_numericName is null || _segments.Count > 0)
            return _segmentCount > 0;
        var fields = new HeaderFields(line);
        for (var i = 0; i < 2; i++)
            fields.TryNext(out _);
        if (!fields.Rest.IsEmpty)
            _segmentCount = 0;
        else
            _numericName = null;
        return _segmentCount > 0;
    }

    /// <summary>frequency[/counter-frequency[(base-counter)]]</summary>
    private (double FrameRate, double? CounterFrequency, double? BaseCounter) ReadFrequency(ReadOnlySpan<char> field)
    {
        var slash = field.IndexOf('/');
        var frameRate = PositiveNumber(slash < 0 ? field : field[..slash], "a sampling frequency above 0");
        if (slash < 0)
            return (frameRate, null, null);
        var counter = field[(slash + 1)..];
        double? origin = null;
        if (SplitParenthesis(ref counter, out var inner))
            origin = Real(inner, "a base counter value");
        return (frameRate, PositiveNumber(counter, "a counter frequency above 0"), origin);
    }

    private void ReadSegmentLine(HeaderFields fields)
    {
        if (_segments.Count == _segmentCount)
            throw ErrorHere(fields.Next(), $"the end, after {_segmentCount} segment lines");
        var segment = fields.Next();
        if (segment is not "~")
            segment = PlainName(segment, "a segment's record name or ~");
        var sampleCount = Number(fields.Next(), 0L, long.MaxValue, "a segment's number of samples");
        if (sampleCount == 0 && (_segments.Count > 0 || segment is "~"))
            throw ErrorHere("0", "at least 1 sample; only the first segment may have none, as the layout");
        if (fields.TryNext(out var more))
            throw ErrorHere(more, "the end of the segment line");
        _segments.Add(new WfdbSegmentSpec(segment.ToString(), sampleCount));
    }

    private void ReadSignalLine(ReadOnlySpan<char> line)
    {
        var fields = new HeaderFields(line);
        if (_signals.Count == _record!.SignalCount)
            throw ErrorHere(fields.Next(), $"the end, after {_record.SignalCount} signal lines");
        var last = _signals.Count > 0 ? _signals[^1] : null;
        WfdbSignalSpec signal;
        if (last is not null && _storage is not null && line.StartsWith(_storage))
        {
            // Mostly the signals of a file are all stored alike.
            signal = last;
            fields = new HeaderFields(line[_storage.Length..].TrimStart(" \t"));
        }
        else
        {
            signal = ReadStorage(ref fields, last);
            _storage = fields.Rest.IsEmpty ? null : line[..^fields.Rest.Length].ToString();
        }
        _signals.Add(signal with
        {
            AdcResolution = OptionalNumber(ref fields, 0, 64, "an ADC resolution in bits"),
            AdcZero = OptionalNumber(ref fields, int.MinValue, int.MaxValue, "an ADC zero"),
            InitialValue = OptionalNumber(ref fields, int.MinValue, int.MaxValue, "an initial value"),
            // Some writers store the checksum unsigned, or the sum as it is; what counts is its lowest 16 bits.
            Checksum = unchecked((short?)OptionalNumber(ref fields, int.MinValue, int.MaxValue, "a checksum")),
            BlockSize = OptionalNumber(ref fields, 0, int.MaxValue, "a block size"),
            Description = fields.Rest is { IsEmpty: false } description ? description.ToString() : null,
        });
    }

    /// <summary>File, format and gain.</summary>
    private WfdbSignalSpec ReadStorage(ref HeaderFields fields, WfdbSignalSpec? last)
    {
        var file = fields.Next();
        if (file is not "~")
            file = PlainName(file, "a file name in the header's own folder");
        var signal = ReadFormat(new WfdbSignalSpec { FileName = Reuse(file, last?.FileName), Format = WfdbFormat.Null }, fields.Next());
        return fields.TryNext(out var field) ? ReadGain(signal, field, last?.Units) : signal;
    }

    /// <summary>File name and unit are mostly those of the signal before: one string serves all.</summary>
    private static string Reuse(ReadOnlySpan<char> text, string? last) =>
        last is not null && text.SequenceEqual(last) ? last : text.ToString();

    /// <summary>format[xsamples-per-frame][:skew][+byte-offset]</summary>
    private WfdbSignalSpec ReadFormat(WfdbSignalSpec signal, ReadOnlySpan<char> field)
    {
        var rest = field;
        var offset = CutAt(ref rest, '+');
        var skew = CutAt(ref rest, ':');
        var samplesPerFrame = CutAt(ref rest, 'x');
        var format = (WfdbFormat)Number(rest, 0, int.MaxValue, $"a format: {WfdbFormats.Known}");
        if (!Enum.IsDefined(format))
            throw ErrorHere(rest, $"a format: {WfdbFormats.Known}");
        return signal with
        {
            Format = format,
            SamplesPerFrame = samplesPerFrame.IsEmpty ? 1 : Number(samplesPerFrame[1..], 1, SignalGroup.MaxFrameSize, "samples per frame"),
            Skew = skew.IsEmpty ? 0 : Number(skew[1..], 0, int.MaxValue, "a skew in frames"),
            ByteOffset = offset.IsEmpty ? 0 : Number(offset[1..], 0L, long.MaxValue, "a byte offset"),
        };
    }

    /// <summary>gain[(baseline)][/units]</summary>
    private WfdbSignalSpec ReadGain(WfdbSignalSpec signal, ReadOnlySpan<char> field, string? lastUnits)
    {
        var rest = field;
        var units = CutAt(ref rest, '/');
        double? baseline = null;
        if (SplitParenthesis(ref rest, out var inner))
            baseline = Real(inner, "a baseline");
        return signal with
        {
            Gain = Real(rest, "a gain in digital units per physical unit"),
            Baseline = baseline,
            Units = units.Length > 1 ? Reuse(units[1..], lastUnits) : null,
        };
    }

    private int? OptionalNumber(ref HeaderFields fields, int least, int most, string expected) =>
        fields.TryNext(out var field) ? Number(field, least, most, expected) : null;

    /// <summary>Cuts "number(inner)" into its two parts.</summary>
    private bool SplitParenthesis(ref ReadOnlySpan<char> field, out ReadOnlySpan<char> inner)
    {
        var open = field.IndexOf('(');
        inner = [];
        if (open < 0)
            return false;
        if (field[^1] != ')')
            throw ErrorHere(field, "a closing parenthesis");
        inner = field[(open + 1)..^1];
        field = field[..open];
        return true;
    }

    /// <summary>Cuts off what starts with the mark, the mark included; empty if there is none.</summary>
    private static ReadOnlySpan<char> CutAt(ref ReadOnlySpan<char> field, char mark)
    {
        var at = field.IndexOf(mark);
        if (at < 0)
            return [];
        var rest = field[at..];
        field = field[..at];
        return rest;
    }

    private T Number<T>(ReadOnlySpan<char> field, T least, T most, string expected)
        where T : struct, IBinaryInteger<T>
    {
        var digits = Digits(field);
        var value = T.CreateTruncating(digits ?? 0);
        var isNumber = digits is not null || T.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            || IsWhole(field, out value);
        return isNumber && value >= least && value <= most ? value : throw ErrorHere(field, expected);
    }

    /// <summary>A whole number with a decimal point, "0.0".</summary>
    private static bool IsWhole<T>(ReadOnlySpan<char> field, out T value)
        where T : struct, IBinaryInteger<T>
    {
        value = T.Zero;
        if (!double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var real)
            || Math.Abs(real) > 1L << 53 || real != Math.Floor(real))
            return false;
        value = T.CreateSaturating(real);
        return true;
    }

    /// <summary>
    /// A number of a few digits, as nearly all of a header are, in a fraction of the general way's time; null for any other text.
    /// </summary>
    private static int? Digits(ReadOnlySpan<char> field)
    {
        const int Most = 9;
        var digits = field.Length > 1 && field[0] == '-' ? field[1..] : field;
        if (digits.Length is 0 or > Most)
            return null;
        var value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return null;
            value = 10 * value + (c - '0');
        }
        return digits.Length < field.Length ? -value : value;
    }

    private double Real(ReadOnlySpan<char> field, string expected)
    {
        if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            throw ErrorHere(field, expected);
        return value;
    }

    private double PositiveNumber(ReadOnlySpan<char> field, string expected)
    {
        var value = Real(field, expected);
        return value is > 0 and <= MaxFrequency ? value : throw ErrorHere(field, expected);
    }

    /// <summary>
    /// A name that stays in the folder on every system: no drive, no parent, no device. Of a path only the name counts: the file is looked
    /// up beside the header, and nowhere else.
    /// </summary>
    private ReadOnlySpan<char> PlainName(ReadOnlySpan<char> found, string expected)
    {
        if (WfdbFiles.IsPlainName(found))
            return found;
        var plain = found[(found.LastIndexOfAny('/', '\\') + 1)..];
        if (plain.Length == found.Length || !WfdbFiles.IsPlainName(plain) || HasParent(found))
            throw ErrorHere(found, expected);
        if (_warnings.Count == 0 || !_warnings[^1].StartsWith(PathWarning, StringComparison.Ordinal))
            _warnings.Add($"{PathWarning}, such as '{Shorten(
                found)}' in line {_line}; the files are looked up beside the header by their plain names");
        return plain;
    }

    private const string PathWarning = "names with a path";

    private static bool HasParent(ReadOnlySpan<char> path)
    {
        foreach (var part in path.SplitAny('/', '\\'))
            if (path[part] is "..")
                return true;
        return false;
    }

    private EcgFormatException ErrorHere(ReadOnlySpan<char> found, string expected)
    {
        var shown = Shorten(found);
        return Error($"line {_line}", shown.Length == 0 ? "nothing" : $"'{shown}'", expected);
    }

    private static string Shorten(ReadOnlySpan<char> text)
    {
        const int Longest = 80;
        return text.Length > Longest ? $"{text[..Longest]}..." : text.ToString();
    }

    private EcgFormatException Error(string? position, string found, string expected) => new(name, position, found, expected);
}
