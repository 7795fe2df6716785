using SignalCam.Core.Signals;

namespace SignalCam.Formats.AEcg;

/// <summary>Names of an aECG's codes in what a recording says.</summary>
internal static class AEcgNames
{
    private const string ControlPrefix = "MDC_ECG_CTL_VBL_ATTR_";

    private const string LeadPrefix = "MDC_ECG_LEAD_";

    /// <summary>The lead that a code means: MDC_ECG_LEAD_AVR is aVR. An unknown lead keeps its name.</summary>
    public static string Lead(string code) =>
        LeadNames.Recognize(code) ?? (IsLead(code) && code.Length > LeadPrefix.Length ? code[LeadPrefix.Length..] : code);

    /// <summary>Whether a code is that of a lead.</summary>
    public static bool IsLead(string code) => code.StartsWith(LeadPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of a measurement as the other formats have it, or its code.</summary>
    public static string Measurement(string code) => code.ToUpperInvariant() switch
    {
        "MDC_ECG_TIME_PD_P" => "P duration",
        "MDC_ECG_TIME_PD_PR" => "PR interval",
        "MDC_ECG_TIME_PD_QRS" => "QRS duration",
        "MDC_ECG_TIME_PD_QT" => "QT interval",
        "MDC_ECG_TIME_PD_QTC" => "corrected QT interval",
        "MDC_ECG_TIME_PD_RR" => "RR interval",
        "MDC_ECG_HEART_RATE" => "heart rate",
        "MDC_ECG_ANGLE_P_FRONT" => "P axis",
        "MDC_ECG_ANGLE_QRS_FRONT" => "QRS axis",
        "MDC_ECG_ANGLE_T_FRONT" => "T axis",
        _ => code,
    };

    /// <summary>The name in the metadata of what a control variable says besides a frequency.</summary>
    public static string Description(string name) => name switch
    {
        FieldNames.LowPass => "low_pass",
        FieldNames.HighPass => "high_pass",
        FieldNames.Notch => "notch",
        _ => name,
    };

    /// <summary>The name in the metadata of a control variable.</summary>
    public static string Control(string code) => code switch
    {
        ControlPrefix + "FILTER_LOW_PASS" => FieldNames.LowPass,
        ControlPrefix + "FILTER_HIGH_PASS" => FieldNames.HighPass,
        ControlPrefix + "FILTER_NOTCH" => FieldNames.Notch,
        _ => (code.StartsWith(ControlPrefix, StringComparison.Ordinal) ? code[ControlPrefix.Length..] : code).ToLowerInvariant(),
    };
}
