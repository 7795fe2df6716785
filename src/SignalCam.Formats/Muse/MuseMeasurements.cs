using SignalCam.Abstractions;

namespace SignalCam.Formats.Muse;

/// <summary>The measurements of a MUSE document with the units that its fields do not state.</summary>
internal static class MuseMeasurements
{
    public static void Add(List<EcgAnnotation> annotations, string field, string value)
    {
        var (name, unit) = field switch
        {
            "VentricularRate" => ("ventricular rate", "/min"),
            "AtrialRate" => ("atrial rate", "/min"),
            "PRInterval" => ("PR interval", "ms"),
            "QRSDuration" => ("QRS duration", "ms"),
            "QTInterval" => ("QT interval", "ms"),
            "QTCorrected" => ("corrected QT interval", "ms"),
            "QTcFrederica" => ("corrected QT interval (Fridericia)", "ms"),
            "PAxis" => ("P axis", "deg"),
            "RAxis" => ("R axis", "deg"),
            "TAxis" => ("T axis", "deg"),
            "QRSCount" => ("QRS count", ""),
            _ => ("", ""),
        };
        if (name.Length > 0)
            annotations.Add(new EcgAnnotation(name) { Value = unit.Length == 0 ? value : $"{value} {unit}" });
    }
}
