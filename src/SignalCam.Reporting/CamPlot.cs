using SignalCam.Abstractions;

namespace SignalCam.Reporting;

/// <summary>Options of a heat-map picture.</summary>
public sealed record CamPlotOptions
{
    /// <summary>Heading, such as the record's id; default "Class activation map".</summary>
    public string? Title { get; init; }

    /// <summary>The arrangement of the leads on the sheet; default <see cref="EcgLayout.Stacked"/>.</summary>
    public EcgLayout Layout { get; init; } = EcgLayout.Stacked;

    /// <summary>Unit and height of the samples; default 10 mm/mV.</summary>
    public EcgScale Scale { get; init; } = EcgScale.Millivolt;

    /// <summary>The lead of the rhythm strip; default "II". Where the recording has no such lead, its first one is taken.</summary>
    public string RhythmLead { get; init; } = "II";

    /// <summary>Colours of the map; default <see cref="ColorScale.Diverging"/>, for signed maps.</summary>
    public ColorScale Colors { get; init; } = ColorScale.Diverging;

    /// <summary>The label of the colour bar; default "evidence (logit)", the unit of the exact CAM.</summary>
    public string MapUnit { get; init; } = "evidence (logit)";

    /// <summary>
    /// The value that takes the last colour, above 0; larger ones take it, too. Default: the largest magnitude of all maps in the picture,
    /// so that its classes can be compared; 1 for <see cref="ColorScale.Jet"/>, whose maps are scaled to [0, 1].
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>
    /// How many classes stand side by side before the next row of sheets begins, at least 1; default 1: below each other.
    /// </summary>
    public int Columns { get; init; } = 1;

    /// <summary>
    /// Sentences below the sheets, such as the model, what was scored, and the findings about the recording. Default none.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What somebody has measured; those outside of what is drawn are left out. Default none.</summary>
    public IReadOnlyList<EcgCaliper> Calipers { get; init; } = [];

    /// <summary>Seconds from the start of the recording to the first sample that is drawn, for the time axis. Default 0.</summary>
    public double Start { get; init; }

    /// <summary>
    /// Whether the picture is for a printer without colours: signed maps go from dark to white, and nothing has a colour. Default false.
    /// </summary>
    public bool IsGrey { get; init; }

    /// <summary>The note below every picture with an answer.</summary>
    public const string ResearchUse = "Research use. Not a medical device.";
}

/// <summary>
/// Draws heat maps behind the traces of a recording as SVG, to scale like <see cref="EcgPlot"/>, on grey paper: all colour is the map's.
/// </summary>
/// <remarks>
/// A map that is one strip for all leads is drawn as such across the rows. Several classes are sheets on one colour scale, below each other
/// or side by side. The same input gives the same text.
/// </remarks>
public static class CamPlot
{
    private const string PaperGrey = "#70757c";
    private const double CaptionSize = 4.4;
    private const double CaptionLine = 6;

    /// <summary>Room for heading, colour bar and caption, however short the recording is.</summary>
    private const double NarrowestPage = 190;

