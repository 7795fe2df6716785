using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Dicom;

/// <summary>One channel of a multiplex group: what its samples mean. PS3.3 C.10.9.1.4.</summary>
/// <param name="Name">For the lead by its code, otherwise the meaning of the code, the label, or "channel N".</param>
/// <param name="IsLead">Whether it is an ECG lead in a unit of voltage.</param>
/// <param name="Unit">Unit as stated; null if there is none.</param>
/// <param name="Scale">Unit, or millivolt for a lead, per stored unit.</param>
/// <param name="Offset">Unit, or millivolt for a lead, at stored 0.</param>
/// <param name="LowFrequency">High-pass corner in Hz, 0 for off; null if it is not stated.</param>
/// <param name="HighFrequency">Low-pass corner in Hz, 0 for off; null if it is not stated.</param>
/// <param name="Notch">Notch in Hz, 0 for off; null if it is not stated.</param>
/// <param name="Skew">Samples by which the channel is later than the group; 0 as a rule.</param>
internal sealed record DicomChannel(
    string Name, bool IsLead, string? Unit, double Scale, double Offset, double? LowFrequency, double? HighFrequency, double? Notch,
        double Skew)
{
    public static DicomChannel Read(DicomData item, int index, bool isEcgObject, double samplingRate, EcgReadOptions options)
    {
        var (name, isCoded) = Source(item, index);
        var stated = item.Has(DicomTag.Sensitivity) ? UnitOf(item) : null;
        var millivolt = item.Has(DicomTag.Sensitivity) ? VoltageUnit.Millivolts(stated) : MillivoltOfOption(options);
        var isLead = millivolt is not null && (isCoded ?? isEcgObject);
        // PS3.3 C.10.9.1.4.2: value = sample x sensitivity x correction factor + baseline, in the unit of the sensitivity.
        var sensitivity = item.Decimal(DicomTag.Sensitivity) ?? 1;
        var factor = isLead ? millivolt!.Value : 1;
        return new DicomChannel(
            name,
            isLead,
            stated,
            sensitivity * (item.Decimal(DicomTag.SensitivityCorrection) ?? 1) * factor,
            (item.Decimal(DicomTag.Baseline) ?? 0) * factor,
            item.Decimal(DicomTag.LowFrequency),
            item.Decimal(DicomTag.HighFrequency),
            item.Decimal(DicomTag.NotchFrequency),
            item.Decimal(DicomTag.SampleSkew) ?? ((item.Decimal(DicomTag.TimeSkew) ?? 0) * samplingRate));
    }

    /// <summary>The lead, and whether a code states that it is a lead (null if no code does).</summary>
    private static (string Name, bool? IsLead) Source(DicomData item, int index)
    {
        var source = item.Item(DicomTag.ChannelSource);
        var meaning = source?.Text(DicomTag.CodeMeaning);
        var label = item.Text(DicomTag.ChannelLabel);
        if (source is not null && LeadNumber(source.Text(DicomTag.CodeValue), source.Text(DicomTag.CodingScheme)) is { } number)
            return (LeadCodes.Name(number) ?? meaning ?? $"lead {number}", true);
        foreach (var text in new[] { meaning, label })
            if (text is not null && LeadNames.Recognize(text.Split('(')[0]) is { } lead)
                return (lead, true);
        // A code of a public scheme that is no lead's is something else; a vendor's own code says nothing.
        var isElse = source?.Text(DicomTag.CodingScheme) is "MDC" or "SCPECG" or "DCM" or "SCT" or "SRT";
        return (meaning ?? label ?? string.Create(CultureInfo.InvariantCulture, $"channel {index + 1}"), isElse ? false : null);
    }

    /// <summary>"5.6.3-9-61" of SCPECG or "2:61" of MDC: the numbers of ECG leads, PS3.16 CID 3001. Null for another code.</summary>
    private static int? LeadNumber(string? code, string? scheme)
    {
        const string scp = "5.6.3-9-";
        const string mdc = "2:";
        const int lastLead = 255;
        if (code is null || scheme is null)
            return null;
        var text = scheme switch
        {
            "SCPECG" when code.StartsWith(scp, StringComparison.Ordinal) => code[scp.Length..],
            "MDC" when code.StartsWith(mdc, StringComparison.Ordinal) => code[mdc.Length..],
            _ => null,
        };
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= lastLead ? number : null;
    }

    private static double? MillivoltOfOption(EcgReadOptions options) => options.Unit is { } unit ? VoltageUnits.ParseOption(unit) : null;

    private static string? UnitOf(DicomData item) => item.Item(DicomTag.SensitivityUnits)?.Text(DicomTag.CodeValue);
}
