using SignalCam.Abstractions;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.AEcg;

/// <summary>Creates a recording out of a document: one time axis for the sequence sets of the rhythm series, and what else it
/// says.</summary>
internal sealed class AEcgAssembly
{
    private readonly string _file;
    private readonly AEcgDocument _document;
    private readonly EcgReadOptions _options;
    private readonly List<string> _warnings = [];

    public AEcgAssembly(string file, AEcgDocument document, EcgReadOptions options) =>
        (_file, _document, _options) = (file, document, options);

    /// <exception cref="EcgFormatException">There is no waveform, or its parts contradict one another.</exception>
    public EcgRecording ToRecording(string format)
    {
        var series = Choose();
        var origin = AEcgOrigin.Of(series, _file, _warnings);
        var split = SignalOfChannels.From(AEcgChannels.Of(_file, series, origin, _options, _warnings))
            ?? throw new EcgFormatException(_file, null, "no lead with samples in a unit of voltage", "leads in uV, mV, nV or V");
        var start = origin.Start ?? AEcgTime.Parse(series.EffectiveTime) ?? AEcgTime.Parse(_document.EffectiveTime);
        var beat = Beat(series);
        if (CalibrationTail.Find(split.Signal) is { } tail)
            _warnings.Add(tail.Warning);
        return new EcgRecording(split.Signal, format)
        {
            Start = start,
            Units = split.Units,
            OtherChannels = split.Others,
            Metadata = series.Metadata,
            Patient = _document.Patient,
            Annotations = [.. series.Annotations.Select(a => origin.Place(a, start)), .. Measurements(series)],
            MedianBeat = beat,
            Warnings = [.. _warnings, .. split.Warnings],
        };
    }

    private AEcgSeries Choose()
    {
        var rhythms = _document.Rhythms.Where(s => s.Sets.Count > 0).ToArray();
        if (rhythms.Length == 0)
            throw new EcgFormatException(_file, null,
                _document.Beats.Count > 0 || _document.Rhythms.Count > 0
                    ? "a document with a representative beat only" : "a document that holds no waveform",
                "a series of rhythm waveforms");
        if (_options.Index >= rhythms.Length)
            throw new EcgFormatException(_file, null, $"{rhythms.Length} rhythm series",
                $"one with index {_options.Index} (EcgReadOptions.Index, from 0)");
        if (rhythms.Length > 1)
            _warnings.Add(
                $"the document has {rhythms.Length} rhythm series; this is the one with index {_options.Index} (EcgReadOptions.Index)");
        return rhythms[_options.Index];
    }

    private EcgSignal? Beat(AEcgSeries series)
    {
        var beat = series.Derived.Concat(_document.Beats).FirstOrDefault(s => s.Sets.Count > 0);
        if (beat is null)
            return null;
        var channels = AEcgChannels.Of(_file, beat, AEcgOrigin.Of(beat, _file, []), _options, []);
        return SignalOfChannels.From(channels)?.Signal;
    }

    /// <summary>
    /// For the derived series only what holds for the whole recording: a time on a representative beat is not a time of the recording.
    /// </summary>
    private static IEnumerable<EcgAnnotation> Measurements(AEcgSeries series) =>
        from derived in series.Derived
        from annotation in derived.Annotations
        where annotation.Low is null && annotation.High is null
        select new EcgAnnotation(annotation.Text) { Value = annotation.Value, Lead = annotation.Lead };
}
