namespace SignalCam.Formats.AEcg;

/// <summary>Names of an aECG's codes in what a recording says.</summary>
internal static class AEcgNames
{
    private const string ControlPrefix = "MDC_ECG_CTL_VBL_ATTR_";

    /// <summary>The name in the metadata of a control variable.</summary>
    public static string Control(string code) => code switch
    {
        ControlPrefix + "FILTER_LOW_PASS" => "low_pass_filter",
        ControlPrefix + "FILTER_HIGH_PASS" => "high_pass_filter",
        ControlPrefix + "FILTER_NOTCH" => "notch_filter",
        _ => (code.StartsWith(ControlPrefix, StringComparison.Ordinal) ? code[ControlPrefix.Length..] : code).ToLowerInvariant(),
    };
}
