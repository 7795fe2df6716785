using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public sealed class EvaluationFiguresTests
{
    private const double Exact = 1e-12;

    [SkippableFact]
    public void Binary_figures_equal_those_of_scikit_learn()
    {
        foreach (var expected in GoldenMetrics.Read("binary").EnumerateArray())
        {
            // The golden probabilities are decimals; as float32 they keep their order and are off by up to 3e-8.
            var scores = new ScoredRecordings(TaskKind.Binary, ["x"], Singles(expected.Numbers("y")), Singles(expected.Numbers("p")));
            var figures = EvaluationFigures.Compute(scores, resamples: 0).Overall;
            foreach (var name in (string[])["roc_auc", "average_precision", "f1", "precision", "recall", "balanced_accuracy", "mcc"])
                Assert.Equal(expected.Number(name), figures[name].Value!.Value, Exact);
            Assert.Equal(expected.Number("brier"), figures["brier"].Value!.Value, 1e-7);
            Assert.Equal(expected.Number("log_loss"), figures["log_loss"].Value!.Value, 1e-6);
            Assert.All(figures.Values, f => Assert.Null(f.Interval));
        }
    }

    [SkippableFact]
    public void Figures_of_several_classes_equal_those_of_scikit_learn()
    {
        var expected = GoldenMetrics.Read("multilabel");
        var figures = EvaluationFigures.Compute(
            new ScoredRecordings(TaskKind.Multilabel, Names(5), Singles(expected.Numbers("y")), Singles(expected.Numbers("p"))), 0);
        foreach (var name in (string[])["macro_roc_auc", "macro_average_precision", "macro_f1", "micro_f1"])
            Assert.Equal(expected.Number(name), figures.Overall[name].Value!.Value, Exact);

        expected = GoldenMetrics.Read("multiclass");
        float[] labels = [.. expected.Numbers("y").SelectMany(y => Enumerable.Range(0, 4).Select(c => c == y ? 1f : 0))];
        figures = EvaluationFigures.Compute(new ScoredRecordings(TaskKind.Multiclass, Names(4), labels, Singles(expected.Numbers("p"))), 0);
        Assert.Equal(expected.Number("accuracy"), figures.Overall["accuracy"].Value!.Value, Exact);
        Assert.Equal(expected.Number("macro_f1"), figures.Overall["macro_f1"].Value!.Value, Exact);
        Assert.Equal(expected.Number("ovr_macro_auc"), figures.Overall["macro_roc_auc"].Value!.Value, Exact);
        // Every recording has one class and one call, so micro precision, recall and F1 are the accuracy.
        Assert.Equal(expected.Number("accuracy"), figures.Overall["micro_precision"].Value!.Value, Exact);
        Assert.Equal(expected.Numbers("confusion"), figures.Confusion!.Counts.SelectMany(row => row).Select(n => (double)n));
    }

    [Theory]
    [InlineData(TaskKind.Binary, 1)]
    [InlineData(TaskKind.Multilabel, 3)]
    [InlineData(TaskKind.Multiclass, 3)]
    public void Weighted_figures_are_those_of_the_recordings_repeated(TaskKind kind, int classes)
    {
        var scores = Random(kind, classes, 60, seed: 3);
        var random = new EcgRandom(5);
        for (var round = 0; round < 20; round++)
        {
            int[] weights = [.. Enumerable.Range(0, scores.Count).Select(_ => random.Below(4))];
            var kernel = new ScoreKernel(scores);
            var weighted = new double[kernel.Count];
            kernel.Measure(weights, weighted, new ClassCounts[classes]);
            var expanded = EvaluationFigures.Compute(scores.Subset(Repeat(weights)), 0);
            double[] expected = [.. expanded.ByClass.Values.SelectMany(c => c.Figures.Values)
                .Concat(kind == TaskKind.Binary ? [] : expanded.Overall.Values).Select(f => f.Value ?? double.NaN)];
            Assert.Equal(expected.Length, weighted.Length);
            Assert.All(expected.Zip(weighted), pair => Assert.Equal(pair.First, pair.Second, Exact));
        }
    }

    [Fact]
    public void The_figures_of_one_class_are_those_of_the_plain_metrics()
    {
        var scores = Random(TaskKind.Multilabel, 3, 200, seed: 8);
        var plain = MultilabelMetrics.Compute<float>([.. scores.Targets], [.. scores.Probabilities], scores.Classes);
        var figures = EvaluationFigures.Compute(scores, 0);
        Assert.Equal(plain.MicroRocAuc!.Value, figures.Overall["micro_roc_auc"].Value!.Value, Exact);
        foreach (var (name, one) in plain.ByClass)
        {
            var ofClass = figures.ByClass[name];
            Assert.Equal((one.TrueNegatives, one.FalsePositives, one.FalseNegatives, one.TruePositives),
                (ofClass.TrueNegatives, ofClass.FalsePositives, ofClass.FalseNegatives, ofClass.TruePositives));
            foreach (var (figure, value) in new[]
            {
                ("roc_auc", one.RocAuc), ("brier", one.Brier), ("log_loss", one.LogLoss), ("specificity", one.Specificity),
            })
                Assert.Equal(value!.Value, ofClass.Figures[figure].Value!.Value, Exact);
        }
    }

    [Fact]
    public void The_interval_is_that_of_patients_drawn_and_measured_one_by_one()
    {
        var scores = Random(TaskKind.Binary, 1, 40, seed: 11, recordingsPerPatient: 2);
        const int resamples = 199;
        var areas = new List<double>();
        var random = new EcgRandom(0);
        for (var resample = 0; resample < resamples; resample++)
        {
            // As documented: the sequence for (seed, 0, resample) draws as many patients as there are.
            random.Reseed(EcgRandom.SeedFor(9, 0, resample));
            int[] recordings = [.. Enumerable.Range(0, 20).Select(_ => random.Below(20))
                .SelectMany(patient => (int[])[2 * patient, 2 * patient + 1])];
            double right = 0, pairs = 0;
            foreach (var i in recordings.Where(r => scores.Targets[r] == 1))
                foreach (var j in recordings.Where(r => scores.Targets[r] == 0))
                {
                    pairs++;
                    right += scores.Probabilities[i] > scores.Probabilities[j]
                        ? 1
                        : scores.Probabilities[i] == scores.Probabilities[j] ? 0.5 : 0;
                }
            areas.Add(right / pairs);
        }
        areas.Sort();
        var figures = EvaluationFigures.Compute(scores, resamples, seed: 9);
        Assert.Equal(20, figures.Patients);
        // 198 steps between 199 values: the 2.5th percentile lies at 4.95, the 97.5th at 193.05.
        var interval = figures.Overall["roc_auc"].Interval!.Value;
        Assert.Equal(areas[4] + 0.95 * (areas[5] - areas[4]), interval.Low, Exact);
        Assert.Equal(areas[193] + 0.05 * (areas[194] - areas[193]), interval.High, Exact);
    }

    [Fact]
    public void Patients_with_several_recordings_make_intervals_wider()
    {
        // Each recording four times: 400 rows that know no more than 100.
        var one = Random(TaskKind.Binary, 1, 100, seed: 2);
        int[] four = [.. Enumerable.Range(0, 400).Select(i => i / 4)];
        var repeated = one.Subset(four);
        var apart = new ScoredRecordings(TaskKind.Binary, one.Classes, [.. repeated.Targets], [.. repeated.Probabilities]);
        var (clustered, naive) = (Width(repeated), Width(apart));
        Assert.InRange(clustered / naive, 1.7, 2.3);

        static double Width(ScoredRecordings scores)
        {
            var interval = EvaluationFigures.Compute(scores).Overall["roc_auc"].Interval!.Value;
            return interval.High - interval.Low;
        }
    }

    [Fact]
    public void A_seed_repeats_and_another_one_does_not()
    {
        var scores = Random(TaskKind.Multilabel, 2, 80, seed: 4);
        var first = EvaluationFigures.Compute(scores, 100, seed: 1).ToJson().ToJsonString();
        Assert.Equal(first, EvaluationFigures.Compute(scores, 100, seed: 1).ToJson().ToJsonString());
        Assert.NotEqual(first, EvaluationFigures.Compute(scores, 100, seed: 2).ToJson().ToJsonString());
    }

    [Fact]
    public void Decisions_are_taken_at_each_class_own_threshold()
    {
        var figures = EvaluationFigures.Compute(
            new ScoredRecordings(TaskKind.Multilabel, ["a", "b"], [1, 1, 0, 0], [0.3f, 0.8f, 0.1f, 0.7f], [0.2, 0.75]), 0);
        Assert.Equal((1, 1, 0.2),
            (figures.ByClass["a"].TruePositives, figures.ByClass["a"].TrueNegatives, figures.ByClass["a"].Threshold!.Value));
        Assert.Equal(1, figures.Overall["accuracy"].Value);
    }

    [Fact]
    public void Sensitivity_and_specificity_at_a_fixed_level_are_those_counted_by_hand()
    {
        // 20 negatives at 0.01 to 0.20: one may lie above. Positives at 0.5, 0.195, 0.185, 0.05: two lie above 0.19, the second highest
        // negative.
        float[] labels = [.. Enumerable.Repeat(0f, 20), 1, 1, 1, 1];
        float[] probabilities = [.. Enumerable.Range(1, 20).Select(i => i / 100f), 0.5f, 0.195f, 0.185f, 0.05f];
        var figures = EvaluationFigures.Compute(new ScoredRecordings(TaskKind.Binary, ["x"], labels, probabilities), 0).Overall;
        Assert.Equal(0.5, figures["sensitivity_at_specificity_95"].Value);
        // All four positives are needed for 95 %: at 0.05 sixteen negatives (0.05 to 0.20) are called too.
        Assert.Equal(0.2, figures["specificity_at_sensitivity_95"].Value!.Value, Exact);
    }

    [Fact]
    public void The_calibration_error_is_the_one_worked_out_by_hand()
    {
        var curve = ReliabilityCurve.Compute([0.0, 1, 1, 0], [0.05, 0.1, 0.95, 1.0]);
        // |0.05 - 0| + |0.1 - 1| + |1.95 - 1|, over 4: 0.1 is in the second bin, 1 in the last.
        Assert.Equal(1.9 / 4, curve.Ece, Exact);
        Assert.Equal([1, 1, 2], curve.Bins.Select(b => b.Count));
        Assert.Equal((0.975, 0.5), (curve.Bins[2].MeanProbability, curve.Bins[2].Observed));
    }

    [Fact]
    public void The_calibration_error_by_chance_is_the_mean_of_labels_drawn_from_the_probabilities()
    {
        var random = new EcgRandom(3);
        double[] probabilities = [.. Enumerable.Range(0, 1000).Select(_ => random.Uniform())];
        double[] Drawn() => [.. probabilities.Select(p => random.Chance(p) ? 1.0 : 0)];
        var drawn = Enumerable.Range(0, 400).Average(_ => ReliabilityCurve.Compute(Drawn(), probabilities).Ece);
        Assert.Equal(drawn, ReliabilityCurve.Compute(Drawn(), probabilities).EceByChance, 0.03 * drawn);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.15)]
    public void The_debiased_calibration_error_is_nearer_to_the_true_one(double wrong)
    {
        // The labels are more often positive than is said, by the same in each bin: the true error is `wrong`.
        var random = new EcgRandom(4);
        double[] probabilities = [.. Enumerable.Range(0, 500).Select(_ => 0.85 * random.Uniform())];
        var curves = Enumerable.Range(0, 400)
            .Select(_ => ReliabilityCurve.Compute([.. probabilities.Select(p => random.Chance(p + wrong) ? 1.0 : 0)], probabilities))
            .ToArray();
        var (plain, debiased) = (curves.Average(c => c.Ece) - wrong, curves.Average(c => c.EceDebiased) - wrong);
        Assert.InRange(debiased, -0.003, 0.65 * plain + 0.003);
        if (wrong == 0)
            Assert.Equal(0.6, debiased / plain, 0.05);
    }

    [Fact]
    public void The_debiased_calibration_error_of_one_bin_is_the_one_worked_out_by_hand()
    {
        // Four at 0.5, three positive: off by 1, deviation 1; the mean of |x| of a normal x around 1 with deviation 1 is 1.166630941.
        Assert.Equal((1 - 0.166630941) / 4, ReliabilityCurve.Compute([1.0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5]).EceDebiased, 1e-9);
        Assert.Equal(0.25, ReliabilityCurve.Compute([0.0, 0, 1, 0], [0.0, 0, 0, 0]).EceDebiased, Exact);
    }

    [Fact]
    public void A_class_without_positives_has_no_area_and_no_interval_and_is_named()
    {
        var json = EvaluationFigures.Compute(
            new ScoredRecordings(TaskKind.Multilabel, ["a", "b"], [1, 0, 0, 0], [0.9f, 0.2f, 0.1f, 0.3f]), 50).ToJson();
        Assert.Equal("""["b"]""", json["classes_without_auc"]!.ToJsonString());
        Assert.True(json["by_class"]!["b"]!.AsObject().TryGetPropertyValue("roc_auc", out var value) && value is null);
        Assert.True(json["by_class"]!["b"]!.AsObject().TryGetPropertyValue("roc_auc_ci95", out value) && value is null);
        Assert.Equal(1, (double)json["macro_roc_auc"]!);
        // Of two recordings one positive: half of the resamples have no area, too many for an interval.
        Assert.Null(json["macro_roc_auc_ci95"]);
        Assert.IsType<JsonArray>(json["macro_brier_ci95"]);
    }

    [Fact]
    public void Curves_follow_the_points_and_bands_hold_them()
    {
        var scores = Random(TaskKind.Binary, 1, 300, seed: 6);
        var (bands, roc) = (CurveBands.Compute(scores, 0, 200),
            RocCurve.Compute<float>(scores.TargetsOf(0), scores.ProbabilitiesOf(0), dropIntermediate: false));
        Assert.Equal(101, bands.Grid.Count);
        for (var i = 0; i < 101; i++)
        {
            var below = roc.Points.Last(p => p.FalsePositiveRate <= bands.Grid[i]);
            var above = roc.Points.FirstOrDefault(p => p.FalsePositiveRate > bands.Grid[i]);
            var share = below.FalsePositiveRate == 1
                ? 0
                : (bands.Grid[i] - below.FalsePositiveRate) / (above.FalsePositiveRate - below.FalsePositiveRate);
            Assert.Equal(below.TruePositiveRate + share * (above.TruePositiveRate - below.TruePositiveRate),
                bands.Roc[i].Value!.Value, 1e-9);
            Assert.InRange(bands.Roc[i].Value!.Value, bands.Roc[i].Interval!.Value.Low - 0.02, bands.Roc[i].Interval!.Value.High + 0.02);
        }
        var precisionRecall = PrecisionRecallCurve.Compute<float>(scores.TargetsOf(0), scores.ProbabilitiesOf(0));
        Assert.Equal(precisionRecall.Points.First(p => p.Recall >= 0.5).Precision, bands.PrecisionRecall[50].Value!.Value, Exact);
        var bin = ReliabilityCurve.Compute<float>(scores.TargetsOf(0), scores.ProbabilitiesOf(0)).Bins[^1];
        Assert.Equal(bin.Observed, bands.Reliability.Last(f => f.Value is not null).Value!.Value, Exact);
    }

    internal static ScoredRecordings Random(TaskKind kind, int classes, int count, ulong seed, int recordingsPerPatient = 1)
    {
        var random = new EcgRandom(seed);
        var (targets, probabilities) = (new float[count * classes], new float[count * classes]);
        for (var r = 0; r < count; r++)
        {
            var only = random.Below(classes);
            for (var c = 0; c < classes; c++)
            {
                var i = r * classes + c;
                targets[i] = (kind == TaskKind.Multiclass ? c == only : random.Chance(0.4)) ? 1 : 0;
                // Two digits: many ties.
                probabilities[i] = (float)Math.Round(Math.Clamp(0.35 + 0.25 * targets[i] + 0.2 * random.Normal(), 0, 1), 2);
            }
        }
        return new ScoredRecordings(kind, Names(classes), targets, probabilities,
            patients: [.. Enumerable.Range(0, count).Select(r => $"{r / recordingsPerPatient}")]);
    }

    private static int[] Repeat(int[] weights) => [.. weights.SelectMany((weight, recording) => Enumerable.Repeat(recording, weight))];

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(c => $"c{c}")];

    private static float[] Singles(double[] values) => [.. values.Select(v => (float)v)];
}
