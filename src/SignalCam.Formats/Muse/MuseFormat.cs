using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Muse;

/// <summary>
/// GE MUSE XML (RestingECG): the rhythm as signal, the median as representative beat, and the limb leads that follow from I and II.
/// </summary>
/// <remarks>The document type declaration names a DTD, which is never fetched.</remarks>
internal sealed class MuseFormat : IEcgFormat
{
    /// <inheritdoc/>
    public string Name => "ge-muse-xml";

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) => XmlRoot.Is(file, "RestingECG");

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        using var xml = XmlCursor.Open(file, options, doctype: true, cancellationToken);
        var document = MuseReader.Read(xml, options);
        var rhythm = document.Waveforms.FirstOrDefault(w => w.Is("Rhythm")) ?? throw new EcgFormatException(
            file.Name, null, document.Waveforms.Count == 0 ? "a document without waveform" : "a document without rhythm waveform",
            "a Waveform of type Rhythm");
        var (signal, units) = MuseLeads.ToSignal(file.Name, rhythm, options);
        var median = document.Waveforms.FirstOrDefault(w => w.Is("Median"));
        return new EcgRecording(signal, Name)
        {
            Start = document.Start,
            Units = units,
            Metadata = Metadata(document, rhythm),
            Patient = document.Patient,
            Annotations = document.Annotations,
            MedianBeat = median is null ? null : MuseLeads.ToSignal(file.Name, median, options).Signal,
            Warnings = document.Warnings,
        };
    }

    private static Dictionary<string, string> Metadata(MuseDocument document, MuseWaveform rhythm)
    {
        var metadata = document.Metadata;
        foreach (var (name, value) in rhythm.Filters)
            metadata.TryAdd(name, value);
        return metadata;
    }
}
