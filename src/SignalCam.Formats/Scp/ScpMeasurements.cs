using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>Section 7: global measurements. EN 1064 5.10.</summary>
internal static class ScpMeasurements
{
    private const int BlockLength = 16;
    private const int SpikeLength = 10;

    /// <summary>Values from here on are not measurements: 19999 rejected, 29998 and 29999 not found or not computed.</summary>
    private const int FirstSpecial = 19999;

    public static List<EcgAnnotation> Read(ScpRecord record)
    {
        var annotations = new List<EcgAnnotation>();
        if (record.Section(7) is not { Length: >= 6 } section)
            return annotations;
        var (blocks, spikes) = (section.Byte(0), section.Byte(1));
        Add(annotations, "RR interval", section.UInt16(2), "ms");
        Add(annotations, "PP interval", section.UInt16(4), "ms");
        if (blocks > 0 && section.Length >= 6 + BlockLength)
            AddBlock(annotations, section, 6);
        AddRates(annotations, section, 6 + (BlockLength * blocks) + (SpikeLength * spikes));
        return annotations;
    }

    /// <summary>Onsets and ends are ms in the reference beat: durations say the same without it.</summary>
    private static void AddBlock(List<EcgAnnotation> annotations, ScpSection section, int at)
    {
        var (pOnset, pEnd, qrsOnset, qrsEnd, tEnd) =
            (section.UInt16(at), section.UInt16(at + 2), section.UInt16(at + 4), section.UInt16(at + 6), section.UInt16(at + 8));
        AddDuration(annotations, "P duration", pOnset, pEnd);
        AddDuration(annotations, "PR interval", pOnset, qrsOnset);
        AddDuration(annotations, "QRS duration", qrsOnset, qrsEnd);
        AddDuration(annotations, "QT interval", qrsOnset, tEnd);
        Add(annotations, "P axis", section.Int16(at + 10), "deg");
        Add(annotations, "QRS axis", section.Int16(at + 12), "deg");
        Add(annotations, "T axis", section.Int16(at + 14), "deg");
    }

    /// <summary>Behind the beats' types: ventricular rate, atrial rate, corrected QT.</summary>
    private static void AddRates(List<EcgAnnotation> annotations, ScpSection section, int at)
    {
        if (at + 2 > section.Length)
            return;
        at += 2 + section.UInt16(at);
        if (at + 6 > section.Length)
            return;
        if (section.UInt16(at) > 0)
            Add(annotations, "ventricular rate", section.UInt16(at), "/min");
        if (section.UInt16(at + 2) > 0)
            Add(annotations, "atrial rate", section.UInt16(at + 2), "/min");
        if (section.UInt16(at + 4) > 0)
            Add(annotations, "corrected QT interval", section.UInt16(at + 4), "ms");
    }

    private static void AddDuration(List<EcgAnnotation> annotations, string name, int from, int to)
    {
        if (from < FirstSpecial && to < FirstSpecial && to > from)
            Add(annotations, name, to - from, "ms");
    }

    private static void Add(List<EcgAnnotation> annotations, string name, int value, string unit)
    {
        if (value < FirstSpecial)
            annotations.Add(new EcgAnnotation(name) { Value = string.Create(CultureInfo.InvariantCulture, $"{value} {unit}") });
    }
}

/// <summary>Section 8: the text of the interpretation. EN 1064 5.11.</summary>
internal static class ScpStatements
{
    private const int HeaderLength = 9;

    public static IEnumerable<EcgAnnotation> Read(ScpRecord record)
    {
        if (record.Section(8) is not { Length: >= HeaderLength } section)
            yield break;
        var count = section.Byte(HeaderLength - 1);
        for (int i = 0, at = HeaderLength; i < count && at + 3 <= section.Length; i++)
        {
            var length = section.UInt16(at + 1);
            if (ScpTags.Decode(section.Slice(at + 3, length).Span) is { } text)
                yield return new EcgAnnotation(text);
            at += 3 + length;
        }
    }
}
