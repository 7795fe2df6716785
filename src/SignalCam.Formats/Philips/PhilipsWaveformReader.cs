using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Philips;

/// <summary>Reads the element waveforms: parsedwaveforms with the rhythm and repbeats with the representative beat.</summary>
internal static class PhilipsWaveformReader
{
    /// <param name="xml">At the element waveforms; ends at its end.</param>
    /// <param name="document">Gets what it says.</param>
    public static void Read(XmlCursor xml, PhilipsDocument document)
    {
        foreach (var name in xml.Children())
            switch (name)
            {
                case "parsedwaveforms":
                    document.Waveforms = ReadWaveforms(xml, document);
                    break;
                case "repbeats":
                    ReadBeats(xml, document);
                    break;
            }
    }

    private static PhilipsWaveforms ReadWaveforms(XmlCursor xml, PhilipsDocument document)
    {
        RequireBase64(xml);
        var position = xml.Position;
        if (xml.Attribute("samplespersecond") is { } rate)
            document.SamplingRate = PhilipsNumbers.Positive(xml, "samplespersecond", rate);
        if (xml.Attribute("resolution") is { } resolution)
            document.Resolution = PhilipsNumbers.Positive(xml, "resolution", resolution);
        if ((xml.Attribute("bitspersample") ?? xml.Attribute("nbitspersample")) is { } bits and not "16")
            throw xml.Error($"{bits} bits a sample", "16");
        if (xml.Attribute("signaloffset") is { } offset and not "0")
            throw xml.Error($"signaloffset {offset}", "0: the meaning of another one is not documented");
        var labels = xml.Attribute("leadlabels")?.Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        double? duration = xml.Attribute("durationperchannel") is { } text
            ? PhilipsNumbers.Positive(xml, "durationperchannel", text) : null;
        // 1.03 says compressflag and compressmethod, 1.04 says compression.
        var method = xml.Attribute("compression") ?? (IsTrue(xml.Attribute("compressflag")) ? xml.Attribute("compressmethod") : null);
        return new PhilipsWaveforms(position, labels, duration, string.Equals(method, "XLI", StringComparison.OrdinalIgnoreCase), method,
            xml.Base64());
    }

    private static void ReadBeats(XmlCursor xml, PhilipsDocument document)
    {
        RequireBase64(xml);
        if (xml.Attribute("samplespersec") is not { } rateText || xml.Attribute("resolution") is not { } resolutionText)
        {
            document.Warnings.Add("the representative beat states no rate or no resolution and is left out");
            return;
        }
        var rate = PhilipsNumbers.Positive(xml, "samplespersec", rateText);
        var resolution = PhilipsNumbers.Positive(xml, "resolution", resolutionText);
        foreach (var name in xml.Children())
        {
            if (name != "repbeat")
                continue;
            var lead = xml.Attribute("leadname") ?? throw xml.Error("a repbeat without leadname", "the lead's name");
            foreach (var inner in xml.Children())
                if (inner == "waveform")
                    document.Beats.Add(new PhilipsBeat(lead, rate, resolution, xml.Base64()));
        }
    }

    private static void RequireBase64(XmlCursor xml)
    {
        if (xml.Attribute("dataencoding") is { } encoding && !encoding.Equals("Base64", StringComparison.OrdinalIgnoreCase))
            throw xml.Error($"dataencoding {encoding}", "Base64");
    }

    private static bool IsTrue(string? text) => string.Equals(text, "True", StringComparison.OrdinalIgnoreCase);
}
