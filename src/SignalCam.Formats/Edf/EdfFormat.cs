using SignalCam.Abstractions;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Edf;

/// <summary>EDF (Kemp 1992) and EDF+ (Kemp and Olivan 2003), continuous and discontinuous. BDF is refused by name.</summary>
/// <remarks>Gaps of a discontinuous recording are missing samples. Channels that are not ECG leads, and leads at another rate, are set
/// aside.</remarks>
internal sealed class EdfFormat : IEcgFormat
{
    /// <inheritdoc/>
    public string Name => "edf";

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) => EdfHeaderReader.IsEdf(file.Head.Span) || EdfHeaderReader.IsBdf(file.Head.Span);

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        if (EdfHeaderReader.IsBdf(file.Head.Span))
            throw new EcgFormatException(file.Name, "byte 0", "BDF (24 bit), which is not supported", "EDF (16 bit)");
        var bytes = file.ReadAll(options.MaxBytes).Span;
        List<string> warnings = [];
        var header = EdfHeaderReader.Parse(file.Name, bytes, options, warnings);
        var tals = EdfAnnotations.Parse(file.Name, bytes, header, warnings);
        var channels = EdfChannels.Read(file.Name, bytes, header, tals.RecordOnsets, options, warnings, cancellationToken);
        var split = SignalOfChannels.From(channels) ?? throw new EcgFormatException(
            file.Name, null, channels.Count == 0 ? "a file without signals" : "no channel in a unit of voltage",
            "ECG leads in uV, mV, nV or V");
        var identity = EdfIdentity.Of(header, warnings);
        return new EcgRecording(split.Signal, Name)
        {
            Start = identity.StartAfter(tals.FirstOnset),
            Units = split.Units,
            OtherChannels = split.Others,
            Metadata = Metadata(header, identity),
            Patient = options.IncludePatient ? identity.Patient : new Dictionary<string, string>(),
            Annotations = tals.Annotations,
            Warnings = [.. warnings, .. split.Warnings],
        };
    }

    private static Dictionary<string, string> Metadata(EdfHeader header, EdfIdentity identity)
    {
        var version = header.IsPlus ? header.IsDiscontinuous ? "EDF+D" : "EDF+C" : "EDF";
        var metadata = new Dictionary<string, string> { [FieldNames.Version] = version };
        if (identity.Equipment is { } equipment)
            metadata[FieldNames.Model] = equipment;
        Add("prefilter", s => s.Prefilter);
        Add("transducer", s => s.Transducer);
        return metadata;

        void Add(string name, Func<EdfSignal, string> of)
        {
            var distinct = header.Signals.Where(s => !s.IsAnnotations).Select(of).Where(t => t.Length > 0).Distinct().Take(10).ToArray();
            if (distinct.Length > 0)
                metadata[name] = string.Join("; ", distinct);
        }
    }
}
