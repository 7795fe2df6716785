namespace SignalCam.Formats.Dicom;

/// <summary>Kinds of DICOM objects, by their SOP class. PS3.4 B.5, PS3.6 annex A.</summary>
internal static class DicomSopClass
{
    private const string Storage = "1.2.840.10008.5.1.4.1.1.";

    private static readonly Dictionary<string, string> Names = new()
    {
        ["9.1.1"] = "12-lead ECG Waveform Storage",
        ["9.1.2"] = "General ECG Waveform Storage",
        ["9.1.3"] = "Ambulatory ECG Waveform Storage",
        ["9.1.4"] = "General 32-bit ECG Waveform Storage",
        ["9.2.1"] = "Hemodynamic Waveform Storage",
        ["9.3.1"] = "Basic Cardiac Electrophysiology Waveform Storage",
        ["9.4.1"] = "Basic Voice Audio Waveform Storage",
        ["9.4.2"] = "General Audio Waveform Storage",
        ["9.5.1"] = "Arterial Pulse Waveform Storage",
        ["9.6.1"] = "Respiratory Waveform Storage",
        ["1"] = "Computed Radiography Image Storage",
        ["2"] = "CT Image Storage",
        ["3.1"] = "Ultrasound Multi-frame Image Storage",
        ["4"] = "MR Image Storage",
        ["4.1"] = "Enhanced MR Image Storage",
        ["6.1"] = "Ultrasound Image Storage",
        ["7"] = "Secondary Capture Image Storage",
        ["12.1"] = "X-Ray Angiographic Image Storage",
        ["20"] = "Nuclear Medicine Image Storage",
        ["66"] = "Raw Data Storage",
        ["88.11"] = "Basic Text SR Storage",
        ["88.22"] = "Enhanced SR Storage",
        ["88.33"] = "Comprehensive SR Storage",
        ["104.1"] = "Encapsulated PDF Storage",
    };

    public static bool IsEcg(string? uid) => uid is Storage + "9.1.1" or Storage + "9.1.2" or Storage + "9.1.3" or Storage + "9.1.4";

    /// <summary>Name of a SOP class; the identifier where it is not known here.</summary>
    public static string Describe(string? uid)
    {
        if (uid is null)
            return "an object of no stated kind";
        return uid.StartsWith(Storage, StringComparison.Ordinal) && Names.TryGetValue(uid[Storage.Length..], out var name)
            ? name
            : $"an object of SOP class {(uid.Length > 64 ? uid[..64] : uid)}";
    }
}
