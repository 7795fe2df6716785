using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Measurements;
using SignalCam.Core.Synthetic;

namespace SignalCam.Reporting.Tests;

public sealed class AnswerPictureTests
{
    private const double Rate = 100;

    [Theory]
    [InlineData(EcgLayout.Stacked)]
    [InlineData(EcgLayout.ThreeRows)]
    [InlineData(EcgLayout.SixRows)]
    public void On_50_recordings_the_sign_of_the_colour_is_the_sign_in_the_JSON_in_every_cell(EcgLayout layout)
    {
        // The leads of the map stand in another order than the recording's, and the recording has another rate.
        string[] order = [.. SignalLayout.StandardLeads.Reverse()];
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new EcgRandom((ulong)seed);
            var recording = SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 500, Seconds = 4 }, random).Signal;
            var answer = Answer(order, 400, _ => Draw(random));
            var svg = AnswerPicture.Render(recording, answer, new CamPlotOptions { Layout = layout });
            var json = JsonNode.Parse(EcgAnswerJson.Write(answer))!["scores"]![0]!["heat_map"]!["lead_samples"]!;

            var seen = 0;
            foreach (var (name, at, sign) in Cells(svg, recording, layout))
            {
                var value = (float)json[name]![at]!;
                Assert.True(Math.Sign(value) == sign, $"recording {seed}, {name}, cell {at}: {value} is drawn with the sign {sign}");
                seen++;
            }
            // 3x4 shows a quarter of each lead and lead II once more; 6x2 half of each.
            Assert.InRange(seen, layout switch { EcgLayout.Stacked => 4798, EcgLayout.SixRows => 2388, _ => 1588 }, 4800);
        }
    }

    [Fact]
    public void Every_picture_says_model_method_stretch_findings_and_the_whole_research_use_sentence_however_long_a_name_is()
    {
        var recording = Pictures.Beats(1000);
        var name = string.Concat(Enumerable.Repeat("W", 255));
        var answer = Answer(SignalLayout.StandardLeads, 400, _ => 0.1f) with
        {
            Model = name,
            Recording = name,
            Stretch = new EcgStretch(3, 4),
            Findings = [new EcgFinding("lead-off", FindingSeverity.Warning, $"Lead V1 of {name} is flat.")],
        };
        var root = Pictures.Parse(AnswerPicture.Render(recording, answer));
        var text = string.Concat(root.Texts());

        Assert.Contains("Research use. Not a medical device.", root.Texts());
        foreach (var part in new[] { name, answer.ModelSha256, "integrated-gradients", "3 to 7 s of 10 s", "Lead V1", "task" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        var width = root.All("rect").First().Number("width");
        foreach (var line in root.All("text")
            .Where(t => t.Attribute("x") is not null && t.Attribute("text-anchor") is null && t.Parent!.Attribute("text-anchor") is null
                && t.Attribute("font-size") is not null))
            Assert.True(line.Number("x") + TextWidth.Of(line.Value, line.Number("font-size")) <= width, line.Value);
        // The time axis is the recording's.
        Assert.Contains("3 s", root.Texts());
        Assert.Contains("7 s", root.Texts());
    }

    [Fact]
    public void Traces_are_the_samples_of_the_file_and_a_lead_that_the_model_derived_is_drawn_too()
    {
        var random = new EcgRandom(5);
        var twelve = SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 500, Seconds = 4 }, random).Signal;
        string[] stored = ["I", "II", "V1", "V7"];
        var samples = new float[stored.Length * twelve.Length];
        for (var lead = 0; lead < stored.Length; lead++)
            twelve.Lead(stored[lead] == "V7" ? "V6" : stored[lead]).CopyTo(samples.AsSpan(lead * twelve.Length));
        var recording = new EcgSignal(samples, new SignalLayout(stored, twelve.Length, 500));

        var root = Pictures.Parse(AnswerPicture.Render(recording, Answer(["I", "II", "III", "V1"], 400, _ => 1f)));

        Assert.Equal(["I", "II", "III", "V1", "V7"], root.All("path").Select(p => p.Attribute("data-lead")?.Value).OfType<string>());
        var line = Assert.Single(root.Trace("I"));
        var zero = line[0].Y + (10 * recording.Lead("I")[0]);
        for (var t = 0; t < recording.Length; t += 7)
            Assert.Equal(zero - (10 * recording.Lead("I")[t]), line.At(25 + (t * 0.05)), 0.1);
    }

    [Fact]
    public void Only_a_map_as_published_is_jet()
    {
        var strip = ImmutableArray.Create(0f, 0.5f, 1f);
        var map = new HeatMap("MI", strip, strip)
        {
            Method = "cam",
            Kind = CamKind.Paper,
            Sign = HeatMapSign.Magnitude,
            Unit = HeatMapUnits.Share,
        };

        Assert.Same(ColorScale.Jet, AnswerPicture.ColorsOf(map));
        Assert.Same(ColorScale.Sequential, AnswerPicture.ColorsOf(map with { Kind = null }));
        Assert.Same(ColorScale.Diverging, AnswerPicture.ColorsOf(map with { Kind = CamKind.Exact, Sign = HeatMapSign.ForAndAgainst }));
    }

    [Theory]
    [InlineData(FindingSeverity.Warning, ClassDecision.Present, true)]
    [InlineData(FindingSeverity.Warning, ClassDecision.Absent, true)]
    [InlineData(FindingSeverity.Unusable, ClassDecision.Undecided, false)]
    [InlineData(FindingSeverity.Unusable, ClassDecision.Present, false)]
    public void A_page_says_nothing_of_calibration_for_a_recording_that_cannot_be_believed(
        FindingSeverity severity, ClassDecision decision, bool isSaid)
    {
        var recording = Pictures.Beats(1000);
        var answer = Answer(SignalLayout.StandardLeads, 400, _ => 0.1f) with
        {
            Findings = [new EcgFinding("noise", severity, "Something was found.")],
        };
        answer = answer with { Scores = [answer.Scores[0] with { Decision = decision }] };
        var page = RecordingPage.Render(recording, answer, EcgMeasurements.Of(recording), new RecordingPageOptions
        {
            Words = new Dictionary<string, string> { ["MI"] = "Calibrated somehow." },
        });
        Assert.Equal(isSaid, page.Contains("Calibrated somehow.", StringComparison.Ordinal));
        Assert.Contains("Something was found.", page, StringComparison.Ordinal);
    }

    /// <summary>A sixth of the values is zero; the others lie over six powers of ten.</summary>
    private static float Draw(EcgRandom random) =>
        random.Chance(1.0 / 6) ? 0 : (float)((random.Chance(0.5) ? 1 : -1) * Math.Pow(10, random.Uniform(-6, 0)));

    private static EcgClassification Answer(IReadOnlyList<string> leads, int length, Func<int, float> value)
    {
        var byLead = new OrderedDictionary<string, ImmutableArray<float>>(
            leads.Select(lead => KeyValuePair.Create(lead, Enumerable.Range(0, length).Select(value).ToImmutableArray())));
        var map = new HeatMap("MI", [], [.. new float[length]])
        {
            LeadSamples = byLead,
            Method = "integrated-gradients",
            Unit = HeatMapUnits.Logit,
        };
        return new EcgClassification
        {
            Model = "model",
            ModelSha256 = string.Concat(Enumerable.Repeat("0123456789abcdef", 4)),
            Task = "task",
            TaskKind = TaskKind.Binary,
            Backend = "compiled",
            Explainer = "integrated-gradients",
            Stretch = new EcgStretch(0, length / Rate),
            SamplingRate = Rate,
            Scores = [new ClassScore("MI", 0.9, 2.2, 0.5, ClassDecision.Present, map)],
        };
    }

    /// <summary>The cells of a picture that can be seen: lead, index and the sign of the colour at the cell's middle.</summary>
    private static IEnumerable<(string Lead, int At, int Sign)> Cells(string svg, EcgSignal recording, EcgLayout layout)
    {
        var sheet = EcgSheet.Arrange([recording], layout, EcgScale.Millivolt, "II");
        var bars = Bars(svg);
        foreach (var lane in sheet.Lanes)
        {
            var row = bars.Where(b => b.Middle > lane.Top && b.Middle < lane.Bottom).ToArray();
            for (var cell = (int)Math.Ceiling(lane.From / 5.0); cell * 5 < lane.From + lane.Count; cell++)
            {
                var x = lane.X + (((cell / Rate) - (lane.From / 500.0)) * 25);
                // A little left of the middle: runs reach a tenth of a millimetre into their neighbour.
                var color = row.Last(b => b.From <= x + 0.005 && b.To >= x - 0.005).Color;
                yield return (lane.Name, cell, SignOf(color));
            }
        }
    }

    private static int SignOf(string color)
    {
        var (red, blue) = (Convert.ToInt32(color[1..3], 16), Convert.ToInt32(color[5..7], 16));
        return Math.Sign(red - blue);
    }

    /// <summary>Runs in the order that they are painted in, those of the colour bar left out.</summary>
    private static List<(string Color, double From, double To, double Middle)> Bars(string svg)
    {
        var bars = new List<(string, double, double, double)>();
        foreach (var path in Pictures.Parse(svg).All("path")
            .Where(p => p.Parent!.Attribute("stroke-width") is not null && p.Parent.Parent!.Attribute("transform") is not null
                && p.Attribute("stroke") is not null))
        {
            foreach (var run in path.Attribute("d")!.Value.Split('M', StringSplitOptions.RemoveEmptyEntries))
            {
                var n = run.Split(' ', 'H').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
                bars.Add((path.Attribute("stroke")!.Value, n[0], n[2], n[1]));
            }
        }
        return bars;
    }
}
