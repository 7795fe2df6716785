using SignalCam.Abstractions;
using SignalCam.Core.Measurements;

namespace SignalCam.Reporting;

/// <summary>What a page for hand-over shows besides recording and answer.</summary>
public sealed record RecordingPageOptions
{
    /// <summary>What the recording is called; default the answer's.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// A sentence on each class, such as how far its probability can be read as a frequency, by the class's name. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();

    /// <summary>The lead of the rhythm strip and of the evidence; default "II".</summary>
    public string RhythmLead { get; init; } = "II";

    /// <summary>Whether the page is for a printer without colours. Default false.</summary>
    public bool IsGrey { get; init; }
}

/// <summary>
/// Draws a recording with what is said of it on one landscape A4 page: 3x4 with rhythm strip to scale, measurements, answers in words,
/// findings, and the evidence of the classes that are called.
/// </summary>
/// <remarks>The same input gives the same text.</remarks>
public static class RecordingPage
{
    private const double Width = 297;
    private const double Height = 210;
    private const double Margin = EcgSheet.Margin;
    private const double ShownSeconds = 10;
    private const double EvidenceHeight = 11;
    private const int MostEvidence = 3;
    private const double LeastText = 46;
    private const double Line = 3.5;
    private const double FontSize = 2.6;

    /// <summary>Draws the page.</summary>
    /// <param name="recording">The recording as its file has it, in millivolt.</param>
    /// <param name="answer">What a model says of it.</param>
    /// <param name="measured">Its measurements.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>A complete SVG document of 297 x 210 mm.</returns>
    public static string Render(
        EcgSignal recording, EcgClassification answer, EcgMeasurements measured, RecordingPageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(measured);
        options ??= new RecordingPageOptions();
        var title = options.Title ?? answer.Recording ?? "Recording";
        var body = new Markup();
        var (shown, start) = Shown(recording, answer);
        var seconds = recording.Length / recording.SamplingRate;
        var evidence = answer.Scores.Where(s => s.HeatMap is not null && s.Decision == ClassDecision.Present)
            .OrderByDescending(s => s.Probability).Take(MostEvidence).ToArray();
        var top = Header(body, title, $"{Nice.Text(start, 2)} to {Nice.Text(start + (shown.Length / shown.SamplingRate), 2)} s of "
            + $"{Nice.Text(seconds, 2)} s, {Nice.Text(recording.SamplingRate)} Hz");
        var room = Height - top - LeastText - (evidence.Length * (EvidenceHeight + 5));
        var (sheet, scale) = Arrange(shown, options.RhythmLead, room, start);
        body.Add($"""<text x="{Width - Margin}" y="8" font-size="3" fill="{Palette.Muted}" """
            + $"""text-anchor="end">{scale.Text}{(sheet.Height > room ? ", reduced to fit" : "")}</text>""");
        var reduced = Math.Min(1, room / sheet.Height);
        body.Add($"""<g transform="translate({(Width - (sheet.Width * reduced)) / 2} {top}) scale({reduced})">""");
        sheet.Grid(body, "#e0555f", 0.6);
        sheet.Furniture(body, [shown]);
        sheet.Trace(body, shown, Palette.Ink);
        body.Add($"</g>");
        var y = top + Math.Min(room, sheet.Height) + 1;
        y = Evidence(body, y, shown, start, answer, evidence, options);
        Columns(body, y + 1, recording, answer, measured, options);
        var svg = EcgPage.Document(Width, Height, title, $"{recording.Layout}, measurements, answers and findings", body);
        return options.IsGrey ? Greyscale.Of(svg) : svg;
    }

    private static double Header(Markup body, string title, string note)
    {
        var y = 4.0;
        foreach (var line in TextWidth.Wrap(title, 4.2 * TextWidth.Bold, 200))
            body.Add($"""<text x="{Margin}" y="{y += 4.6}" font-size="4.2" font-weight="600" fill="{Palette.Ink}">{line}</text>""");
        body.Add($"""<text x="{Width - Margin}" y="12" font-size="3" fill="{Palette.Muted}" text-anchor="end">{note}</text>""");
        return Math.Max(y, 12) + 2;
    }

    /// <summary>
    /// At most ten seconds: of a longer recording the window in which the called class is most probable, else the beginning of the stretch.
    /// </summary>
    private static (EcgSignal Signal, double Start) Shown(EcgSignal recording, EcgClassification answer)
    {
        var called = answer.Scores.MaxBy(s => (s.Decision == ClassDecision.Present, s.Probability))!;
        var start = answer.Windows.Count > 1
            ? answer.Windows.MaxBy(w => w.Scores.First(s => s.Class == called.Class).Probability)!.Stretch.Start
            : answer.Stretch.Start;
        var seconds = Math.Min(ShownSeconds, answer.Stretch.End - start);
        return AnswerPicture.Cut(recording, answer with { Stretch = new EcgStretch(start, seconds) });
    }

    private static (EcgSheet Sheet, EcgScale Scale) Arrange(EcgSignal signal, string rhythmLead, double room, double start)
    {
        var scale = EcgScale.Millivolt;
        var sheet = EcgSheet.Arrange([signal], EcgLayout.ThreeRows, scale, rhythmLead, start);
        if (sheet.Height <= room)
            return (sheet, scale);
        // High voltages are written at half the gain, as electrocardiographs do.
        scale = new EcgScale("mV", 5);
        return (EcgSheet.Arrange([signal], EcgLayout.ThreeRows, scale, rhythmLead, start), scale);
    }

