using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Reporting.Tests;

public sealed partial class CamPageTests
{
    private static readonly EcgSignal s_signal = Pictures.Beats();

    // Lead 7 is V2. Evidence for the first class rises by 0.01 a sample, from -5; the second class has a map of each lead's own: its
    // number.
    private static readonly CamClass[] s_classes =
    [
        new("MI", [.. Enumerable.Range(0, 1000).Select(i => (i - 500) / 100f)], 0.934, 0.5),
        new("CD", [.. Enumerable.Range(0, 12000).Select(i => i / 1000 % 12 / 4f)], 0.07, 0.5),
    ];

    [Theory]
    [InlineData(EcgLayout.Stacked, 12)]
    [InlineData(EcgLayout.ThreeRows, 13)]
    public void What_the_script_reads_lies_where_the_traces_are_drawn(EcgLayout layout, int lanes)
    {
        var page = CamPage.Render(s_signal, s_classes, new CamPlotOptions { Layout = layout });
        var data = JsonNode.Parse(DataBlock().Match(page).Groups[1].Value)!;
        var drawing = Pictures.Parse($"""<svg xmlns="http://www.w3.org/2000/svg">{FirstSheet().Match(page).Value}</svg>""");

        Assert.Equal(lanes, data["lanes"]!.AsArray().Count);
        foreach (var (i, lane) in data["lanes"]!.AsArray().Index())
        {
            var name = (string)lane!["name"]!;
            var line = Assert.Single(drawing.Trace(name, data["lanes"]!.AsArray().Take(i).Count(l => (string)l!["name"]! == name)));
            foreach (var sample in new[] { (int)lane["from"]!, (int)lane["from"]! + 31, (int)lane["from"]! + (int)lane["count"]! - 1 })
            {
                // 25 mm/s at 100 Hz, 10 mm/mV.
                var x = (double)lane["x"]! + ((sample - (int)lane["from"]!) * 0.25);
                var millivolt = (double)data["leads"]![(int)lane["lead"]!]![sample]!;
                Assert.Equal(s_signal.Lead((int)lane["lead"]!)[sample], millivolt, 1e-4);
                Assert.Equal((double)lane["baseline"]! - (10 * millivolt), line.At(x), 0.06);
            }
        }
    }

    [Fact]
    public void It_needs_nothing_else_and_names_cannot_become_markup()
    {
        var page = CamPage.Render(
            s_signal, [new CamClass("</script><b>&\"", new float[1000], 0.5)], new CamPlotOptions { Title = "<i>1</i>" });

        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Equal("</script><b>&\"", (string)JsonNode.Parse(DataBlock().Match(page).Groups[1].Value)!["classes"]![0]!["name"]!);
    }

    [Fact]
    public void A_sample_or_a_value_that_is_not_there_is_null()
    {
        var signal = Pictures.Signal((_, second) => second == 0.5 ? double.NaN : 0, 100);
        var data =
            JsonNode.Parse(
                DataBlock().Match(CamPage.Render(
                    signal,
                    [new CamClass(
                        "MI", [.. Enumerable.Range(0, 100).Select(i => i == 3 ? float.PositiveInfinity : 0.25f)], 0.5)])).Groups[1].Value)!;

        Assert.Null(data["leads"]![4]![50]);
        Assert.Null(data["classes"]![0]!["map"]![3]);
        Assert.Equal(0.25, (double)data["classes"]![0]!["map"]![4]!);
    }

