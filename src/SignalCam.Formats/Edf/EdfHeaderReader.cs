using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>Reads the header: fields of fixed width, padded with blanks.</summary>
internal static class EdfHeaderReader
{
    private const int FixedBytes = 256;
    private const int BytesPerSignal = 256;

    // What eight characters say without an exponent, and what products of rates and times stay computable with.
    private const decimal ShortestRecord = 0.000001m;
    private const decimal LongestRecord = 99_999_999;

    // Not blank: a unit that an option gives must not be taken for these values.
    private const string NoUnit = "digital values";

    // Widths of a signal's fields; all labels come first, then all transducers, and so on.
    private static readonly int[] Widths = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32];

    private enum Field
    {
        Label,
        Transducer,
        Dimension,
        PhysicalMinimum,
        PhysicalMaximum,
        DigitalMinimum,
        DigitalMaximum,
        Prefilter,
        Samples,
        Reserved,
    }

    public static bool IsBdf(ReadOnlySpan<byte> head) => head.Length > 0 && head[0] == 0xFF && head[1..].StartsWith("BIOSEMI"u8);

    public static bool IsEdf(ReadOnlySpan<byte> head) => head.Length >= FixedBytes && head.StartsWith("0       "u8)
        && IsNumber(Text(head, 184, 8)) && IsNumber(Text(head, 236, 8)) && IsNumber(Text(head, 252, 4));

    /// <param name="file">The file's name, for errors.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="options">Whether a cut-off file is read.</param>
    /// <param name="warnings">Gets what is odd.</param>
    public static EdfHeader Parse(string file, ReadOnlySpan<byte> bytes, EcgReadOptions options, List<string> warnings)
    {
        if (bytes.Length < FixedBytes)
            throw new EcgFormatException(file, null, $"{bytes.Length} bytes", $"a header of at least {FixedBytes}");
        var count = Integer(file, bytes, 252, 4, "number of signals");
        if (count < 1)
            throw new EcgFormatException(file, "byte 252", $"{count} signals", "at least one");
        var headerBytes = FixedBytes + (count * BytesPerSignal);
        var stated = Integer(file, bytes, 184, 8, "number of header bytes");
        if (stated != headerBytes || headerBytes > bytes.Length)
            throw new EcgFormatException(file, "byte 184", $"{stated} header bytes for {count} signals in a file of {bytes.Length} bytes",
                $"{headerBytes}");
        var signals = ParseSignals(file, bytes, count, warnings);
        var recordBytes = signals[^1].Offset + (2L * signals[^1].SamplesPerRecord);
        if (recordBytes > int.MaxValue)
            throw new EcgFormatException(file, null, $"records of {recordBytes} bytes", $"at most {int.MaxValue}");
        var seconds = Decimal(file, bytes, 244, 8, "duration of a record");
        if (seconds != 0 && (seconds < ShortestRecord || seconds > LongestRecord))
            throw new EcgFormatException(file, "byte 244", FormattableString.Invariant($"a record of {seconds} s"),
                $"{ShortestRecord} to {LongestRecord} s");
        return new EdfHeader
        {
            PatientField = Text(bytes, 8, 80),
            RecordingField = Text(bytes, 88, 80),
            StartDate = Text(bytes, 168, 8),
            StartTime = Text(bytes, 176, 8),
            HeaderBytes = headerBytes,
            Reserved = Text(bytes, 192, 44),
            RecordCount = Records(file, bytes.Length - headerBytes, (int)recordBytes, Integer(file, bytes, 236, 8, "number of records"),
                options, warnings),
            RecordSeconds = seconds,
            RecordSecondsLength = Text(bytes, 244, 8).Length,
            Signals = signals,
            RecordBytes = (int)recordBytes,
        };
    }

    /// <summary>Whole records. A count of -1 means that the writer did not get to state it.</summary>
    private static int Records(string file, int dataBytes, int recordBytes, int stated, EcgReadOptions options, List<string> warnings)
    {
        var whole = dataBytes / recordBytes;
        var rest = dataBytes % recordBytes;
        if (stated >= 0 && stated <= whole)
        {
            if (stated < whole || rest > 0)
                warnings.Add($"{dataBytes - ((long)stated * recordBytes)} bytes after the last record are not read");
            whole = stated;
        }
        else if (stated < 0 || options.Lenient)
        {
            if (stated >= 0)
                warnings.Add($"the header states {stated} records, the file has {whole}");
            if (rest > 0)
                warnings.Add($"the last record is incomplete ({rest} of {recordBytes} bytes) and not read");
        }
        else
            throw new EcgFormatException(file, null, $"{whole} whole records of {recordBytes} bytes",
                $"{stated}, as the header states: the file is cut off");
        return whole > 0 ? whole : throw new EcgFormatException(file, null, "no whole data record", "at least one");
    }

    private static EdfSignal[] ParseSignals(string file, ReadOnlySpan<byte> bytes, int count, List<string> warnings)
    {
        var signals = new EdfSignal[count];
        var offset = 0L;
        for (var s = 0; s < count; s++)
        {
            var samples = Integer(file, bytes, At(Field.Samples, s, count), 8, $"number of samples of signal {s}");
            if (samples < 1 || offset > int.MaxValue)
                throw new EcgFormatException(file, $"signal {s}", $"{samples} samples in a record", "at least one, and records below 2 GB");
            var signal = new EdfSignal
            {
                Label = TextOf(bytes, Field.Label, s, count),
                Transducer = TextOf(bytes, Field.Transducer, s, count),
                Dimension = TextOf(bytes, Field.Dimension, s, count),
                Prefilter = TextOf(bytes, Field.Prefilter, s, count),
                Scale = default,
                SamplesPerRecord = samples,
                Offset = (int)offset,
            };
            signals[s] = signal.IsAnnotations ? signal : WithScale(signal, ParseScale(file, bytes, s, count), warnings);
            offset += 2L * samples;
        }
        return signals;
    }

    /// <summary>The signal with its scale; without one it has digital values and no unit, which keeps the other signals readable.</summary>
    private static EdfSignal WithScale(EdfSignal signal, EdfScale? scale, List<string> warnings)
    {
        if (scale is not null)
            return signal with { Scale = scale.Value };
        warnings.Add($"the limits of {signal.Label} give no scale; its values have no unit");
        return signal with { Scale = EdfScale.None, Dimension = NoUnit };
    }

    /// <summary>The scale; null if its limits do not give one.</summary>
    private static EdfScale? ParseScale(string file, ReadOnlySpan<byte> bytes, int s, int count)
    {
        var scale = new EdfScale(
            (double)Decimal(file, bytes, At(Field.PhysicalMinimum, s, count), 8, $"physical minimum of signal {s}"),
            (double)Decimal(file, bytes, At(Field.PhysicalMaximum, s, count), 8, $"physical maximum of signal {s}"),
            Integer(file, bytes, At(Field.DigitalMinimum, s, count), 8, $"digital minimum of signal {s}"),
            Integer(file, bytes, At(Field.DigitalMaximum, s, count), 8, $"digital maximum of signal {s}"));
        // A physical minimum above the maximum is an inverted signal; equal ones would make all samples alike.
        return scale.DigitalMinimum < scale.DigitalMaximum && !scale.PhysicalMinimum.Equals(scale.PhysicalMaximum) ? scale : null;
    }

    private static int At(Field field, int signal, int count)
    {
        var before = 0;
        for (var f = 0; f < (int)field; f++)
            before += Widths[f];
        return FixedBytes + (before * count) + (Widths[(int)field] * signal);
    }

    private static string TextOf(ReadOnlySpan<byte> bytes, Field field, int signal, int count) =>
        Text(bytes, At(field, signal, count), Widths[(int)field]);

    /// <summary>Latin-1: the standard has ASCII, writers put micro signs there.</summary>
    private static string Text(ReadOnlySpan<byte> bytes, int offset, int length) =>
        Encoding.Latin1.GetString(bytes.Slice(offset, length)).Replace('\0', ' ').Trim();

    private static bool IsNumber(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static int Integer(string file, ReadOnlySpan<byte> bytes, int offset, int length, string what)
    {
        var number = Decimal(file, bytes, offset, length, what);
        return number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new EcgFormatException(file, $"byte {offset}", $"{number} as {what}", "a whole number");
    }

    private static decimal Decimal(string file, ReadOnlySpan<byte> bytes, int offset, int length, string what)
    {
        var text = Text(bytes, offset, length);
        // Some writers follow their country's decimal comma.
        return decimal.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new EcgFormatException(file, $"byte {offset}", $"'{text}' as {what}", "a number");
    }
}
