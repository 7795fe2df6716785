using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>HL7 v3 annotated ECG (aECG), PORT_MT020001 of the implementation guide of March 2005.</summary>
/// <remarks>
/// Reads the rhythm series chosen by <see cref="EcgReadOptions.Index"/> and the representative beat derived from it. Sequence sets that
/// were recorded at different times stand on one time axis, with missing samples in between.
/// </remarks>
internal sealed class AEcgFormat() : XmlEcgFormat("hl7-aecg", "AnnotatedECG")
{
    /// <inheritdoc/>
    protected override EcgRecording Read(XmlCursor xml, EcgReadOptions options) =>
        new AEcgAssembly(xml.File, AEcgReader.Read(xml, options), options).ToRecording(Name);
}
