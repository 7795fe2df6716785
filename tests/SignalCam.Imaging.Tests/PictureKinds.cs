using System.Collections.Immutable;
using SignalCam.Abstractions;
using SignalCam.Core.Measurements;
using SignalCam.Core.Synthetic;
using SignalCam.Reporting;

namespace SignalCam.Imaging.Tests;

/// <summary>A picture of every kind.</summary>
internal static class PictureKinds
{
    public static readonly string[] Names =
    [
        "ecg", "ecg-3x4", "cam-strip", "cam-leads-3x4", "cam-6x2", "cam-jet", "cam-grey", "long-strip", "page", "lines", "bars",
        "histogram", "confusion", "roc",
    ];

    private static readonly EcgSignal s_signal = Make(10, 500);

    public static string Render(string name) => name switch
    {
        "ecg" => EcgPlot.Render(s_signal, new EcgPlotOptions { Title = "Recording 1" }),
        "ecg-3x4" => EcgPlot.Render(s_signal, new EcgPlotOptions { Layout = EcgLayout.ThreeRows }),
        "cam-strip" => AnswerPicture.Render(s_signal, Answer(s_signal, perLead: false)),
        "cam-leads-3x4" =>
            AnswerPicture.Render(s_signal, Answer(s_signal, perLead: true), new CamPlotOptions { Layout = EcgLayout.ThreeRows }),
        "cam-6x2" => AnswerPicture.Render(s_signal, Answer(s_signal, perLead: true), new CamPlotOptions { Layout = EcgLayout.SixRows }),
        "cam-jet" => AnswerPicture.Render(s_signal, Published()),
        "cam-grey" => AnswerPicture.Render(s_signal, Answer(s_signal, perLead: false), new CamPlotOptions { IsGrey = true }),
        "long-strip" => Long(),
        "page" => RecordingPage.Render(s_signal, Answer(s_signal, perLead: false), EcgMeasurements.Of(s_signal)),
        "lines" => LineChart.Render([new LineSeries("loss", [0.7, 0.5, 0.42, 0.4]), new LineSeries("validation", [0.71, 0.55, 0.5, 0.52])]),
        "bars" => BarChart.Render(
            ["NORM", "MI", "STTC"], [new BarSeries("recordings", [9514, 5469, 5235])], new ChartOptions { Title = "Classes" }),
        "histogram" => Histogram.Render([new HistogramSeries("age", [.. Enumerable.Range(0, 200).Select(i => 40 + (25 * Math.Sin(i)))])],
            new HistogramOptions { Title = "Age", XLabel = "years", BinWidth = 5 }),
        "confusion" => ConfusionPlot.Render(["normal", "abnormal"], new long[,] { { 817, 95 }, { 225, 1061 } }),
        "roc" => BandPlot.Render([new BandPlotCurve("abnormal", [0, 0.5, 1], [new(0, null), new(0.9, null), new(1, null)])],
            new BandPlotOptions { XLabel = "1 \u2212 specificity", YLabel = "sensitivity", Chance = (0, 1) }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such picture"),
    };

    private static EcgSignal Make(double seconds, double rate) =>
        SyntheticEcg.Generate(new SyntheticOptions
        {
            SamplingRate = rate,
            Seconds = seconds,
            Statements = ["IMI"],
            Strength = 0.9,
            HeartRate = 72,
        }, new EcgRandom(3)).Signal;

    private static string Long()
    {
        var signal = Make(300, 250);
        var answer = Answer(signal, perLead: false);
        return StripPlot.Render(signal, answer with
        {
            Windows = [.. Enumerable.Range(0, 59)
                .Select(i => new EcgWindow(new EcgStretch(5 * i, 10),
                    [answer.Scores[0] with { Probability = 0.5 + (0.45 * Math.Sin(i / 6.0)), HeatMap = null }]))],
        });
    }

    private static EcgClassification Published()
    {
        var answer = Answer(s_signal, perLead: false);
        ImmutableArray<float> share = [.. answer.Scores[0].HeatMap!.Samples.Select(v => (v + 1) / 2)];
        return answer with
        {
            Scores = [answer.Scores[0] with
            {
                HeatMap = new HeatMap("MI", share, share)
                {
                    Method = "cam",
                    Kind = CamKind.Paper,
                    Sign = HeatMapSign.Magnitude,
                    Unit = HeatMapUnits.Share,
                },
            }],
        };
    }

    internal static EcgClassification Answer(EcgSignal signal, bool perLead)
    {
        const double rate = 100;
        var length = (int)(signal.Length / signal.SamplingRate * rate);
        ImmutableArray<float> strip = [.. Enumerable.Range(0, length).Select(i => (float)Math.Sin(i / 23.0))];
        var map = new HeatMap("MI", strip, strip)
        {
            Method = perLead ? "integrated-gradients" : "cam",
            Kind = perLead ? null : CamKind.Exact,
            Unit = HeatMapUnits.Logit,
            LeadSamples = !perLead ? null : new OrderedDictionary<string, ImmutableArray<float>>(signal.Leads.Select((lead, l) =>
                KeyValuePair.Create(lead,
                    Enumerable.Range(0, length).Select(i => (float)Math.Sin((i + (40 * l)) / 31.0)).ToImmutableArray()))),
        };
        return new EcgClassification
        {
            Model = "super",
            ModelSha256 = new string('a', 64),
            Task = "super",
            TaskKind = TaskKind.Multilabel,
            Backend = "compiled",
            Explainer = perLead ? "integrated-gradients" : "cam",
            Stretch = new EcgStretch(0, length / rate),
            SamplingRate = rate,
            Recording = "00001_lr",
            Scores = [new ClassScore("MI", 0.934, 2.6, 0.41, ClassDecision.Present, map)],
            Findings = [new EcgFinding("baseline-wander", FindingSeverity.Warning, "The baseline of V2 wanders by 0.6 mV.")],
        };
    }
}
