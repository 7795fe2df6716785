using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Core.Tests.Calibration;

public sealed class CalibrationTests
{
    [Fact]
    public void Platt_scaling_has_the_stationary_point_of_its_likelihood()
    {
        var (labels, logits) = Overconfident(800, seed: 1);
        var fit = PlattScaling.Fit(labels, logits)!;
        // Both derivatives of the likelihood, with Platt's targets, summed as they are defined.
        double positives = labels.Sum(), negatives = labels.Length - positives, slope = 0, offset = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var target = labels[i] == 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
            var error = 1 / (1 + Math.Exp(-(fit.Scale * logits[i] + fit.Intercept))) - target;
            slope += error * logits[i];
            offset += error;
        }
        Assert.Equal(0, slope, 1e-5);
        Assert.Equal(0, offset, 1e-5);
        // The logits were made three times too large and moved by 1.
        Assert.InRange(fit.Scale, 0.25, 0.42);
        Assert.InRange(-fit.Intercept / fit.Scale, 0.4, 1.6);
    }

    [Fact]
    public void Of_two_logits_platt_scaling_gives_the_smoothed_shares()
    {
        // At logit 1 three of four are positive, at -1 one of four: two numbers fit two shares exactly.
        float[] labels = [1, 1, 1, 0, 1, 0, 0, 0], logits = [1, 1, 1, 1, -1, -1, -1, -1];
        var fit = PlattScaling.Fit(labels, logits)!;
        double high = 5.0 / 6, low = 1.0 / 6, share = (3 * high + low) / 4;
        Assert.Equal(Math.Log(share / (1 - share)), fit.Scale, 1e-8);
        Assert.Equal(0, fit.Intercept, 1e-8);
    }

    [Fact]
    public void Separable_labels_have_a_finite_scale_and_labels_of_one_kind_or_against_the_logits_have_no_fit()
    {
        Assert.InRange(PlattScaling.Fit([0, 0, 1, 1], [-2, -1, 1, 2])!.Scale, 0.1, 10);
        Assert.Null(PlattScaling.Fit([1, 1], [0, 1]));
        Assert.Null(PlattScaling.Fit([1, 1, 0, 0], [-2, -1, 1, 2]));
        Assert.Null(IsotonicRegression.Fit([1, 1, 0, 0], [-2, -1, 1, 2]));
        Assert.Null(IsotonicRegression.Fit([0, 0], [1, 2]));
    }

    [Fact]
    public void Isotonic_regression_pools_neighbours_that_fall()
    {
        // By hand: 0 | 1, 0 -> 1/2 | 1, 1, 0 -> 2/3 | 1; equal logits (4) are one point.
        var curve = IsotonicRegression.Fit([0, 1, 0, 1, 1, 0, 1], [1, 2, 3, 4, 4, 5, 6])!.Isotonic!;
        Assert.Equal([1, 2, 3, 4, 5, 6], curve.Logits);
        Assert.Equal([0, 0.5, 0.5, 2.0 / 3, 2.0 / 3, 1], curve.Probabilities);
        Assert.Equal([0, 0.25, 0.5, 2.0 / 3, 1], new[] { 0.0, 1.5, 2.5, 4.9, 7 }.Select(curve.Value));
        Assert.True(double.IsNaN(curve.Value(double.NaN)));
    }

    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    public void Calibration_fitted_on_some_recordings_is_measured_on_others(CalibrationMethod method)
    {
        var (labels, logits) = Overconfident(4000, seed: 2);
        var fit = method == CalibrationMethod.Platt ? PlattScaling.Fit(labels, logits)! : IsotonicRegression.Fit(labels, logits)!;
        var (fresh, freshLogits) = Overconfident(4000, seed: 3);
        Assert.True(Ece(fresh, freshLogits, ClassCalibration.None) > 0.15);
        Assert.True(Ece(fresh, freshLogits, fit) < 0.03);

        static double Ece(float[] labels, float[] logits, ClassCalibration calibration) =>
            ReliabilityCurve.Compute<float>(labels, [.. logits.Select(l => (float)calibration.Probability(l))]).Ece;
    }

    [Fact]
    public void Temperature_is_the_one_that_the_labels_were_drawn_with()
    {
        var random = new EcgRandom(4);
        var (labels, logits) = (new float[3 * 5000], new float[3 * 5000]);
        for (var r = 0; r < 5000; r++)
        {
            double[] drawn = [random.Normal(), random.Normal(), random.Normal()];
            double total = drawn.Sum(Math.Exp), place = random.Uniform() * total;
            var label = place < Math.Exp(drawn[0]) ? 0 : place < Math.Exp(drawn[0]) + Math.Exp(drawn[1]) ? 1 : 2;
            labels[3 * r + label] = 1;
            for (var c = 0; c < 3; c++)
                logits[3 * r + c] = (float)(2.5 * drawn[c]);
        }
        var fit = TemperatureScaling.Fit(labels, logits, 3)!;
        Assert.InRange(fit.Scale, 0.4 * 0.94, 0.4 * 1.06);
        Assert.Equal(0, fit.Intercept);
        Assert.Null(TemperatureScaling.Fit([1, 0, 0, 1], [2, -2, -2, 2], 2));
    }

    // Probabilities 0.1 N, 0.2 P, 0.3 N, 0.4 N, 0.6 P, 0.7 N, 0.8 P, 0.9 P.
    [Theory]
    [InlineData("youden", 0.75)]
    [InlineData("accuracy", 0.75)]
    [InlineData("f1", 0.5)]
    [InlineData("f2", 0.15)]
    [InlineData("sensitivity=0.75", 0.5)]
    [InlineData("sensitivity=1", 0.15)]
    [InlineData("specificity=1", 0.75)]
    [InlineData("specificity=0.5", 0.5)]
    public void Thresholds_are_those_found_by_hand(string rule, double expected)
    {
        float[] labels = [0, 1, 0, 0, 1, 0, 1, 1], probabilities = [0.1f, 0.2f, 0.3f, 0.4f, 0.6f, 0.7f, 0.8f, 0.9f];
        var parsed = ThresholdRule.Parse(rule);
        Assert.Equal(rule, parsed.ToString());
        Assert.Equal(expected, parsed.Fit(labels, probabilities)!.Value, 1e-7);
        Assert.Null(parsed.Fit([1, 1], [0.1f, 0.2f]));
    }

    [Theory]
    [InlineData("best")]
    [InlineData("sensitivity")]
    [InlineData("sensitivity=1.5")]
    [InlineData("youden=1")]
    [InlineData("f")]
    public void A_rule_that_there_is_none_of_is_refused(string text) =>
        Assert.Contains("youden, f1",
            Assert.Throws<CalibrationException>(() => ThresholdRule.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("10", "test fold")]
    [InlineData("9-10", "test fold")]
    [InlineData("8", "learned from")]
    [InlineData("7", "a test fold by the model file")]
    public void Folds_that_must_not_be_fitted_on_are_refused(string folds, string why)
    {
        var provenance = ModelProvenance.Of(Manifest() with
        {
            Training = new JsonObject { ["dataset"] = "ptb-xl", ["train_folds"] = "1-6,8", ["valid_folds"] = "9", ["test_folds"] = "7" },
        });
        var dataset = new Folds("ptb-xl", [new() { Id = "1", PatientId = "a", Fold = 1 }, new() { Id = "2", PatientId = "b", Fold = 9 }]);
        provenance.EnsureMayFit(dataset, FoldSet.Parse("9"));
        Assert.Contains(why, Assert.Throws<CalibrationException>(() => provenance.EnsureMayFit(dataset, FoldSet.Parse(folds))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_with_patients_that_the_weights_were_learned_from_are_refused_and_those_of_another_dataset_are_not()
    {
        var provenance = ModelProvenance.Of(Manifest() with { Training = new JsonObject { ["dataset"] = "mine", ["train_folds"] = "1" } });
        EcgEntry[] entries = [new() { Id = "1", PatientId = "a", Fold = 1 }, new() { Id = "2", PatientId = "a", Fold = 2 }];
        Assert.Contains("same patients",
            Assert.Throws<CalibrationException>(() => provenance.EnsureMayFit(new Folds("mine", entries), FoldSet.Parse("2"))).Message,
            StringComparison.Ordinal);
        provenance.EnsureMayFit(new Folds("yours", entries), FoldSet.Parse("1"));
    }

    [Fact]
    public void A_fit_says_in_the_manifest_what_it_was_fitted_on()
    {
        var (labels, logits) = Overconfident(300, seed: 5);
        // Class b has no positive.
        float[] targets = [.. labels.SelectMany(l => (float[])[l, 0])], scores = [.. logits.SelectMany(l => (float[])[l, l])];
        var fit = CalibrationFit.Fit(Manifest(), targets, scores, new float[scores.Length], CalibrationMethod.Platt,
            ThresholdRule.Parse("youden"), "ptb-xl", FoldSet.Parse("9"));
        Assert.Equal(["b"], fit.Uncalibrated);
        Assert.Equal(["b"], fit.WithoutThreshold);
        Assert.Equal(ClassCalibration.None, fit.Manifest.Calibration![1]);
        Assert.Equal(0.5, fit.Manifest.Thresholds[1]);
        var reliability = fit.Manifest.Training!["calibration"]!.AsObject();
        Assert.Equal(300, reliability["reliability"]!["a"]!.AsArray().Sum(bin => bin![0]!.GetValue<int>()));
        Assert.Equal(labels.Count(l => l > 0), reliability["reliability"]!["a"]!.AsArray().Sum(bin => bin![1]!.GetValue<int>()));
        Assert.All(reliability["reliability"]!["b"]!.AsArray(), bin => Assert.Equal(0, bin![1]!.GetValue<int>()));
        reliability.Remove("reliability");
        Assert.Equal(
            """{"calibration":{"dataset":"ptb-xl","folds":"9","recordings":300,"method":"platt","not_fitted":["b"]},"thresholds":"""
            + """{"dataset":"ptb-xl","folds":"9","recordings":300,"rule":"youden","not_fitted":["b"]}}""",
            fit.Manifest.Training!.ToJsonString());
        // A new calibration without a rule: thresholds of other probabilities mean nothing any more.
        var again = CalibrationFit.Fit(
            fit.Manifest, targets, scores, new float[scores.Length], CalibrationMethod.Isotonic, null, "ptb-xl", FoldSet.Parse("9"));
        Assert.Equal([0.5, 0.5], again.Manifest.Thresholds);
        Assert.Null(again.Manifest.Training!["thresholds"]);
        Assert.NotNull(again.Manifest.Calibration![0].Isotonic);
    }

    [Fact]
    public void What_does_not_go_with_a_multiclass_task_is_refused()
    {
        Assert.Contains("add up to 1",
            Assert.Throws<CalibrationException>(
                () => CalibrationFit.EnsureFits(TaskKind.Multiclass, CalibrationMethod.Isotonic, null)).Message, StringComparison.Ordinal);
        Assert.Contains("no thresholds",
            Assert.Throws<CalibrationException>(() => CalibrationFit.EnsureFits(
                TaskKind.Multiclass, CalibrationMethod.Platt, ThresholdRule.Parse("f1"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Labels drawn with a logit, and that logit made three times too large and moved by 1.</summary>
    private static (float[] Labels, float[] Logits) Overconfident(int count, ulong seed)
    {
        var random = new EcgRandom(seed);
        var (labels, logits) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var logit = 1.5 * random.Normal();
            labels[i] = random.Chance(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
            logits[i] = (float)(3 * logit + 1);
        }
        return (labels, logits);
    }

    private static ModelManifest Manifest() => new()
    {
        Architecture = new ComponentSpec("signal-cnn"),
        Head = new ComponentSpec("multilabel"),
        Task = "test",
        TaskKind = TaskKind.Multilabel,
        Classes = ["a", "b"],
        Leads = ["I"],
        SamplingRate = 100,
        Length = 10,
        Preprocessing = [],
    };

    private sealed class Folds(string name, IReadOnlyList<EcgEntry> entries) : IEcgDataset
    {
        public string Name => name;

        public IReadOnlyList<EcgEntry> Entries => entries;

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
