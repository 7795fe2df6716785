using SignalCam.Abstractions;

namespace SignalCam.Reporting;

/// <summary>
/// Draws a long recording on one sheet: an overview of the whole with what each window was answered and where the evidence lies, and below
/// it the rhythm lead in rows, as a full disclosure.
/// </summary>
/// <remarks>The same input gives the same text.</remarks>
public static class StripPlot
{
    private const double Width = 297;
    private const double Left = 24;
    private const double Gain = 5;
    private const double RowHeight = 12;
    private const double BandHeight = 5;
    private const double WindowHeight = 9;
    private const double Column = 0.2;
    private const int MostRows = 30;
    private const string Shade = "#e4e7ea";
    private static readonly double[] s_rowSeconds = [10, 20, 30, 60, 120, 300, 600, 1800, 3600];

    private static double Room => Width - Left - EcgSheet.Margin;

    /// <summary>Draws the picture.</summary>
    /// <param name="recording">The recording as its file has it, in millivolt.</param>
    /// <param name="answer">What a model says of it, with at least one heat map.</param>
    /// <param name="options">Null for the defaults; layout and columns do not count.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No class has a heat map.</exception>
    public static string Render(EcgSignal recording, EcgClassification answer, CamPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(answer);
        options ??= new CamPlotOptions();
        var shown = answer.Scores.Where(s => s.HeatMap is not null).ToArray();
        if (shown.Length == 0)
            throw new ArgumentException("no class of the answer has a heat map", nameof(answer));
        var map = shown[0].HeatMap!;
        var colors = AnswerPicture.ColorsOf(map);
        options = options with { Colors = options.IsGrey ? colors.InGrey : colors, MapUnit = AnswerPicture.Unit(map) };
        var classes = AnswerPicture.Classes(answer, answer.Stretch.Start);
        CamMap[] maps = [.. classes.Select(c => CamMap.Of(c, recording.Layout))];
        var lead = EcgSheet.RhythmLead(recording.Layout, options.RhythmLead);
        var limit = options.Limit ?? CamPlot.LimitOf(maps, options.Colors);
        var (body, seconds) = (new Markup(), recording.Length / recording.SamplingRate);
        var perRow = s_rowSeconds.FirstOrDefault(s => seconds / s <= MostRows, s_rowSeconds[^1]);
        var free = CamPlot.ColorBar(body, Width, options, limit);
        var title = $"{options.Title ?? answer.Recording ?? "Recording"}, {answer.Model}";
        var y = EcgPage.Header(body, free - EcgSheet.Margin, Width - (2 * EcgSheet.Margin), title,
            $"{Time(seconds)}, lead {recording.Leads[lead]}, {Nice.Text(Room / perRow, 2)} mm/s, {Nice.Text(Gain)} mm/mV, "
            + $"{Nice.Text(recording.SamplingRate)} Hz");
        var band = new HeatBand(options.Colors, limit);
        for (var i = 0; i < classes.Length; i++)
            y = Overview(body, y, classes[i], maps[i], answer, shown[i], lead, seconds, band);
        y = Axis(body, y, seconds) + 3;
        // Behind the rows stands the class that matters most: called, or else the most probable.
        var first = Array.IndexOf(shown, shown.MaxBy(s => (s.Decision == ClassDecision.Present, s.Probability)));
        y = EcgPage.Paragraph(body, EcgSheet.Margin, y, Width - (2 * EcgSheet.Margin),
            $"Lead {recording.Leads[lead]}, {Nice.Text(perRow)} s a row, over the evidence for {classes[first].Class}.",
            isStrong: true) + 3;
        for (var from = 0.0; from < seconds; from += perRow)
        {
            Row(body, y, recording, lead, from, Math.Min(seconds, from + perRow), perRow, maps[first], band);
            y += RowHeight;
        }
        y += 1;
        foreach (var note in options.Notes.Concat(AnswerPicture.Notes(answer, recording)))
            y = EcgPage.Paragraph(body, EcgSheet.Margin, y, Width - (2 * EcgSheet.Margin), note);
        y = EcgPage.Paragraph(body, EcgSheet.Margin, y, Width - (2 * EcgSheet.Margin), CamPlotOptions.ResearchUse, isStrong: true) + 3;
        var svg = EcgPage.Document(
            Width, y, title, $"{recording.Layout}: overview and rhythm. " + string.Join("; ", classes.Select(c => c.Caption())), body);
        return options.IsGrey ? Greyscale.Of(svg) : svg;
    }

    /// <summary>The caption of a class, its evidence over the whole recording, and what each window was answered.</summary>
    private static double Overview(
        Markup body, double y, CamClass shown, CamMap map, EcgClassification answer, ClassScore score, int lead,
        double seconds, HeatBand band)
    {
        y = EcgPage.Paragraph(body, EcgSheet.Margin, y, Width - (2 * EcgSheet.Margin), shown.Caption()) + 1.5;
        var perSecond = Room / seconds;
        Label(body, y + (BandHeight / 2), "evidence");
        body.Add($"""<rect x="{Left}" y="{y}" width="{Room}" height="{BandHeight}" fill="{Shade}"/>""");
        DrawMap(body, map, lead, 0, seconds, Left, perSecond, y, y + BandHeight, band);
        y += BandHeight + 1;
        if (answer.Windows.Count < 2)
            return y + 1;
        Label(body, y + (WindowHeight / 2), "windows");
        body.Add($"""<rect x="{Left}" y="{y}" width="{Room}" height="{WindowHeight}" fill="{Shade}"/><g fill="{Palette.Series(0)}">""");
        for (var w = 0; w < answer.Windows.Count; w++)
        {
            var (from, to) = Share(answer.Windows, w);
            var probability = answer.Windows[w].Scores.First(s => s.Class == score.Class).Probability;
            var color = probability > score.Threshold ? Palette.Alarm : Palette.Series(0);
            body.Add($"""<rect x="{Left + (from * perSecond)}" y="{y + (WindowHeight * (1 - probability))}" """
                + $"""width="{(to - from) * perSecond}" height="{WindowHeight * probability}" fill="{color}"/>""");
        }
        var threshold = y + (WindowHeight * (1 - score.Threshold));
        body.Add($"""</g><path d="M{Left} {threshold}h{Room}" stroke="{Palette.Ink}" stroke-width=".2" stroke-dasharray="1 1"/>""");
        return y + WindowHeight + 2;
    }

