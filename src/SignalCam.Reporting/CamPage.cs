using System.Globalization;
using System.Text;
using System.Text.Json;
using SignalCam.Abstractions;

namespace SignalCam.Reporting;

/// <summary>
/// The picture of <see cref="CamPlot"/> as one HTML file to work with: zoom, pan, and what stands under the cursor (time, voltage,
/// evidence), by mouse, touch and keyboard. Several classes are side by side and move together. It needs nothing else, no network above
/// all.
/// </summary>
/// <remarks>
/// Without script the sheets are there all the same. `FILE#V2,3.42` opens it with the cursor on lead V2 at 3.42 s. The same input gives the
/// same text.
/// </remarks>
public static class CamPage
{
    private const double LegendHeight = 13;

    /// <summary>Writes the page of the maps of one or more classes over one recording.</summary>
    /// <param name="signal">Samples in mV, or in the unit of the options' scale.</param>
    /// <param name="classes">At least one, in the order to show them.</param>
    /// <param name="options">Null for the defaults; the page sees to columns itself.</param>
    /// <returns>A complete HTML document.</returns>
    /// <exception cref="ArgumentException">No class, or a map that fits neither the length nor leads x length.</exception>
    public static string Render(EcgSignal signal, IReadOnlyList<CamClass> classes, CamPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(classes);
        options ??= new CamPlotOptions();
        CamPlot.Check(classes, options);
        CamMap[] maps = [.. classes.Select(c => CamMap.Of(c, signal.Layout))];
        var title = options.Title ?? "Class activation map";
        var sheet = EcgSheet.Arrange([signal], options.Layout, options.Scale, options.RhythmLead, options.Start);
        var limit = options.Limit ?? CamPlot.LimitOf(maps, options.Colors);

        var html = new Markup();
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"/>
            <title>{title}</title>
            <style>
            """).AddRaw(HtmlStyle.Css).AddRaw(CamPageParts.Css).Add($"</style></head>\n<body><header><h1>{title}</h1>");
        html.Add($"""<p>{signal.Layout.ToString()}, {options.Scale.Text}. {CamPlotOptions.ResearchUse}</p></header>""").Add($"\n<main>\n");
        Tools(html, classes, options, limit);
        html.Add($"""<div class="sheets">""");
        for (var i = 0; i < classes.Count; i++)
            Figure(html, sheet, signal, classes[i], maps[i], options.Colors, limit, i);
        html.Add($"</div>\n");
        foreach (var note in options.Notes)
            html.Add($"<p>{note}</p>\n");
        html.Add($"</main>\n");
        html.Add($"""<script type="application/json" id="data">""")
            .AddRaw(Data(sheet, signal, classes, maps, options)).Add($"</script>\n<script>");
        return html.AddRaw(CamPageParts.Script).Add($"</script>\n</body></html>\n").ToString();
    }

    private static void Tools(Markup html, IReadOnlyList<CamClass> classes, CamPlotOptions options, double limit)
    {
        html.Add($"""
            <div class="tools"><div role="toolbar" aria-label="Zoom"><button type="button" data-zoom="1.5" aria-label="Zoom in">+</button>
            <button type="button" data-zoom="0.6667" aria-label="Zoom out">&#8722;</button>
            <button type="button" data-zoom="0">Whole sheet</button></div>
            """);
        if (classes.Count > 1)
        {
            html.Add($"""<fieldset><legend>Classes</legend>""");
            for (var i = 0; i < classes.Count; i++)
                html.Add($"""<label><input type="checkbox" checked="checked" data-class="{i}"/> {classes[i].Class}</label>""");
            html.Add($"</fieldset>");
        }
        var legend = new Markup();
        // As wide as what is drawn at its right end.
        const double guess = 1000;
        var left = CamPlot.ColorBar(new Markup(), guess, options, limit);
        CamPlot.ColorBar(legend, guess - left, options, limit);
        html.Add($"""<svg class="legend" viewBox="0 0 {guess - left} {LegendHeight}" role="img" """
            + $"""font-family="{EcgPage.Fonts}"><title>Colours: {options.MapUnit}, up to {Nice.Text(limit)}</title>""")
            .AddRaw(legend.ToString()).Add($"</svg>\n");
        html.Add($"""
            <output id="readout" aria-live="polite">Point at a trace, or put the focus on a sheet and use the arrow keys.</output></div>
            <details><summary>Keys and gestures</summary>
            <p>On a sheet: left and right move the cursor by a sample, with Shift by 0.2 s; up and down change the lead; Home and End go
            to the ends of the trace; + and &#8722; zoom, 0 shows the whole sheet. Mouse: Ctrl and the wheel zoom, dragging moves a zoomed
            sheet. Touch: two fingers zoom, one moves.</p></details>
            <noscript><p>Zoom and read-out need JavaScript; the sheets do not.</p></noscript>

            """);
    }

    private static void Figure(
        Markup html, EcgSheet sheet, EcgSignal signal, CamClass shown, CamMap map, ColorScale colors, double limit, int index)
    {
        var body = new Markup();
        CamPlot.DrawSheet(body, sheet, signal, map, colors, limit, isFirst: index == 0);
        html.Add($"""
            <figure data-class="{index}"><figcaption>{shown.Caption()}</figcaption><div class="scroll">
            <svg class="sheet" viewBox="0 0 {sheet.Width} {sheet.Height}" role="application" tabindex="0"
            aria-label="ECG over the heat map of {shown.Caption()}" aria-describedby="readout" font-family="{EcgPage.Fonts}">
            <rect width="{sheet.Width}" height="{sheet.Height}" fill="{Palette.Paper}"/>
            """).AddRaw(body.ToString()).Add($"""
            <g class="cursor" visibility="hidden" fill="none" stroke="{Palette.Caliper}">
            <path stroke-width="1.5" vector-effect="non-scaling-stroke"/>
            <circle r="1.2" stroke-width="1.5" vector-effect="non-scaling-stroke"/></g></svg></div></figure>

            """);
    }

    /// <summary>What the script reads: where each trace lies on the sheet, samples and maps.</summary>
    private static string Data(EcgSheet sheet, EcgSignal signal, IReadOnlyList<CamClass> classes, CamMap[] maps, CamPlotOptions options)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("width", Math.Round(sheet.Width, 3));
            json.WriteNumber("height", Math.Round(sheet.Height, 3));
            json.WriteNumber("rate", signal.SamplingRate);
            json.WriteNumber("length", signal.Length);
            json.WriteNumber("start", sheet.Start);
            json.WriteNumber("perSecond", sheet.Speed);
            json.WriteNumber("perUnit", options.Scale.MillimetresPerUnit);
            json.WriteString("unit", options.Scale.Unit);
            json.WriteString("mapUnit", options.MapUnit);
            json.WriteBoolean("signed", options.Colors.IsSigned);
            json.WriteStartArray("lanes");
            foreach (var lane in sheet.Lanes)
                Write(json, lane);
            json.WriteEndArray();
            json.WriteStartArray("leads");
            for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
                Write(json, signal.Lead(lead), "G5");
            json.WriteEndArray();
            json.WriteStartArray("classes");
            for (var i = 0; i < classes.Count; i++)
                Write(json, classes[i].Class, maps[i], signal.Layout.LeadCount);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, CamMap map, int leads)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteNumber("rate", map.Rate);
        json.WriteNumber("start", map.Start);
        if (map.IsPerLead)
        {
            json.WriteStartArray("leads");
            for (var lead = 0; lead < leads; lead++)
                Write(json, map.Of(lead), "G4");
            json.WriteEndArray();
        }
        else
        {
            json.WritePropertyName("map");
            Write(json, map.Of(0), "G4");
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EcgSheet.Lane lane)
    {
        json.WriteStartObject();
        json.WriteString("name", lane.Name);
        foreach (var (name, value) in new[] { ("lead", lane.Lead), ("from", lane.From), ("count", lane.Count) })
            json.WriteNumber(name, value);
        foreach (var (name, value) in new[] { ("x", lane.X), ("baseline", lane.Baseline), ("top", lane.Top), ("bottom", lane.Bottom) })
            json.WriteNumber(name, Math.Round(value, 3));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<float> values, string format)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                json.WriteRawValue(value.ToString(format, CultureInfo.InvariantCulture), skipInputValidation: true);
            else
                json.WriteNullValue();
        }
        json.WriteEndArray();
    }
}
