using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Philips;

/// <summary>Reads an interpretation: measured values, the severity, and the statements.</summary>
internal static class PhilipsInterpretation
{
    /// <param name="xml">At the element interpretation; ends at its end.</param>
    /// <param name="annotations">Gets what it says.</param>
    public static void Read(XmlCursor xml, List<EcgAnnotation> annotations)
    {
        foreach (var name in xml.Children())
            switch (name)
            {
                case "globalmeasurements" or "interpretationmeasurements":
                    foreach (var field in xml.Children())
                        AddMeasurement(annotations, field, xml.Text());
                    break;
                case "severity" when xml.Text() is { } severity:
                    annotations.Add(new EcgAnnotation(severity));
                    break;
                case "statement":
                    AddStatement(xml, annotations);
                    break;
            }
    }

    private static void AddStatement(XmlCursor xml, List<EcgAnnotation> annotations)
    {
        string? left = null, right = null;
        foreach (var name in xml.Children())
            if (name == "leftstatement")
                left = xml.Text();
            else if (name == "rightstatement")
                right = xml.Text();
        if (left is not null || right is not null)
            annotations.Add(new EcgAnnotation(left is null ? right! : right is null ? left : $"{left} ({right})"));
    }

    private static void AddMeasurement(List<EcgAnnotation> annotations, string field, string? value)
    {
        var (name, unit) = field switch
        {
            "heartrate" => ("heart rate", "/min"),
            "atrialrate" => ("atrial rate", "/min"),
            "rrint" => ("RR interval", "ms"),
            "pdur" => ("P duration", "ms"),
            "print" or "meanprint" => ("PR interval", "ms"),
            "qrsdur" or "meanqrsdur" => ("QRS duration", "ms"),
            "qtint" or "meanqtint" => ("QT interval", "ms"),
            "qtcb" => ("corrected QT interval (Bazett)", "ms"),
            "qtcf" => ("corrected QT interval (Fridericia)", "ms"),
            "meanqtc" => ("corrected QT interval", "ms"),
            "pfrontaxis" => ("P axis", "deg"),
            "qrsfrontaxis" => ("QRS axis", "deg"),
            "tfrontaxis" => ("T axis", "deg"),
            _ => ("", ""),
        };
        // "Indeterminate" and "Failed" stand in place of numbers.
        if (name.Length > 0 && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            annotations.Add(new EcgAnnotation(name) { Value = $"{value} {unit}" });
    }
}
