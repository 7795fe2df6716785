using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Audit;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Explainers;

namespace SignalCam.Torch.Tests.Audit;

public sealed class ExplanationAuditTests
{
    private const string Zero = AuditMeasures.Deletion + "_zero";

    [Fact]
    public void On_a_linear_network_the_deletion_area_is_a_sum_by_hand()
    {
        using var model = LinearModel.Build();
        var (samples, slopes) = (LinearModel.Samples(1), LinearModel.Slopes(model));
        var options = new AuditOptions { RandomNetworks = 0, SensitivityDraws = 0, Perturbation = new() { Window = 0.5, Steps = 8 } };
        var result = Run(model, [new AuditedExplainer("gradient", new GradientTimesInputExplainer())], [Recording("1", samples)], options);

        // A window's evidence is weight times sample, summed; the largest go first and each takes its own from the logit.
        var logit = (double)model.Run(samples, 1).Logits[0];
        var evidence = Enumerable.Range(0, 8)
            .Select(w => Enumerable.Range(0, 2)
                .Sum(lead => slopes[lead] * Enumerable.Range(0, 5).Sum(t => (double)samples[lead * 40 + w * 5 + t]))).ToArray();
        double Area(IEnumerable<double> order)
        {
            List<double> curve = [logit, .. order.Select((_, i) => logit - order.Take(i + 1).Sum())];
            var p = curve.Select(l => 1 / (1 + Math.Exp(-l))).ToArray();
            return p.Zip(p.Skip(1), (a, b) => (a + b) / 2).Average();
        }
        var measures = result.Explainers[0].Measures;
        Assert.Equal(Area(evidence.OrderDescending()), measures[Zero].Mean!.Value, 1e-6);
        Assert.Equal(Area(evidence.Order()), measures[AuditMeasures.Insertion + "_zero"].Mean!.Value, 1e-6);
        Assert.True(measures[Zero].Mean < measures[AuditMeasures.Insertion + "_zero"].Mean);
    }

    [Fact]
    public void On_a_linear_network_what_adds_up_beats_random_and_random_is_at_chance()
    {
        using var model = LinearModel.Build();
        var truth = new TruthMask(
            [.. Enumerable.Range(0, 40).Select(t => t < 10)], [.. Enumerable.Range(0, 80).Select(k => k is >= 40 and < 50)]);
        var recordings = Enumerable.Range(0, 400).Select(i => Recording($"{i}", LinearModel.Samples((ulong)i), truth)).ToArray();
        var options = new AuditOptions
        {
            RandomNetworks = 0,
            SensitivityDraws = 0,
            PointingTolerance = 0,
            Perturbation = new() { Window = 0.5, Steps = 8 },
        };
        var result = Run(
            model, [new("gradient-x-input", new GradientTimesInputExplainer()), new("random", new RandomExplainer())], recordings, options);

        Assert.Equal((0.25, 0.125), (result.Chance[AuditMeasures.PointingTime], result.Chance[AuditMeasures.PointingLeadTime]));
        var random = result.Explainers[1].Measures;
        Assert.InRange(0.25, random[AuditMeasures.PointingTime].Interval!.Value.Low,
            random[AuditMeasures.PointingTime].Interval!.Value.High);
        Assert.InRange(0.125, random[AuditMeasures.PointingLeadTime].Interval!.Value.Low,
            random[AuditMeasures.PointingLeadTime].Interval!.Value.High);
        Assert.Equal(0.25, random[AuditMeasures.MassTime].Mean!.Value, 0.03);
        Assert.InRange(result.Explainers[0].Measures[AuditMeasures.DeletionGain].Interval!.Value.Low, 1e-6, 1);
        Assert.InRange(result.Explainers[0].Measures[AuditMeasures.InsertionGain].Interval!.Value.Low, 1e-6, 1);
        Assert.Equal(1, result.Agreement[0][0]!.Value, 1e-9);
        Assert.Equal(0, result.Agreement[0][1]!.Value, 0.03);
        Assert.DoesNotContain(AuditMeasures.DeletionBehindCam, random);
    }