    private static double Evidence(
        Markup body, double y, EcgSignal shown, double start, EcgClassification answer, ClassScore[] called, RecordingPageOptions options)
    {
        if (called.Length == 0)
            return y;
        var classes = AnswerPicture.Classes(answer with { Scores = called }, answer.Stretch.Start - start);
        CamMap[] maps = [.. classes.Select(c => CamMap.Of(c, shown.Layout))];
        var colors = AnswerPicture.ColorsOf(called[0].HeatMap!);
        colors = options.IsGrey ? colors.InGrey : colors;
        var sides = !colors.IsSigned ? "" : options.IsGrey ? "light for, dark against, " : "orange for, blue against, ";
        var limit = CamPlot.LimitOf(maps, colors);
        var lead = EcgSheet.RhythmLead(shown.Layout, options.RhythmLead);
        var left = ((Width - 285) / 2) + EcgSheet.TraceStart;
        for (var i = 0; i < called.Length; i++)
        {
            var map = maps[i];
            body.Add($"""<text x="{Margin}" y="{y + 3.2}" font-size="2.8" font-weight="600" fill="{Palette.Ink}">Evidence for """
                + $"""{called[i].Class} behind {shown.Leads[lead]}: {sides}up to {Nice.Text(limit)} """
                + $"""{AnswerPicture.Unit(called[i].HeatMap!)}</text>""");
            y += 4;
            if (map.Of(lead) is { Length: > 0 } values)
            {
                var dx = EcgScale.MillimetresPerSecond / map.Rate;
                var right = left + (shown.Length / shown.SamplingRate * EcgScale.MillimetresPerSecond);
                new HeatBand(colors, limit).Draw(
                    body, values, left + (map.Start * EcgScale.MillimetresPerSecond), dx, y, y + EvidenceHeight, left, right);
            }
            double[] heights = [.. shown.Lead(lead).ToArray()
                .Select(v => Math.Clamp(y + (EvidenceHeight * 0.65) - (v * 5.0), y, y + EvidenceHeight))];
            body.Add($"""<path fill="none" stroke="#000000" stroke-width=".25" stroke-linejoin="round" """
                + $"""d="{TracePath.Data(heights, left, EcgScale.MillimetresPerSecond / shown.SamplingRate)}"/>""");
            y += EvidenceHeight + 1;
        }
        return y;
    }

    /// <summary>Measurements, answers, and what else there is to know, side by side.</summary>
    private static void Columns(
        Markup body, double y, EcgSignal recording, EcgClassification answer, EcgMeasurements measured, RecordingPageOptions options)
    {
        var bottom = Height - 7;
        List<(string, bool)> numbers =
        [
            ($"Numbers, {MeasurementText.Source}", true), .. MeasurementText.Lines(measured).Select(line => (line, false)),
        ];
        if (measured.QrsDuration is { } qrs)
            numbers.Add(($"intervals and axes from the median of {qrs.Beats.Count} of {measured.BeatTimes.Count} beats", false));
        List<(string, bool)> answers = [("Answers", true)];
        // What a calibration says holds for recordings like those that it was fitted on; one that cannot be believed is none of them.
        var isUnusable = answer.Findings.Any(f => f.Severity == FindingSeverity.Unusable);
        var words = isUnusable ? new RecordingPageOptions().Words : options.Words;
        foreach (var score in answer.Scores.OrderByDescending(s => (s.Decision == ClassDecision.Present, s.Probability)))
        {
            answers.Add((AnswerWords.Decision(score, answer.TaskKind), false));
            if (words.TryGetValue(score.Class, out var sentence) && score.Decision == ClassDecision.Present)
                answers.Add((sentence, false));
        }
        if (words.Count > 0 && answer.Scores.All(s => s.Decision != ClassDecision.Present))
            answers.Add((words.Values.First(), false));
        var notes = AnswerPicture.Notes(answer, recording);
        List<(string, bool)> rest =
        [
            ("Findings and provenance", true), (notes[^1], false), .. notes.SkipLast(1).Select(note => (note, false)),
        ];
        Column(body, Margin, 52, y, bottom, numbers);
        Column(body, Margin + 56, 122, y, bottom, answers);
        Column(body, Margin + 182, 105, y, bottom, rest);
        body.Add($"""<text x="{Margin}" y="{Height - 3}" font-size="3" font-weight="600" """
            + $"""fill="{Palette.Ink}">{CamPlotOptions.ResearchUse}</text>""");
    }

    /// <summary>Paragraphs one below the other; where a page is too short for all, it says how many lines are missing.</summary>
    private static void Column(Markup body, double x, double width, double y, double bottom, List<(string Text, bool IsStrong)> paragraphs)
    {
        var lines =
            paragraphs.SelectMany(p => TextWidth.Wrap(p.Text, FontSize * (p.IsStrong ? TextWidth.Bold : 1), width)
                .Select(line => (Text: line, p.IsStrong))).ToArray();
        var room = Math.Max(1, (int)((bottom - y) / Line));
        for (var i = 0; i < Math.Min(lines.Length, room); i++)
        {
            var isCut = i == room - 1 && lines.Length > room;
            var text = isCut ? $"({lines.Length - room + 1} more lines: see the JSON)" : lines[i].Text;
            body.Add($"""<text x="{x}" y="{y + (Line * (i + 1))}" font-size="{FontSize}" """
                + $"""font-weight="{(lines[i].IsStrong ? 600 : 400)}" fill="{Palette.Ink}">{text}</text>""");
        }
    }
}
