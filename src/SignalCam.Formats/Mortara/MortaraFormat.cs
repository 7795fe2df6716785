using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Mortara;

/// <summary>Mortara (ELI) XML: recognised, so that the message names it, and not read.</summary>
internal sealed class MortaraFormat : IEcgFormat
{
    /// <inheritdoc/>
    public string Name => "mortara-xml";

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) => XmlRoot.Is(file, "ECG");

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default) =>
        throw new EcgFormatException(
            file.Name, null, "Mortara (ELI) XML, which is not supported",
            "another format: ELI recorders export HL7 aECG, DICOM and SCP-ECG too");
}
