using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Measurements;
using SignalCam.Reporting;
using SignalCam.Viewer.Recordings;
using SignalCam.Viewer.Uploads;

namespace SignalCam.Viewer.Api;

/// <summary>What the API tells of a recording.</summary>
/// <param name="Id">What it is asked for by.</param>
/// <param name="Name">What it is called on the page.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Description">What is known of it.</param>
/// <param name="Leads">Names of its leads.</param>
/// <param name="SamplingRate">Samples per second and lead.</param>
/// <param name="Seconds">Its length.</param>
internal sealed record RecordingAnswer(
    string Id, string Name, RecordingSource Source, string? Description, IReadOnlyList<string> Leads, double SamplingRate, double Seconds)
{
    public static RecordingAnswer Of(StoredRecording recording) => new(
        recording.Id, recording.Name, recording.Source, recording.Description, recording.Signal.Leads, recording.Signal.SamplingRate,
        recording.Signal.Length / recording.Signal.SamplingRate);
}

/// <summary>What became of an upload.</summary>
/// <param name="Recordings">The recordings that are open now.</param>
/// <param name="Refused">Files that could not be opened, each with the reason.</param>
internal sealed record UploadAnswer(IReadOnlyList<RecordingAnswer> Recordings, IReadOnlyList<RefusedFile> Refused);

/// <summary>Samples of one lead; null where a sample is no number.</summary>
internal sealed record LeadAnswer(string Name, IReadOnlyList<float?> Values)
{
    public static IReadOnlyList<LeadAnswer> Of(EcgSignal signal) =>
        [.. signal.Leads.Select((name, lead) => new LeadAnswer(name, SignalAnswer.Numbers(signal.Lead(lead))))];
}

/// <summary>Samples of a recording.</summary>
/// <param name="Unit">"mV", or "a.u." after preprocessing.</param>
/// <param name="SamplingRate">Samples per second and lead.</param>
/// <param name="Start">Seconds from the recording's start to the first sample.</param>
/// <param name="Leads">All leads.</param>
internal sealed record SignalAnswer(string Unit, double SamplingRate, double Start, IReadOnlyList<LeadAnswer> Leads)
{
    public static SignalAnswer Of(EcgSignal signal, string unit, double start = 0) => new(
        unit, signal.SamplingRate, start, LeadAnswer.Of(signal));

    /// <summary>JSON knows no NaN.</summary>
    public static float?[] Numbers(ReadOnlySpan<float> values)
    {
        var numbers = new float?[values.Length];
        for (var i = 0; i < values.Length; i++)
            numbers[i] = float.IsFinite(values[i]) ? values[i] : null;
        return numbers;
    }
}

/// <summary>What a model sees of a recording.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Adapted">In the model's leads, rate and length, in millivolt.</param>
/// <param name="Prepared">The same after its preprocessing: the network's input.</param>
/// <param name="Trend">The baseline that the preprocessing takes away, in millivolt; null where it takes none.</param>
internal sealed record PreparedAnswer(string Model, SignalAnswer Adapted, SignalAnswer Prepared, SignalAnswer? Trend);

/// <summary>What software has measured in a recording.</summary>
/// <param name="Source">Who measured.</param>
/// <param name="Beats">Beats that were found.</param>
/// <param name="BeatTimes">Seconds from the recording's start to each.</param>
/// <param name="Values">What was found; nothing stands for what was not.</param>
/// <param name="MedianBeat">What intervals and axes were measured on; null where fewer than three beats look alike.</param>
internal sealed record MeasurementsAnswer(
    string Source, int Beats, IReadOnlyList<double> BeatTimes, IReadOnlyList<MeasurementAnswer> Values, MedianBeatAnswer? MedianBeat)
{
    public static MeasurementsAnswer Of(EcgMeasurements measured) => new(
        MeasurementText.Source, measured.BeatTimes.Count, measured.BeatTimes,
        [.. measured.Found()
            .Select(found => new MeasurementAnswer(found.Name, found.Measurement.Value, found.Measurement.Unit, found.Measurement.Beats))],
        measured.MedianBeat is { } beat ? MedianBeatAnswer.Of(beat) : null);
}

