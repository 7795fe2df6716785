using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>HL7 v3 annotated ECG (aECG), PORT_MT020001 of the implementation guide of March 2005.</summary>
/// <remarks>
/// Reads the rhythm series chosen by <see cref="EcgReadOptions.Index"/> and the representative beat derived from it. Sequence sets that
/// were recorded at different times stand on one time axis, with missing samples in between.
/// </remarks>
internal sealed class AEcgFormat : IEcgFormat
{
    /// <inheritdoc/>
    public string Name => "hl7-aecg";

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) => XmlRoot.Is(file, "AnnotatedECG");

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        using var xml = XmlCursor.Open(file, options, doctype: false, cancellationToken);
        var document = AEcgReader.Read(xml, options);
        return new AEcgAssembly(file.Name, document, options).ToRecording(Name);
    }
}
