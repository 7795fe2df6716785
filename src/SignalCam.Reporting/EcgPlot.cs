using SignalCam.Abstractions;

namespace SignalCam.Reporting;

/// <summary>A recording with the name it has in a legend or above its panel.</summary>
/// <param name="Name">"recording", "trend", "before", "after time shift".</param>
/// <param name="Signal">The samples, in the unit of the plot's <see cref="EcgPlotOptions.Scale"/>.</param>
public sealed record EcgTrace(string Name, EcgSignal Signal);

/// <summary>Options of an ECG plot.</summary>
public sealed record EcgPlotOptions
{
    /// <summary>Heading, such as the record's id; default "12-lead ECG" with the recording's number of leads.</summary>
    public string? Title { get; init; }

    /// <summary>The arrangement of the leads on the sheet; default <see cref="EcgLayout.Stacked"/>.</summary>
    public EcgLayout Layout { get; init; } = EcgLayout.Stacked;

    /// <summary>Unit and height of the samples; default 10 mm/mV.</summary>
    public EcgScale Scale { get; init; } = EcgScale.Millivolt;

    /// <summary>The lead of the rhythm strip; default "II". Where the recording has no such lead, its first one is taken.</summary>
    public string RhythmLead { get; init; } = "II";

    /// <summary>What somebody has measured; those outside of what is drawn are left out. Default none.</summary>
    public IReadOnlyList<EcgCaliper> Calipers { get; init; } = [];
}

/// <summary>
/// Draws recordings on ECG paper as SVG, to scale: one user unit is one mm, 25 mm a second, 10 mm a mV, so that a print at 100 % can be
/// measured.
/// </summary>
/// <remarks>
/// Leads are shown in the standard order whatever the recording's. NaN and infinite samples leave a gap. Samples more than 40 mm from
/// the baseline are cut off, with an orange mark. The same input gives the same text.
/// </remarks>
public static class EcgPlot
{
    private const string PaperRed = "#e0555f";

    /// <summary>Draws one recording.</summary>
    /// <param name="signal">Samples in mV, or in the unit of the options' scale.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>A complete SVG document.</returns>
    public static string Render(EcgSignal signal, EcgPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Render([new EcgTrace("recording", signal)], options);
    }

    /// <summary>
    /// Draws several traces over each other on one sheet, with a legend: a recording and its trend, or before and after an augmentation.
    /// </summary>
    /// <param name="traces">At least one; the first is black. All have the same leads, length and rate.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No trace, or the traces' layouts differ.</exception>
    public static string Render(IReadOnlyList<EcgTrace> traces, EcgPlotOptions? options = null)
    {
        CheckSameLayout(traces);
        return Draw([traces], options ?? new EcgPlotOptions(), captions: false);
    }

    /// <summary>Draws traces on sheets below each other, each with its name above it: before and after an augmentation.</summary>
    /// <inheritdoc cref="Render(IReadOnlyList{EcgTrace}, EcgPlotOptions?)"/>
    public static string RenderPanels(IReadOnlyList<EcgTrace> traces, EcgPlotOptions? options = null)
    {
        CheckSameLayout(traces);
        return Draw([.. traces.Select(trace => new[] { trace })], options ?? new EcgPlotOptions(), captions: true);
    }

    private static string Draw(IReadOnlyList<IReadOnlyList<EcgTrace>> panels, EcgPlotOptions options, bool captions)
    {
        var layout = panels[0][0].Signal.Layout;
        var title = options.Title ?? $"{layout.LeadCount}-lead ECG";
        // One arrangement for all panels, so that they can be compared row by row.
        var sheet = EcgSheet.Arrange(
            [.. panels.SelectMany(p => p).Select(t => t.Signal)], options.Layout, options.Scale, options.RhythmLead);
        // Room for heading and legend, however short the recording is.
        var width = Math.Max(sheet.Width, panels[0].Count > 1 ? 220 : 120);
        var body = new Markup();
        var header = EcgPage.Header(body, width - (2 * EcgSheet.Margin), width - (2 * EcgSheet.Margin), title,
            $"{options.Scale.Text}, {Nice.Text(layout.SamplingRate)} Hz");
        if (panels[0].Count > 1)
            EcgPage.Legend(body, width, panels[0]);
        var y = header;
        foreach (var traces in panels)
        {
            if (captions)
            {
                y += 6;
                body.Add($"""<text x="{EcgSheet.Margin}" y="{y - 1.8}" font-size="4" font-weight="600" """
                    + $"""fill="{Palette.Ink}">{traces[0].Name}</text>""");
            }
            body.Add($"""<g transform="translate(0 {y})">""");
            sheet.Grid(body, PaperRed, 0.6);
            sheet.Furniture(body, [.. traces.Select(t => t.Signal)]);
            for (var i = 0; i < traces.Count; i++)
                sheet.Trace(body, traces[i].Signal, EcgPage.TraceColor(i), i == 0 ? 0.3 : 0.35);
            sheet.Calipers(body, options.Calipers);
            body.Add($"</g>");
            y += sheet.Height;
        }
        var names = string.Join(", ", panels.SelectMany(p => p).Select(t => t.Name));
        return EcgPage.Document(width, y + 1, title, $"{layout} drawn at {options.Scale.Text}: {names}", body);
    }

    private static void CheckSameLayout(IReadOnlyList<EcgTrace> traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one trace", nameof(traces));
        foreach (var trace in traces)
            if (!trace.Signal.Layout.Equals(traces[0].Signal.Layout))
                throw new ArgumentException(
                    $"'{trace.Name}' has {trace.Signal.Layout}, '{traces[0].Name}' has {traces[0].Signal.Layout}; traces of one picture "
                    + "have the same layout", nameof(traces));
    }
}
