using SignalCam.Abstractions;
using SignalCam.Formats.Channels;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Philips;

/// <summary>Philips XML: SierraECG 1.03, PhilipsECG 1.04 and 1.04.01, with waveforms compressed by XLI.</summary>
/// <remarks>The signal holds all stored samples, including the calibration pulse after the patient's signal; a warning says where the
/// patient's signal ends.</remarks>
internal sealed class PhilipsFormat : IEcgFormat
{
    /// <inheritdoc/>
    public string Name => "philips-xml";

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) => XmlRoot.Is(file, "restingecgdata");

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        using var xml = XmlCursor.Open(file, options, doctype: false, cancellationToken);
        var document = PhilipsReader.Read(xml, options);
        var signal = PhilipsLeads.ToSignal(file.Name, document, options);
        List<string> warnings = [.. document.Warnings];
        if (CalibrationTail.Find(signal) is { } tail)
            warnings.Add(tail.Warning);
        return new EcgRecording(signal, Name)
        {
            Start = document.Start,
            Units = [.. signal.Leads.Select(_ => "uV")],
            Metadata = document.Metadata,
            Patient = document.Patient,
            Annotations = document.Annotations,
            MedianBeat = PhilipsBeats.ToSignal(document.Beats, warnings),
            Warnings = warnings,
        };
    }
}
