using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>
/// DICOM waveform objects that hold an ECG: 12-lead, general and ambulatory ECG and whatever else has channels with an ECG lead's code.
/// PS3.3 A.34 and C.10.9, PS3.5.
/// </summary>
internal sealed class DicomFormat : IEcgFormat
{
    public string Name => "dicom";

    public bool Recognizes(EcgFileSource file) => DicomFile.Recognizes(file.Head.Span);

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        var data = DicomFile.Parse(file.Name, file.ReadAll(options.MaxBytes), options.MaxBytes, out var meta);
        cancellationToken.ThrowIfCancellationRequested();
        var sopClass = data.Text(DicomTag.SopClass) ?? meta?.Text(DicomTag.MetaSopClass);
        var items = data.Items(DicomTag.Waveforms);
        if (items.Count == 0)
            throw new EcgFormatException(file.Name, null, $"{DicomSopClass.Describe(sopClass)} without a waveform",
                "an object with a Waveform Sequence (5400,0100)");

        var warnings = new List<string>();
        var groups = items.Select((item, i) => DicomGroup.Read(item, i, DicomSopClass.IsEcg(sopClass), options)).ToList();
        var recording = DicomRecording.Assemble(file.Name, DicomSopClass.Describe(sopClass), groups, options, warnings);
        return recording with
        {
            Start = DicomFields.Start(data, warnings),
            Metadata = DicomFields.Metadata(data, DicomSopClass.Describe(sopClass), groups),
            Patient = options.IncludePatient ? DicomFields.Patient(data) : recording.Patient,
            Annotations = DicomAnnotations.Read(data, groups),
            Warnings = warnings,
        };
    }
}
