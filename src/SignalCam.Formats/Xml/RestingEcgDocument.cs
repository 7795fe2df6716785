using SignalCam.Abstractions;

namespace SignalCam.Formats.Xml;

/// <summary>The metadata in the XML of a resting ECG recorder.</summary>
internal abstract class RestingEcgDocument
{
    public EcgStart? Start { get; set; }

    public Dictionary<string, string> Metadata { get; } = [];

    public Dictionary<string, string> Patient { get; } = [];

    public List<EcgAnnotation> Annotations { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Adds a field unless it is there or <paramref name="value"/> is null.</summary>
    public void AddMetadata(string name, string? value)
    {
        if (value is not null)
            Metadata.TryAdd(name, value);
    }

    /// <summary>Adds a field unless it is there or nothing is known: recorders put "---" then.</summary>
    public void AddPatient(string name, string? value)
    {
        if (value is not null && value.Trim('-').Length > 0)
            Patient.TryAdd(name, value);
    }

    /// <summary>The recording of a signal with all that the document says.</summary>
    public EcgRecording ToRecording(EcgSignal signal, string format, IReadOnlyList<string?> units, EcgSignal? medianBeat) =>
        new(signal, format)
        {
            Start = Start,
            Units = units,
            Metadata = Metadata,
            Patient = Patient,
            Annotations = Annotations,
            MedianBeat = medianBeat,
            Warnings = Warnings,
        };
}