    /// <summary>Draws the maps of one or more classes over one recording.</summary>
    /// <param name="signal">Samples in mV, or in the unit of the options' scale.</param>
    /// <param name="classes">At least one, in the order to show them.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No class, or a map that fits neither the length nor leads x length.</exception>
    public static string Render(EcgSignal signal, IReadOnlyList<CamClass> classes, CamPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(classes);
        options ??= new CamPlotOptions();
        if (options.IsGrey)
            return Greyscale.Of(Render(signal, classes, options with { IsGrey = false, Colors = options.Colors.InGrey }));
        Check(classes, options);
        CamMap[] maps = [.. classes.Select(c => CamMap.Of(c, signal.Layout))];
        var title = options.Title ?? "Class activation map";
        var sheet = EcgSheet.Arrange([signal], options.Layout, options.Scale, options.RhythmLead, options.Start);
        var limit = options.Limit ?? LimitOf(maps, options.Colors);
        var columns = Math.Min(options.Columns, classes.Count);
        var width = Math.Max(columns * sheet.Width, NarrowestPage);
        var room = width - (2 * EcgSheet.Margin);
        var body = new Markup();
        var free = ColorBar(body, width, options, limit);
        var y = EcgPage.Header(body, free - EcgSheet.Margin, room, title, $"{options.Scale.Text}, {Nice.Text(signal.SamplingRate)} Hz");
        var captions =
            classes.Select(c => TextWidth.Wrap(
                c.Caption(), CaptionSize * TextWidth.Bold, columns == 1 ? room : sheet.Width - (2 * EcgSheet.Margin))).ToArray();
        for (var i = 0; i < classes.Count; i++)
        {
            var x = i % columns * sheet.Width;
            // Sheets of one row begin at the same height.
            var lines = captions.Skip(i / columns * columns).Take(columns).Max(c => c.Count);
            var captionHeight = 2.5 + (CaptionLine * lines);
            for (var line = 0; line < captions[i].Count; line++)
                body.Add($"""<text x="{x + EcgSheet.Margin}" y="{y + 5 + (CaptionLine * line)}" font-size="{CaptionSize}" """
                    + $"""font-weight="600" fill="{Palette.Ink}">{captions[i][line]}</text>""");
            body.Add($"""<g transform="translate({x} {y + captionHeight})">""");
            DrawSheet(body, sheet, signal, maps[i], options.Colors, limit, isFirst: i == 0);
            sheet.Calipers(body, options.Calipers);
            body.Add($"</g>");
            if (i % columns == columns - 1 || i == classes.Count - 1)
                y += captionHeight + sheet.Height + 2;
        }
        foreach (var note in options.Notes)
            y = EcgPage.Paragraph(body, EcgSheet.Margin, y, room, note);
        y = EcgPage.Paragraph(body, EcgSheet.Margin, y, room, CamPlotOptions.ResearchUse, isStrong: true) + 3;
        var description = $"{signal.Layout} drawn at {options.Scale.Text} over heat maps, {options.MapUnit}, {options.Colors.Name} scale "
            + $"to {Nice.Text(limit)}. "
            + string.Join("; ", classes.Select(c => c.Caption()));
        return EcgPage.Document(width, y, title, description, body);
    }

    /// <summary>Draws a map and the recording on it; the first one's grid and traces are used by those that follow.</summary>
    internal static void DrawSheet(Markup body, EcgSheet sheet, EcgSignal signal, CamMap map, ColorScale colors, double limit, bool isFirst)
    {
        Bands(body, sheet, signal.Layout, map, new HeatBand(colors, limit));
        if (isFirst)
            Sheet(body, sheet, signal);
        else
            body.Add($"""<use href="#sheet"/>""");
    }