    [SkippableFact]
    public void In_a_browser_cursor_keys_zoom_and_classes_do_what_they_say()
    {
        var seen = Drive("#v2,3.42", """
            const sheet = document.querySelector('svg.sheet');
            const press = (key, shiftKey = false) =>
              sheet.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
            const text = () => document.getElementById('readout').textContent;
            const circle = name => Number(document.querySelector('.cursor circle').getAttribute(name));
            note('opened', text(), circle('cx'), circle('cy'));
            press('ArrowRight'); note('right', text(), circle('cx'));
            press('ArrowRight', true); note('far right', text());
            press('ArrowDown'); note('down', text());
            press('End'); press('ArrowRight'); note('end', text());
            press('Home'); note('home', text());
            const width = () => sheet.viewBox.baseVal.width;
            const whole = width();
            const other = document.querySelectorAll('svg.sheet')[1];
            press('+'); note('zoomed', whole / width(), sheet.classList.contains('zoomed'), other.viewBox.baseVal.width === width());
            for (let i = 0; i < 20; i++) press('+');
            note('closest', width());
            press('End'); note('followed', sheet.viewBox.baseVal.x + width() >= circle('cx'));
            document.querySelector('button[data-zoom="0"]').click(); note('whole', whole / width(), sheet.viewBox.baseVal.x);
            const box = sheet.getBoundingClientRect();
            const at = (x, y) => ({
              clientX: box.left + x / whole * box.width,
              clientY: box.top + y / sheet.viewBox.baseVal.height * box.height,
              bubbles: true,
            });
            const lane = JSON.parse(document.getElementById('data').textContent).lanes[3];
            sheet.dispatchEvent(new PointerEvent('pointermove', at(25 + 100 * 0.25, lane.baseline))); note('pointed', text());
            document.querySelector('input[data-class="1"]').click();
            note('hidden', text(), document.querySelector('figure[data-class="1"]').getBoundingClientRect().height);
            """);

        string Text(string lead, int sample, string second) =>
            FormattableString.Invariant($"{lead} at {second} s | {Millivolt(lead, sample):F3} mV | evidence (logit): ");
        float Millivolt(string lead, int sample) =>
            s_signal.Lead(SignalLayout.StandardLeads.Index().First(l => l.Item == lead).Index)[sample];
        Assert.Equal(Text("V2", 342, "3.42") + "MI -1.58 against, CD +1.75 for", (string)seen["opened"]![0]!);
        Assert.Equal(25 + (342 * 0.25), (double)seen["opened"]![1]!, 1e-6);
        Assert.Equal(Text("V2", 343, "3.43") + "MI -1.57 against, CD +1.75 for", (string)seen["right"]![0]!);
        Assert.Equal(25 + (343 * 0.25), (double)seen["right"]![1]!, 1e-6);
        Assert.StartsWith("V2 at 3.63 s", (string)seen["far right"]![0]!, StringComparison.Ordinal);
        Assert.Equal(Text("V3", 363, "3.63") + "MI -1.37 against, CD +2.00 for", (string)seen["down"]![0]!);
        Assert.StartsWith("V3 at 9.99 s", (string)seen["end"]![0]!, StringComparison.Ordinal);
        Assert.StartsWith("V3 at 0.00 s", (string)seen["home"]![0]!, StringComparison.Ordinal);
        Assert.Equal(1.5, (double)seen["zoomed"]![0]!, 1e-3);
        Assert.True((bool)seen["zoomed"]![1]! && (bool)seen["zoomed"]![2]! && (bool)seen["followed"]![0]!);
        Assert.Equal(25, (double)seen["closest"]![0]!, 1e-3);
        Assert.Equal(1, (double)seen["whole"]![0]!, 1e-6);
        Assert.Equal(0, (double)seen["whole"]![1]!, 1e-6);
        Assert.Equal(Text("aVR", 100, "1.00") + "MI -4.00 against, CD +0.750 for", (string)seen["pointed"]![0]!);
        Assert.Equal(Text("aVR", 100, "1.00") + "MI -4.00 against", (string)seen["hidden"]![0]!);
        Assert.Equal(0, (double)seen["hidden"]![1]!);
    }

    /// <summary>Opens the page in Chromium, runs a script in it and gives what it noted, by name.</summary>
    private static JsonNode Drive(string hash, string script)
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["page.html"], CamPage.Render(s_signal, s_classes).Replace("</body>", $$"""
            <script>const noted = {}; const note = (name, ...values) => noted[name] = values;
            {{script}}
            document.body.append(Object.assign(document.createElement('pre'), { id: 'noted', textContent: JSON.stringify(noted) }));
            </script></body>
            """, StringComparison.Ordinal));
        var (exitCode, text) = TestProgram.Run("chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder["profile"]}", "--window-size=1200,900",
                "--dump-dom", new Uri(folder["page.html"]).AbsoluteUri + hash,
            ]);
        Skip.If(exitCode == -1, "chromium is not here: install chromium");
        var noted = Noted().Match(text);
        Assert.True(noted.Success, text);
        return JsonNode.Parse(System.Net.WebUtility.HtmlDecode(noted.Groups[1].Value))!;
    }

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex DataBlock();

    [GeneratedRegex("""<g id="sheet">.*?</g>(?=\s*<g class="cursor")""", RegexOptions.Singleline)]
    private static partial Regex FirstSheet();

    [GeneratedRegex("""<pre id="noted">(.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Noted();
}
