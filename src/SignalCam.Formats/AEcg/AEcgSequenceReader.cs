using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Channels;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>Reads sequence sets: a time axis (GLIST_TS, GLIST_PQ) and the leads (SLIST_PQ).</summary>
internal static class AEcgSequenceReader
{
    /// <param name="xml">At the element sequenceSet; ends at its end.</param>
    public static AEcgSequenceSet Read(XmlCursor xml)
    {
        var set = new AEcgSequenceSet();
        foreach (var component in xml.Children())
        {
            if (component != "component")
                continue;
            foreach (var name in xml.Children())
                if (name == "sequence")
                    ReadSequence(xml, set);
        }
        return set;
    }

    private static void ReadSequence(XmlCursor xml, AEcgSequenceSet set)
    {
        string? code = null;
        foreach (var name in xml.Children())
            switch (name)
            {
                case "code":
                    code = xml.Attribute("code");
                    break;
                case "value":
                    ReadValue(xml, set, code ?? throw xml.Error("a sequence without a code", "the code of a lead or of the time"));
                    break;
            }
    }

    private static void ReadValue(XmlCursor xml, AEcgSequenceSet set, string code)
    {
        var type = xml.Type;
        if (code is "TIME_ABSOLUTE" or "TIME_RELATIVE")
        {
            if (type is not (null or "GLIST_TS" or "GLIST_PQ"))
                throw xml.Error($"a time axis of type {type}", "GLIST_TS or GLIST_PQ: evenly spaced samples");
            var axis = ReadTime(xml, code == "TIME_ABSOLUTE");
            if (set.Time is not null)
                throw xml.Error("a second time axis in a sequence set", "one");
            set.Time = axis;
            return;
        }
        if (type is not (null or "SLIST_PQ" or "SLIST_INT" or "SLIST_REAL"))
            throw xml.Error($"{code} of type {type}", "SLIST_PQ: a list of digits with scale and origin");
        set.Leads.Add(ReadDigits(xml, code));
    }

    private static AEcgTimeAxis ReadTime(XmlCursor xml, bool absolute)
    {
        string? head = null, headUnit = null;
        double? increment = null;
        foreach (var name in xml.Children())
            switch (name)
            {
                case "head":
                    (head, headUnit) = (xml.Attribute("value"), xml.Attribute("unit"));
                    break;
                case "increment":
                    var (value, unit) = (xml.Attribute("value"), xml.Attribute("unit"));
                    increment = AEcgTime.Seconds(value, unit) is { } seconds and > 0
                        ? seconds
                        : throw xml.Error($"an increment of '{value}' {unit}", "a positive number of seconds");
                    break;
            }
        return new AEcgTimeAxis(absolute, head, headUnit, increment
            ?? throw xml.Error("a time axis without increment", "the time from sample to sample"));
    }

    private static AEcgSequence ReadDigits(XmlCursor xml, string code)
    {
        Quantity origin = new(0, null), scale = new(1, null);
        float[]? samples = null;
        string? unit = null;
        foreach (var name in xml.Children())
            switch (name)
            {
                case "origin":
                    origin = ReadQuantity(xml, "origin");
                    break;
                case "scale":
                    scale = ReadQuantity(xml, "scale");
                    break;
                case "digits":
                    unit = scale.Unit ?? origin.Unit;
                    samples = VoltageUnit.Millivolts(unit) is { } millivolt
                        ? AEcgDigits.Read(xml, scale.Value * millivolt, origin.Value * OriginMillivolts(xml, origin, millivolt))
                        : AEcgDigits.Read(xml, scale.Value, origin.Value);
                    break;
            }
        return new AEcgSequence(code, unit, samples ?? throw xml.Error($"{code} without digits", "the samples"));
    }

    private static double OriginMillivolts(XmlCursor xml, Quantity origin, double scale) => origin.Unit is null || origin.Value == 0
        ? scale
        : VoltageUnit.Millivolts(origin.Unit)
            ?? throw xml.Error($"an origin in '{origin.Unit}' with a scale in volts", "the same kind of unit");

    private static Quantity ReadQuantity(XmlCursor xml, string what)
    {
        var text = xml.Attribute("value");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new Quantity(value, xml.Attribute("unit"))
            : throw xml.Error($"'{text}' as {what}", "a number");
    }

    private readonly record struct Quantity(double Value, string? Unit);
}
