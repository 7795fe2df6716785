using SignalCam.Abstractions;
using SignalCam.Formats.Channels;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Philips;

/// <summary>Philips XML: SierraECG 1.03, PhilipsECG 1.04 and 1.04.01, with waveforms compressed by XLI.</summary>
/// <remarks>The signal holds all stored samples, including the calibration pulse after the patient's signal; a warning states where the
/// patient's signal ends.</remarks>
internal sealed class PhilipsFormat() : XmlEcgFormat("philips-xml", "restingecgdata")
{
    /// <inheritdoc/>
    protected override EcgRecording Read(XmlCursor xml, EcgReadOptions options)
    {
        var document = PhilipsReader.Read(xml, options);
        var signal = PhilipsLeads.ToSignal(xml.File, document, options);
        if (CalibrationTail.Find(signal) is { } tail)
            document.Warnings.Add(tail.Warning);
        return document.ToRecording(
            signal, Name, [.. signal.Leads.Select(_ => "uV")], PhilipsBeats.ToSignal(document.Beats, document.Warnings));
    }
}
