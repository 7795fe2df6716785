using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>SCP-ECG records, EN 1064:2005+A1:2007 (ISO 11073-91064:2009), protocol versions 1.x and 2.x; sections 0 to 8.</summary>
internal sealed class ScpFormat : IEcgFormat
{
    public string Name => "scp-ecg";

    public bool Recognizes(EcgFileSource file) => ScpRecord.Recognizes(file.Head.Span);

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        var warnings = new List<string>();
        var record = ScpRecord.Parse(file.Name, file.ReadAll(options.MaxBytes), options.Lenient, warnings);
        cancellationToken.ThrowIfCancellationRequested();
        var leads = ScpLeads.Read(record, options);
        var tables = ScpHuffman.Read(record);
        var beats = ScpBeats.Read(record, leads);
        var beat = ScpWaveform.ReadBeat(record, leads, tables, beats, warnings);
        var rhythm = ScpWaveform.ReadRhythm(record, leads, tables, warnings);
        var subtraction = ScpSubtraction.Read(record, leads, rhythm, beats, beat);
        var tags = ScpTags.Read(record);
        return new EcgRecording(rhythm.ToSignal(leads, subtraction), Name)
        {
            Start = ScpFields.Start(tags, warnings),
            Units = [.. leads.Leads.Select(_ => FormattableString.Invariant($"{rhythm.Nanovolt} nV"))],
            Metadata = ScpFields.Metadata(record, tags, rhythm),
            Patient = options.IncludePatient ? ScpFields.Patient(tags) : new Dictionary<string, string>(),
            Annotations = [.. ScpMeasurements.Read(record), .. ScpStatements.Read(record)],
            MedianBeat = beat is var (waveform, length) ? waveform.ToBeat(leads, length) : null,
            Warnings = warnings,
        };
    }
}
