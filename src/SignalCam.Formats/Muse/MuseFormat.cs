using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Muse;

/// <summary>
/// GE MUSE XML (RestingECG): the rhythm as signal, the median as representative beat, and the limb leads that follow from I and II.
/// </summary>
/// <remarks>The document type declaration names a DTD, which is never fetched.</remarks>
internal sealed class MuseFormat() : XmlEcgFormat("ge-muse-xml", "RestingECG", mayHaveDoctype: true)
{
    /// <inheritdoc/>
    protected override EcgRecording Read(XmlCursor xml, EcgReadOptions options)
    {
        var document = MuseReader.Read(xml, options);
        var rhythm = document.Waveforms.FirstOrDefault(w => w.Is("Rhythm")) ?? throw new EcgFormatException(
            xml.File, null, document.Waveforms.Count == 0 ? "a document without waveform" : "a document without rhythm waveform",
            "a Waveform of type Rhythm");
        var (signal, units) = MuseLeads.ToSignal(xml.File, rhythm, options);
        var median = document.Waveforms.FirstOrDefault(w => w.Is("Median"));
        foreach (var (name, value) in rhythm.Filters)
            document.AddMetadata(name, value);
        return document.ToRecording(
            signal, Name, units, median is null ? null : MuseLeads.ToSignal(xml.File, median, options).Signal);
    }
}
