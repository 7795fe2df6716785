using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>Time-stamped annotation lists (TAL) of EDF+: onsets of the records and annotations.</summary>
/// <param name="RecordOnsets">Seconds of each record's beginning after the header's start; empty if the recording is continuous.</param>
/// <param name="FirstOnset">Seconds from the header's start to the first sample.</param>
/// <param name="Annotations">Texts with seconds from the first sample.</param>
internal sealed record EdfAnnotations(IReadOnlyList<decimal> RecordOnsets, decimal FirstOnset, IReadOnlyList<EcgAnnotation> Annotations)
{
    private const byte TextMark = 0x14;
    private const byte DurationMark = 0x15;

    // Beyond what a clock of days can say; keeps differences within the range of decimals.
    private const decimal LargestTime = 1e9m;

    /// <param name="file">The file's name, for errors.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="warnings">Gets how many lists cannot be read.</param>
    /// <exception cref="EcgFormatException">A record of a discontinuous file has no onset.</exception>
    public static EdfAnnotations Parse(string file, ReadOnlySpan<byte> bytes, EdfHeader header, List<string> warnings)
    {
        List<Tal> tals = [];
        var signals = header.Signals.Where(s => s.IsAnnotations).ToArray();
        var onsets = new decimal?[signals.Length == 0 ? 0 : header.RecordCount];
        var bad = 0;
        for (var record = 0; record < onsets.Length; record++)
            for (var s = 0; s < signals.Length; s++)
            {
                var list = bytes.Slice(header.HeaderBytes + (record * header.RecordBytes) + signals[s].Offset,
                    2 * signals[s].SamplesPerRecord);
                bad += ParseLists(list, tals, out var first);
                if (s == 0)
                    onsets[record] = first;
            }
        if (bad > 0)
            warnings.Add($"{bad} annotations cannot be read");
        var start = onsets.Length > 0 ? onsets[0] ?? 0 : 0;
        return new EdfAnnotations(header.IsDiscontinuous ? Required(file, onsets) : [], start,
            [.. tals.SelectMany(t => t.Texts, (t, text) => Annotation(t, text, start))]);
    }

    /// <summary>A text that ends in "@@" and a label belongs to that signal.</summary>
    private static EcgAnnotation Annotation(Tal tal, string text, decimal start)
    {
        var at = text.LastIndexOf("@@", StringComparison.Ordinal);
        var label = at > 0 ? text[(at + 2)..].Trim() : "";
        return new EcgAnnotation(label.Length > 0 ? text[..at] : text, (double)(tal.Onset - start))
        {
            Duration = (double?)tal.Duration,
            Lead = label.Length > 0 ? EdfLabels.Lead(label) ?? label : null,
        };
    }

    private static decimal[] Required(string file, decimal?[] onsets)
    {
        if (onsets.Length == 0)
            throw new EcgFormatException(file, null, "EDF+D without an annotation signal", "the onsets of its records");
        var missing = Array.FindIndex(onsets, o => o is null);
        return missing < 0
            ? [.. onsets.Select(o => o!.Value)]
            : throw new EcgFormatException(file, $"record {missing}", "no onset", "an annotation list that begins with the record's onset");
    }

    private static int ParseLists(ReadOnlySpan<byte> list, List<Tal> tals, out decimal? firstOnset)
    {
        firstOnset = null;
        var bad = 0;
        for (var index = 0; !list.IsEmpty; index++)
        {
            var end = list.IndexOf((byte)0);
            var tal = end < 0 ? list : list[..end];
            list = end < 0 ? [] : list[(end + 1)..];
            if (tal.IsEmpty)
            {
                // Behind the lists a record is filled with zeros.
                list = list.TrimStart((byte)0);
                continue;
            }
            if (ParseOne(tal) is not { } parsed)
            {
                bad++;
                continue;
            }
            if (index == 0)
                firstOnset = parsed.Onset;
            if (parsed.Texts.Count > 0)
                tals.Add(parsed);
        }
        return bad;
    }

    /// <summary>Onset [0x15 duration] 0x14 text 0x14 text 0x14 ...</summary>
    private static Tal? ParseOne(ReadOnlySpan<byte> tal)
    {
        var mark = tal.IndexOf(TextMark);
        if (mark < 0 || tal[0] is not ((byte)'+' or (byte)'-'))
            return null;
        var time = tal[..mark];
        var split = time.IndexOf(DurationMark);
        if (Number(split < 0 ? time : time[..split]) is not { } onset)
            return null;
        var duration = split < 0 || split == time.Length - 1 ? null : Number(time[(split + 1)..]);
        List<string> texts = [];
        for (tal = tal[(mark + 1)..]; !tal.IsEmpty;)
        {
            mark = tal.IndexOf(TextMark);
            var text = mark < 0 ? tal : tal[..mark];
            tal = mark < 0 ? [] : tal[(mark + 1)..];
            if (!text.IsEmpty)
                texts.Add(Encoding.UTF8.GetString(text));
        }
        return new Tal(onset, duration, texts);
    }

    private static decimal? Number(ReadOnlySpan<byte> text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && Math.Abs(number) <= LargestTime
            ? number
            : null;

    private readonly record struct Tal(decimal Onset, decimal? Duration, List<string> Texts);
}
