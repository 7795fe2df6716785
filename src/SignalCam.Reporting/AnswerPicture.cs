using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Reporting;

/// <summary>
/// Draws an explained answer over its recording, the same from every program: the traces are the file's samples, a map that tells leads
/// apart is drawn lead by lead, and below stand model, method, stretch, findings and what the picture is not.
/// </summary>
/// <remarks>Safe for concurrent callers. The same input gives the same text.</remarks>
public static class AnswerPicture
{
    /// <summary>Draws the picture as SVG.</summary>
    /// <param name="recording">The recording as its file has it, in millivolt: its own leads and rate.</param>
    /// <param name="answer">What a model says of it, with at least one heat map.</param>
    /// <param name="options">
    /// Null for the defaults. The title is put before the method's name; colours, unit, start and the notes are the answer's, and notes of
    /// the options come first.
    /// </param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No class has a heat map, or the answer's stretch is no part of the recording.</exception>
    public static string Render(EcgSignal recording, EcgClassification answer, CamPlotOptions? options = null)
    {
        var (signal, classes, all) = Prepare(recording, answer, options ?? new CamPlotOptions());
        return CamPlot.Render(signal, classes, all);
    }

    /// <summary>Writes the picture as an HTML page to zoom in and to read values from.</summary>
    /// <inheritdoc cref="Render"/>
    /// <returns>A complete HTML document.</returns>
    public static string RenderPage(EcgSignal recording, EcgClassification answer, CamPlotOptions? options = null)
    {
        var (signal, classes, all) = Prepare(recording, answer, options ?? new CamPlotOptions());
        return CamPage.Render(signal, classes, all);
    }

    /// <summary>
    /// The colours of a map: jet for a class activation map as published, which is what somebody who asks for that kind wants to compare
    /// with; white to orange for magnitudes; blue to orange for signed maps.
    /// </summary>
    public static ColorScale ColorsOf(HeatMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map switch
        {
            { Kind: CamKind.Paper, Unit: HeatMapUnits.Share, Sign: HeatMapSign.Magnitude } => ColorScale.Jet,
            { Sign: HeatMapSign.Magnitude } => ColorScale.Sequential,
            _ => ColorScale.Diverging,
        };
    }

