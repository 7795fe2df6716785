using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Channels;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Muse;

/// <summary>Reads a Waveform element with its leads.</summary>
internal static class MuseWaveformReader
{
    private const int BytesPerSample = 2;

    /// <param name="xml">At the element Waveform; ends at its end.</param>
    /// <param name="options">Whether a wrong CRC is an error.</param>
    /// <param name="warnings">Gets what is odd.</param>
    public static MuseWaveform Read(XmlCursor xml, EcgReadOptions options, List<string> warnings)
    {
        var waveform = new MuseWaveform();
        foreach (var name in xml.Children())
            switch (name)
            {
                case "WaveformType":
                    waveform.Type = xml.Text();
                    break;
                case "SampleBase":
                    waveform.SampleBase = Number(xml, name);
                    break;
                case "SampleExponent":
                    waveform.SampleExponent = Number(xml, name) is { } exponent and >= -6 and <= 6 && double.IsInteger(exponent)
                        ? (int)exponent
                        : throw xml.Error("SampleExponent that is no small whole number", "0, or -6 to 6");
                    break;
                case "SampleType":
                    if (xml.Text() is { } type and not "CONTINUOUS_SAMPLES")
                        throw xml.Error($"SampleType {type}", "CONTINUOUS_SAMPLES");
                    break;
                case "HighPassFilter" when xml.Text() is { } text:
                    waveform.Filters[FieldNames.HighPass] = HighPass(text);
                    break;
                case "LowPassFilter" when xml.Text() is { } text:
                    waveform.Filters[FieldNames.LowPass] = text;
                    break;
                case "ACFilter" when xml.Text() is { } text:
                    waveform.Filters[FieldNames.Notch] = text == "NONE" ? "off" : text;
                    break;
                case "LeadData":
                    waveform.Leads.Add(ReadLead(xml, waveform, options, warnings));
                    break;
            }
        return waveform;
    }

    private static MuseLead ReadLead(XmlCursor xml, MuseWaveform waveform, EcgReadOptions options, List<string> warnings)
    {
        var fields = new Dictionary<string, string>();
        byte[]? bytes = null;
        var position = xml.Position;
        foreach (var name in xml.Children())
            if (name == "WaveFormData")
                bytes = xml.Base64();
            else if (xml.Text() is { } text)
                fields.TryAdd(name, text);
        var id = fields.GetValueOrDefault("LeadID")
            ?? throw new EcgFormatException(xml.File, position, "LeadData without LeadID", "the lead's name");
        var where = $"{position}, {waveform.Type} lead {id}";
        if (bytes is null)
            throw new EcgFormatException(xml.File, where, "no WaveFormData", "the samples");
        CheckLength(xml.File, where, fields, bytes);
        CheckCrc(xml.File, where, fields, bytes, options, warnings);
        foreach (var field in (string[])["LeadTimeOffset", "LeadOffsetFirstSample", "FirstSampleBaseline"])
            if (fields.TryGetValue(field, out var text)
                && !(double.TryParse(text, CultureInfo.InvariantCulture, out var offset) && offset == 0))
                warnings.Add($"{waveform.Type} lead {id} states {field} {text}, which is not applied");
        if (fields.TryGetValue("LeadOff", out var off) && off.Equals("TRUE", StringComparison.OrdinalIgnoreCase))
            warnings.Add($"{waveform.Type} lead {id} is marked as off");

        var unit = fields.GetValueOrDefault("LeadAmplitudeUnits");
        var millivolt = VoltageUnit.Millivolts(unit)
            ?? throw new EcgFormatException(xml.File, where, $"LeadAmplitudeUnits '{unit}'", "MICROVOLTS or another unit of voltage");
        var perBit = fields.GetValueOrDefault("LeadAmplitudeUnitsPerBit");
        if (!double.TryParse(perBit, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) || !double.IsFinite(scale)
            || scale == 0)
            throw new EcgFormatException(xml.File, where, $"LeadAmplitudeUnitsPerBit '{perBit}'", "a number");
        return new MuseLead(id, unit!, scale * millivolt, bytes);
    }

    private static void CheckLength(string file, string where, Dictionary<string, string> fields, byte[] bytes)
    {
        if (fields.TryGetValue("LeadSampleSize", out var size) && size != "2")
            throw new EcgFormatException(file, where, $"LeadSampleSize {size}", "2 bytes a sample");
        if (bytes.Length % BytesPerSample != 0)
            throw new EcgFormatException(file, where, $"{bytes.Length} bytes of samples", "an even number");
        var samples = (bytes.Length / BytesPerSample).ToString(CultureInfo.InvariantCulture);
        if (fields.TryGetValue("LeadSampleCountTotal", out var count) && count != samples)
            throw new EcgFormatException(file, where, $"{samples} samples", $"{count} (LeadSampleCountTotal)");
    }

    private static void CheckCrc(
        string file, string where, Dictionary<string, string> fields, byte[] bytes, EcgReadOptions options, List<string> warnings)
    {
        if (!fields.TryGetValue("LeadDataCRC32", out var text))
            return;
        var crc = Crc32.Of(bytes);
        // Some writers print the 32 bits as a signed number.
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var stated) && unchecked((uint)stated) == crc
            && stated is >= int.MinValue and <= uint.MaxValue)
            return;
        if (!options.Lenient)
            throw new EcgFormatException(file, where, $"samples with CRC-32 {crc}", $"{text} (LeadDataCRC32)");
        warnings.Add($"{where}: the samples have CRC-32 {crc}, LeadDataCRC32 is {text}");
    }

    /// <summary>The high pass is stated in hundredths of a hertz.</summary>
    private static string HighPass(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var hundredths)
        ? FormattableString.Invariant($"{hundredths / 100m:0.##}")
        : text;

    private static double Number(XmlCursor xml, string name)
    {
        var text = xml.Text();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw xml.Error($"{name} '{text}'", "a number");
    }
}