    [Fact]
    public void Methods_are_compared_with_the_CAM_recording_by_recording()
    {
        using var model = LinearModel.Build();
        var recordings = Enumerable.Range(0, 50).Select(i => Recording($"{i}", LinearModel.Samples((ulong)i), null)).ToArray();
        var options = new AuditOptions { RandomNetworks = 0, SensitivityDraws = 0, Perturbation = new() { Window = 0.5, Steps = 8 } };
        var result = Run(model,
        [
            new("cam", new GradientTimesInputExplainer()), new("same", new GradientTimesInputExplainer()),
            new("random", new RandomExplainer()),
        ], recordings, options);

        Assert.DoesNotContain(AuditMeasures.DeletionBehindCam, result.Explainers[0].Measures);
        Assert.Equal(new Core.Metrics.Interval(0, 0), result.Explainers[1].Measures[AuditMeasures.DeletionBehindCam].Interval!.Value);
        var (cam, random) = (result.Explainers[0].Measures, result.Explainers[2].Measures);
        Assert.Equal(cam[AuditMeasures.DeletionGain].Mean!.Value, random[AuditMeasures.DeletionBehindCam].Mean!.Value, 1e-9);
        Assert.Equal(cam[AuditMeasures.InsertionGain].Mean!.Value, random[AuditMeasures.InsertionBehindCam].Mean!.Value, 1e-9);
    }

    [Fact]
    public void Randomisation_tells_maps_that_know_the_weights_from_those_that_do_not()
    {
        using var model = LinearModel.Build();
        var recordings = Enumerable.Range(0, 20).Select(i => Recording($"{i}", LinearModel.Samples((ulong)i))).ToArray();
        var options = new AuditOptions { RandomNetworks = 30, SensitivityDraws = 3, Seed = 7 };
        AuditedExplainer[] explainers =
        [
            new("cam", new CamExplainer()), new("random", new RandomExplainer()), new("constant", new Constant()),
        ];
        var result = Run(model, explainers, recordings, options);
        var (cam, random) = (result.Explainers[0].Measures, result.Explainers[1].Measures);

        Assert.InRange(cam[AuditMeasures.Randomisation].Mean!.Value, -0.3, 0.3);
        Assert.Empty(result.Explainers[0].Warnings);
        Assert.Equal(["hardly changes with the weights (correlation 1.00)"], result.Explainers[1].Warnings);
        Assert.True(cam[AuditMeasures.RandomisationAbsolute].Mean > Math.Abs(cam[AuditMeasures.Randomisation].Mean!.Value));
        Assert.Equal(1, random[AuditMeasures.Randomisation].Mean!.Value, 1e-9);
        // A linear map moves as little as its input; the random one is another map altogether.
        Assert.InRange(cam[AuditMeasures.MaxSensitivity].Mean!.Value, 0.001, 0.1);
        Assert.InRange(random[AuditMeasures.MaxSensitivity].Mean!.Value, 1, 2);
        Assert.InRange(cam[AuditMeasures.CompletenessError].Mean!.Value, 0, 1e-5);
        Assert.DoesNotContain(AuditMeasures.CompletenessError, random.Keys);
        // A constant map is defined everywhere where it can be, and nowhere a NaN.
        var constant = result.Explainers[2].Measures;
        Assert.Equal(0, constant[AuditMeasures.Randomisation].Mean);
        Assert.DoesNotContain(AuditMeasures.Sparseness, constant.Keys);
        Assert.All(constant.Values, v => Assert.True(double.IsFinite(v.Mean!.Value)));
    }

    [Fact]
    public void The_same_audit_gives_the_same_figures()
    {
        using var model = LinearModel.Build(1, "MI", "CD");
        AuditedRecording[] recordings =
        [
            Recording("1", LinearModel.Samples(1), className: "CD"), Recording("2", LinearModel.Samples(2), className: "MI"),
        ];
        string Text() =>
            string.Join('\n',
                Run(model, [new("cam", new CamExplainer()), new("saliency", new SaliencyExplainer())], recordings, new AuditOptions())
                    .Explainers.SelectMany(e => e.Measures.Select(m => $"{e.Name} {m.Key} {m.Value}")));
        Assert.Equal(Text(), Text());
        Assert.Throws<PluginException>(() => Run(
            model, [new("cam", new CamExplainer())], [Recording("1", LinearModel.Samples(1), className: "HYP")], new AuditOptions()));
        Assert.Throws<ArgumentException>(
            () => Run(model, [new("a", new CamExplainer()), new("a", new CamExplainer())], recordings, new AuditOptions()));
    }

    private static AuditResult Run(EcgModel model, AuditedExplainer[] explainers, AuditedRecording[] recordings, AuditOptions options) =>
        ExplanationAudit.Run(model, LinearModel.Components, explainers, recordings, options);

    private static AuditedRecording Recording(string id, float[] samples, TruthMask? truth = null, string className = "abnormal") =>
        new(id, id, className, samples, truth, null);

    private sealed class Constant : IEcgExplainer
    {
        public string Name => "constant";

        public IReadOnlyList<RawMap> Explain(ClassBatch batch) =>
            [.. Enumerable.Range(0, batch.Count).Select(i => new RawMap(batch.Name(i), Name, [0], HeatMapSign.ForAndAgainst))];
    }
}