    /// <summary>
    /// What is said of an answer below its picture: model, method, stretch and windows, findings; a sentence or two each.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="recording">The recording as its file has it.</param>
    public static IReadOnlyList<string> Notes(EcgClassification answer, EcgSignal recording)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(recording);
        var (stretch, seconds) = (answer.Stretch, recording.Length / recording.SamplingRate);
        var notes = new List<string>
        {
            $"Model: {answer.Model}, task {answer.Task}, {answer.Backend} backend. SHA-256 of the model file: {answer.ModelSha256}.",
        };
        if (answer.Scores.FirstOrDefault(s => s.HeatMap is not null)?.HeatMap is { } map)
            notes.Add($"Map: {Method(map)}, in {Unit(map)}; "
                + $"{(map.LeadSamples is null ? "one strip for all leads (when, not in which lead)" : "resolved by lead")}."
                + (map.CompletenessError is { } error ? $" Relative completeness error {Nice.Text(error)}." : ""));
        notes.Add($"Looked at: {Nice.Text(stretch.Start, 2)} to {Nice.Text(stretch.End, 2)} s of {Nice.Text(seconds, 2)} s"
            + (answer.Windows.Count > 1 ? $", in {answer.Windows.Count} windows." : ".")
            + $" Traces: the recording's own samples, {Nice.Text(recording.SamplingRate)} Hz.");
        notes.Add(answer.Findings.Count == 0
            ? "Findings: none."
            : "Findings: " + string.Join(" ", answer.Findings.OrderByDescending(f => f.Severity)
                .Select(f => $"({f.Severity.ToString().ToLowerInvariant()}) {Sentence(f)}")));
        return notes;
    }

    /// <summary>What is decided of a class, in a word or two.</summary>
    public static string DecisionOf(ClassDecision decision) => decision switch
    {
        ClassDecision.Present => "detected",
        ClassDecision.Absent => "not detected",
        _ => "not decided",
    };

    /// <summary>What a map's values are, for a colour bar.</summary>
    private static string Method(HeatMap map) =>
        map.Kind is { } kind ? $"{map.Method} ({kind.ToString().ToLowerInvariant()})" : map.Method;

    internal static string Unit(HeatMap map) => map.Unit switch
    {
        HeatMapUnits.Logit => "evidence (logit)",
        HeatMapUnits.Share => "share of the map",
        HeatMapUnits.LogitPerSample => "logit per unit",
        _ => map.Method.Length > 0 ? map.Method : "evidence",
    };

    /// <summary>The classes with a map, in the answer's order.</summary>
    internal static CamClass[] Classes(EcgClassification answer, double mapStart) =>
        [.. answer.Scores.Where(s => s.HeatMap is not null).Select(s =>
            new CamClass(s.HeatMap!, s.Probability, answer.TaskKind == TaskKind.Multiclass ? null : s.Threshold)
            {
                Decision = DecisionOf(s.Decision),
                MapRate = answer.SamplingRate,
                MapStart = mapStart,
            })];

    /// <summary>
    /// The part of the recording that was looked at, in the file's samples, and the leads that the model saw where the file has others.
    /// </summary>
    internal static (EcgSignal Signal, double Start) Cut(EcgSignal recording, EcgClassification answer)
    {
        var rate = recording.SamplingRate;
        var from = (int)Math.Round(answer.Stretch.Start * rate);
        var to = Math.Min(recording.Length, (int)Math.Round(answer.Stretch.End * rate));
        if (from < 0 || from >= to)
            throw new ArgumentException(
                $"the answer looked at {answer.Stretch.Start} to {answer.Stretch.End} s; the recording has {recording.Length / rate} s",
                nameof(answer));
        var whole = WithSeenLeads(recording, answer);
        if (from == 0 && to == recording.Length)
            return (whole, 0);
        var samples = new float[whole.Layout.LeadCount * (to - from)];
        for (var lead = 0; lead < whole.Layout.LeadCount; lead++)
            whole.Lead(lead)[from..to].CopyTo(samples.AsSpan(lead * (to - from)));
        return (new EcgSignal(samples, new SignalLayout(whole.Leads, to - from, rate)), from / rate);
    }

    private static (EcgSignal Signal, CamClass[] Classes, CamPlotOptions Options) Prepare(
        EcgSignal recording, EcgClassification answer, CamPlotOptions options)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(answer);
        var map = answer.Scores.FirstOrDefault(s => s.HeatMap is not null)?.HeatMap
            ?? throw new ArgumentException("no class of the answer has a heat map", nameof(answer));
        var (signal, start) = Cut(recording, answer);
        return (signal, Classes(answer, answer.Stretch.Start - start), options with
        {
            Title = $"{options.Title ?? answer.Recording ?? "Recording"}, {answer.Model}, {MethodOf(map)}",
            Colors = ColorsOf(map),
            MapUnit = Unit(map),
            Start = start,
            Notes = [.. options.Notes, .. Notes(answer, recording)],
        });
    }

    private static string MethodOf(HeatMap map) => map.Kind switch
    {
        CamKind.Exact => "class activation map",
        CamKind.Paper => "class activation map as published",
        _ => map.Method,
    };

    /// <summary>Leads that the model saw and the file lacks are derived as the model's were; the file's others stay.</summary>
    private static EcgSignal WithSeenLeads(EcgSignal recording, EcgClassification answer)
    {
        var seen = answer.Scores.Select(s => s.HeatMap?.LeadSamples?.Keys).FirstOrDefault(k => k is not null) ?? [];
        var has = recording.Leads.Select(LeadNames.Canonical).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string[] missing = [.. seen.Where(lead => !has.Contains(LeadNames.Canonical(lead)))];
        return missing.Length == 0 ? recording : LeadMap.Select(recording, [.. recording.Leads, .. missing]);
    }

    private static string Sentence(EcgFinding finding) => finding.Sentence.EndsWith('.') ? finding.Sentence : finding.Sentence + ".";
}
