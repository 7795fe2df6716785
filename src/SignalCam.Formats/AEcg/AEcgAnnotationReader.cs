using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>
/// Reads annotation sets: statements, waves with their place in time, and measured values. An annotation may hold others.
/// </summary>
internal static class AEcgAnnotationReader
{
    // More than any recorder has; keeps a file from multiplying its annotations.
    private const int MostLeads = 32;

    /// <param name="xml">At the element subjectOf of a series; ends at its end.</param>
    /// <param name="series">Gets the annotations.</param>
    public static void Read(XmlCursor xml, AEcgSeries series)
    {
        foreach (var name in xml.Children())
            if (name == "annotationSet")
                ReadComponents(xml, series.Annotations, []);
    }

    private static void ReadComponents(XmlCursor xml, List<AEcgAnnotation> annotations, IReadOnlyList<string> leads)
    {
        foreach (var component in xml.Children())
            if (component == "component")
                ReadNested(xml, annotations, leads);
    }

    private static void ReadNested(XmlCursor xml, List<AEcgAnnotation> annotations, IReadOnlyList<string> leads)
    {
        foreach (var name in xml.Children())
            if (name == "annotation")
                ReadAnnotation(xml, annotations, leads);
    }

    private static void ReadAnnotation(XmlCursor xml, List<AEcgAnnotation> annotations, IReadOnlyList<string> outerLeads)
    {
        var place = annotations.Count;
        var region = new Region();
        string? code = null, text = null, value = null;
        foreach (var name in xml.Children())
            switch (name)
            {
                case "code":
                    code = xml.Attribute("displayName") ?? (xml.Attribute("code") is { } stated ? AEcgNames.Measurement(stated) : null);
                    break;
                case "value":
                    (text, value) = ReadValue(xml, code);
                    break;
                case "support":
                    ReadSupport(xml, region);
                    break;
                case "component":
                    ReadNested(xml, annotations, region.Leads.Count > 0 ? region.Leads : outerLeads);
                    break;
            }
        if ((text ?? code) is not { } shown || (text is null && value is null && region.Low is null && region.High is null))
            return;
        // In front of the annotations inside it.
        var leads = region.Leads.Count > 0 ? region.Leads : outerLeads;
        if (leads.Count == 0)
            annotations.Insert(place, new AEcgAnnotation(shown, value, region.Low, region.High, null));
        for (var i = 0; i < leads.Count; i++)
            annotations.Insert(place + i, new AEcgAnnotation(shown, value, region.Low, region.High, leads[i]));
    }

    private static (string? Text, string? Value) ReadValue(XmlCursor xml, string? code)
    {
        if (xml.Attribute("value") is { } number)
            return (null, xml.Attribute("unit") is { } unit ? $"{number} {unit}" : number);
        if ((xml.Attribute("displayName") ?? xml.Attribute("code")) is { } coded)
            return (coded, null);
        var text = xml.DeepText();
        return code is not null && !code.Contains("INTERPRETATION", StringComparison.OrdinalIgnoreCase) ? (null, text) : (text, null);
    }

    private static void ReadSupport(XmlCursor xml, Region region)
    {
        foreach (var name in xml.Children())
            switch (name)
            {
                case "supportingROI" or "component":
                    ReadSupport(xml, region);
                    break;
                case "boundary":
                    ReadBoundary(xml, region);
                    break;
            }
    }

    private static void ReadBoundary(XmlCursor xml, Region region)
    {
        string? code = null;
        foreach (var name in xml.Children())
            switch (name)
            {
                case "code":
                    code = xml.Attribute("code");
                    if (code is not null && AEcgNames.IsLead(code) && region.Leads.Count < MostLeads)
                        region.Leads.Add(AEcgNames.Lead(code));
                    break;
                case "value" when code is "TIME_ABSOLUTE" or "TIME_RELATIVE":
                    ReadInterval(xml, region, code == "TIME_ABSOLUTE");
                    break;
            }
    }

    private static void ReadInterval(XmlCursor xml, Region region, bool absolute)
    {
        if (xml.Attribute("value") is { } point)
            region.Low = new AEcgMoment(point, xml.Attribute("unit"), absolute);
        foreach (var name in xml.Children())
        {
            if (xml.Attribute("value") is not { } value)
                continue;
            var moment = new AEcgMoment(value, xml.Attribute("unit"), absolute);
            if (name is "low" or "center")
                region.Low = moment;
            else if (name == "high")
                region.High = moment;
        }
    }

    private sealed class Region
    {
        public AEcgMoment? Low { get; set; }

        public AEcgMoment? High { get; set; }

        public List<string> Leads { get; } = [];
    }
}