    internal static void Check(IReadOnlyList<CamClass> classes, CamPlotOptions options)
    {
        if (classes.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one class", nameof(classes));
        if (options.Limit is { } limit && !(limit > 0 && double.IsFinite(limit)))
            throw new ArgumentException($"Limit is {limit}; it is a positive number", nameof(options));
        if (options.Columns < 1)
            throw new ArgumentException($"Columns is {options.Columns}; it is at least 1", nameof(options));
    }

    internal static double LimitOf(IEnumerable<CamMap> maps, ColorScale colors)
    {
        if (colors == ColorScale.Jet)
            return 1;
        var high = maps.SelectMany(map => map.Values).Where(float.IsFinite)
            .Select(v => colors.IsSigned ? Math.Abs(v) : v).DefaultIfEmpty(0).Max();
        return high > 0 ? Nice.CeilingTwoDigits(high) : 1;
    }

    private static void Sheet(Markup body, EcgSheet sheet, EcgSignal signal)
    {
        body.Add($"""<g id="sheet">""");
        sheet.Grid(body, PaperGrey, 0.4);
        sheet.Furniture(body, [signal]);
        sheet.Trace(body, signal, "#000000", 0.34);
        body.Add($"</g>");
    }

    private static void Bands(Markup body, EcgSheet sheet, SignalLayout layout, CamMap map, HeatBand band)
    {
        var bands = map.IsPerLead
            ? sheet.Lanes.Select(lane => (Lane: lane, lane.Bottom))
            : sheet.Lanes.GroupBy(lane => (lane.From, lane.Count)).Select(rows => (Lane: rows.First(), rows.Last().Bottom));
        // A sample of the recording covers half a step on either side of its moment, and so does a value of the map.
        var (half, dx) = (0.5 / layout.SamplingRate, sheet.Speed / map.Rate);
        foreach (var (lane, bottom) in bands)
        {
            if (map.Of(lane.Lead) is not { Length: > 0 } values)
                continue;
            var (from, to) = ((lane.From / layout.SamplingRate) - half, ((lane.From + lane.Count) / layout.SamplingRate) - half);
            var first = Math.Clamp((int)Math.Floor(((from - map.Start) * map.Rate) + 0.5 + 1e-6), 0, values.Length);
            var end = Math.Clamp((int)Math.Ceiling(((to - map.Start) * map.Rate) + 0.5 - 1e-6), first, values.Length);
            var x = lane.X + ((map.Start + (first / map.Rate) - (lane.From / layout.SamplingRate)) * sheet.Speed);
            band.Draw(body, values.AsSpan(first, end - first), x, dx, lane.Top, bottom,
                lane.X - (half * sheet.Speed), lane.X + ((to - (lane.From / layout.SamplingRate)) * sheet.Speed));
        }
        // A little white between the rows keeps each lead's band apart.
        foreach (var top in sheet.Lanes.Select(lane => lane.Top).Where(top => top > 0).Distinct())
            body.Add($"""<path d="M{EcgSheet.TraceStart - 1} {top}h{(sheet.Seconds * sheet.Speed) + 2}" stroke="{Palette.Paper}" """
                + $"""stroke-width=".7"/>""");
    }

    /// <summary>Draws the scale at the right of the heading and returns up to where the heading's space is left free.</summary>
    internal static double ColorBar(Markup body, double width, CamPlotOptions options, double limit)
    {
        const double length = 70;
        const double end = 12;
        const double top = 4.2;
        const double bottom = 7.6;
        const int steps = 280;
        var left = width - EcgSheet.Margin - end - length;
        var unit = TextWidth.Fit(options.MapUnit, 3.2, 50);
        body.Add($"""<g font-size="3.2" fill="{Palette.Ink}"><text x="{left - 4}" y="{bottom - 0.7}" text-anchor="end">{unit}</text>""");

        var low = options.Colors.IsSigned ? -limit : 0;
        float[] ramp = [.. Enumerable.Range(0, steps).Select(i => (float)(low + ((limit - low) * (i + 0.5) / steps)))];
        new HeatBand(options.Colors, limit).Draw(body, ramp, left + (length / steps / 2), length / steps, top, bottom);
        body.Add($"""<rect x="{left}" y="{top}" width="{length}" height="{bottom - top}" fill="none" stroke="{Palette.Muted}" """
            + $"""stroke-width=".15"/>""");
        body.Add($"""<g text-anchor="middle">""");
        Tick(left, options.Colors.IsSigned ? $"{Nice.Text(-limit)} against" : "0");
        Tick(left + (length / 2), options.Colors.IsSigned ? "0" : Nice.Text(limit / 2));
        Tick(left + length, options.Colors.IsSigned ? $"+{Nice.Text(limit)} for" : Nice.Text(limit));
        body.Add($"</g></g>");
        return left - 8 - TextWidth.Of(unit, 3.2);

        void Tick(double x, string text) =>
            body.Add($"""<path d="M{x} {bottom}v.9" stroke="{Palette.Muted}" stroke-width=".2"/><text x="{x}" """
                + $"""y="{bottom + 4.1}">{text}</text>""");
    }
}