    /// <summary>Where a window's bar reaches: windows that overlap share what they have in common.</summary>
    private static (double From, double To) Share(IReadOnlyList<EcgWindow> windows, int at)
    {
        var stretch = windows[at].Stretch;
        var from = at == 0 ? stretch.Start : (windows[at - 1].Stretch.End + stretch.Start) / 2;
        var to = at == windows.Count - 1 ? stretch.End : (stretch.End + windows[at + 1].Stretch.Start) / 2;
        return (from, Math.Max(from, to));
    }

    private static double Axis(Markup body, double y, double seconds)
    {
        var step = Nice.AtLeast(seconds / 12);
        if (seconds > 120)
            step = Math.Max(1, Math.Ceiling(seconds / 12 / 60)) * 60;
        body.Add($"""<g font-size="2.8" fill="{Palette.Muted}" text-anchor="middle">""");
        for (var second = 0.0; second <= seconds + 1e-9; second += step)
        {
            var x = Left + (second / seconds * Room);
            body.Add($"""<path d="M{x} {y}v1.2" stroke="{Palette.Muted}" stroke-width=".25"/><text x="{x}" """
                + $"""y="{y + 4.4}">{Time(second)}</text>""");
        }
        body.Add($"</g>");
        return y + 6;
    }

    private static void Row(Markup body, double y, EcgSignal recording, int lead, double from, double to,
        double perRow, CamMap map, HeatBand band)
    {
        var perSecond = Room / perRow;
        Label(body, y + (RowHeight / 2), Time(from));
        body.Add($"""<rect x="{Left}" y="{y + 0.3}" width="{(to - from) * perSecond}" height="{RowHeight - 0.6}" fill="none" """
            + $"""stroke="{Palette.Rule}" stroke-width=".15"/>""");
        DrawMap(body, map, lead, from, to, Left, perSecond, y + 0.3, y + RowHeight - 0.3, band);
        var rate = recording.SamplingRate;
        var (first, last) = ((int)Math.Round(from * rate), Math.Min(recording.Length, (int)Math.Round(to * rate)));
        var path = new System.Text.StringBuilder();
        var samples = recording.Lead(lead)[first..last];
        var perColumn = Math.Max(1, (int)Math.Floor(Column / perSecond * rate));
        for (var start = 0; start < samples.Length; start += perColumn)
            Append(path, samples[start..Math.Min(samples.Length, start + perColumn)],
                Left + ((start + (perColumn / 2.0)) / rate * perSecond), y + (RowHeight * 0.6), y, y + RowHeight);
        body.Add($"""<path fill="none" stroke="#000000" stroke-width=".22" stroke-linejoin="round" d="{path.ToString()}"/>""");
    }

    /// <summary>A column of the trace: from its largest to its least value. A gap begins a new line.</summary>
    private static void Append(
        System.Text.StringBuilder path, ReadOnlySpan<float> samples, double x, double zero, double top, double bottom)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in samples)
            if (float.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low > high)
        {
            path.Append(' ');
            return;
        }
        path.Append(path.Length == 0 || path[^1] == ' ' ? 'M' : 'L').Append(Markup.Number(x)).Append(' ')
            .Append(Markup.Number(Height(high)));
        if (high > low)
            path.Append('V').Append(Markup.Number(Height(low)));

        double Height(float value) => Math.Clamp(zero - (value * Gain), top, bottom);
    }

    /// <summary>A map over a stretch of time; of several values in a column the one of the largest magnitude is seen.</summary>
    private static void DrawMap(
        Markup body, CamMap map, int lead, double from, double to, double x, double perSecond, double top, double bottom, HeatBand band)
    {
        if (map.Of(lead) is not { Length: > 0 } values)
            return;
        var first = Math.Clamp((int)Math.Floor(((from - map.Start) * map.Rate) + 0.5), 0, values.Length);
        var end = Math.Clamp((int)Math.Ceiling(((to - map.Start) * map.Rate) + 0.5), first, values.Length);
        var perColumn = Math.Max(1, (int)Math.Floor(Column / perSecond * map.Rate));
        float[] columns = [.. values[first..end].Chunk(perColumn).Select(c => c.MaxBy(v => float.IsFinite(v) ? Math.Abs(v) : -1))];
        var dx = perColumn / map.Rate * perSecond;
        var start = x + ((map.Start + (first / map.Rate) - from) * perSecond);
        band.Draw(body, columns, start + (dx / 2), dx, top, bottom, x, x + ((to - from) * perSecond));
    }

    private static void Label(Markup body, double y, string text) =>
        body.Add($"""<text x="{Left - 2}" y="{y + 1}" font-size="2.8" fill="{Palette.Muted}" text-anchor="end">{text}</text>""");

    /// <summary>Seconds below two minutes, else minutes and seconds, or hours.</summary>
    private static string Time(double seconds) => seconds < 120 ? $"{Nice.Text(seconds, 1)} s"
        : TimeSpan.FromSeconds(seconds)
            .ToString(seconds < 3600 ? @"m\:ss" : @"h\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture);
}