/// <summary>The median of the beats that look alike.</summary>
/// <param name="SamplingRate">Samples a second.</param>
/// <param name="Before">Seconds from the first sample to the mark that the beats are aligned by.</param>
/// <param name="Beats">The beats that it is from, by their place in the list of times.</param>
/// <param name="Times">Seconds from the recording's start to the mark of each of them.</param>
/// <param name="POnset">Seconds from the first sample to the onset of P; null where it was not found, and so on.</param>
/// <param name="PEnd">Seconds to the end of P.</param>
/// <param name="QrsOnset">Seconds to the onset of QRS.</param>
/// <param name="QrsEnd">Seconds to the end of QRS.</param>
/// <param name="TEnd">Seconds to the end of T.</param>
/// <param name="Leads">In millivolt.</param>
internal sealed record MedianBeatAnswer(
    double SamplingRate, double Before, IReadOnlyList<int> Beats, IReadOnlyList<double> Times,
    double? POnset, double? PEnd, double? QrsOnset, double? QrsEnd, double? TEnd, IReadOnlyList<LeadAnswer> Leads)
{
    public static MedianBeatAnswer Of(EcgMedianBeat beat) => new(
        beat.Signal.SamplingRate, beat.Before, beat.Beats, beat.Times, beat.POnset, beat.PEnd, beat.QrsOnset, beat.QrsEnd, beat.TEnd,
        LeadAnswer.Of(beat.Signal));
}

/// <summary>A measured value.</summary>
/// <param name="Name">Such as "qrs_duration".</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">"1/min", "ms" or "deg".</param>
/// <param name="Beats">The beats that it is from, by their place in the list of times.</param>
internal sealed record MeasurementAnswer(string Name, double Value, string Unit, IReadOnlyList<int> Beats);

/// <summary>What a figure means, in words.</summary>
/// <param name="Class">The class's name.</param>
/// <param name="FullName">What the name stands for.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Calibration">How far the probability can be read as a frequency; null where nothing is decided.</param>
internal sealed record ScoreWords(string Class, string FullName, string Decision, string? Calibration);

/// <summary>What a model says of a recording, and why.</summary>
/// <param name="Answer">
/// The answer, in the form that it has everywhere (docs/answers.md): all scores, and the heat map of one class.
/// </param>
/// <param name="Class">The class that has the heat map.</param>
/// <param name="Explainer">What made the map, as it was asked for.</param>
/// <param name="Words">One for each score.</param>
/// <param name="About">What the explainer does, in words; null where nothing is known of it.</param>
/// <param name="Notice">What this is not.</param>
internal sealed record ExplanationAnswer(
    EcgClassification Answer, string Class, string Explainer, IReadOnlyList<ScoreWords> Words, string? About, string Notice);

/// <summary>What the program is.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Pictures">Kinds of pictures that the server draws: svg, and pdf where the host has a writer of it.</param>
internal sealed record AboutAnswer(string Version, IReadOnlyList<string> Pictures);

/// <summary>An explainer.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="About">What it does, in words.</param>
internal sealed record ExplainerAnswer(string Name, string? About);

/// <summary>What a model file says about itself.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="IsDefault">Whether it is taken where a request names none.</param>
/// <param name="Sha256">SHA-256 of the model file.</param>
/// <param name="Explainers">What can explain it.</param>
/// <param name="Manifest">The manifest of the model file as it stands there; see docs/model-file.md.</param>
internal sealed record ModelAnswer(
    string Name, bool IsDefault, string Sha256, IReadOnlyList<ExplainerAnswer> Explainers, JsonNode Manifest);

/// <summary>What the host's folder can be filtered by.</summary>
/// <param name="IsThere">Whether the host has named a folder.</param>
/// <param name="Count">Recordings in it.</param>
/// <param name="Classes">Diagnostic classes.</param>
/// <param name="Folds">Folds.</param>
/// <param name="Statements">Codes of statements with what they mean, the most frequent first.</param>
internal sealed record FolderAnswer(
    bool IsThere, int Count, IReadOnlyList<string> Classes, IReadOnlyList<int> Folds, IReadOnlyList<StatementAnswer> Statements);

/// <summary>A statement that recordings of the folder carry.</summary>
internal sealed record StatementAnswer(string Code, string Description, int Count);

/// <summary>A recording of the host's folder, before it is opened.</summary>
internal sealed record EntryAnswer(
    string Id, double? Age, string? Sex, int? Fold, IReadOnlyList<string> Statements, IReadOnlyList<string> Classes);

/// <summary>A page of the recordings that match.</summary>
/// <param name="Total">How many match.</param>
/// <param name="Entries">Those of this page.</param>
internal sealed record EntriesAnswer(int Total, IReadOnlyList<EntryAnswer> Entries);
