namespace SignalCam.Formats;

/// <summary>
/// The numbers of ECG leads. SCP-ECG (EN 1064, table of section 3), DICOM (PS3.16 CID 3001) and ISO 11073-10101 (partition 2, ECG lead)
/// share them.
/// </summary>
internal static class LeadCodes
{
    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "I", [2] = "II", [3] = "V1", [4] = "V2", [5] = "V3", [6] = "V4", [7] = "V5", [8] = "V6", [9] = "V7",
        [10] = "V2R", [11] = "V3R", [12] = "V4R", [13] = "V5R", [14] = "V6R", [15] = "V7R", [16] = "X", [17] = "Y", [18] = "Z",
        [19] = "CC5", [20] = "CM5", [61] = "III", [62] = "aVR", [63] = "aVL", [64] = "aVF", [65] = "-aVR", [66] = "V8", [67] = "V9",
        [68] = "V8R", [69] = "V9R", [92] = "MCL1", [93] = "MCL2", [94] = "MCL3", [95] = "MCL4", [96] = "MCL5", [97] = "MCL6",
        [131] = "ES", [132] = "AS", [133] = "AI",
    };

    /// <summary>The name of a lead; null for a number without a lead, or whose lead has no short name here.</summary>
    public static string? Name(int code) => Names.GetValueOrDefault(code);
}
