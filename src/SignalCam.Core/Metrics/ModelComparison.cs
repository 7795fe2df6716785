using System.Text.Json;
using System.Text.Json.Nodes;

namespace SignalCam.Core.Metrics;

/// <summary>Two models on the same recordings: how their ROC-AUCs differ, the model less the other.</summary>
/// <remarks>
/// The intervals are of the difference, over patients resampled for both models alike. One that does not hold 0 says that the models
/// differ; that the intervals of two models overlap says nothing of the kind.
/// </remarks>
public sealed record ModelComparison
{
    /// <summary>Difference of the macro ROC-AUCs; of a binary task, of the ROC-AUCs.</summary>
    public required Figure Difference { get; init; }

    /// <summary>Each class on its own, in the order of the outputs.</summary>
    public required IReadOnlyDictionary<string, ClassComparison> ByClass { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="model">Scores of a model.</param>
    /// <param name="other">Scores of another for the same recordings.</param>
    /// <param name="resamples">Resamples for the intervals; 0 for none.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <exception cref="ArgumentException">The two are not of the same classes and targets.</exception>
    public static ModelComparison Compute(
        ScoredRecordings model, ScoredRecordings other, int resamples = EvaluationFigures.DefaultResamples, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(other);
        if (!model.Classes.SequenceEqual(other.Classes))
            throw new ArgumentException(
                $"classes {string.Join(", ", model.Classes)} and {string.Join(", ", other.Classes)} cannot be compared", nameof(other));
        if (!model.Targets.SequenceEqual(other.Targets))
            throw new ArgumentException("the two are not scored on the same recordings: their targets differ", nameof(other));
        var classes = model.Classes.Count;
        var pairs = Enumerable.Range(0, classes).Select(c => new Pair(model, other, c)).ToArray();
        var once = new int[model.Count];
        Array.Fill(once, 1);
        var values = new double[classes + 1];
        Measure(once, values);
        var intervals = new PatientBootstrap(model.Patients, seed).Intervals(resamples, classes + 1, Measure);
        var byClass = new OrderedDictionary<string, ClassComparison>(classes);
        for (var c = 0; c < classes; c++)
            byClass.Add(model.Classes[c], new ClassComparison(Of(c))
            {
                DeLong = DeLong.Compare(pairs[c].Labels, model.ProbabilitiesOf(c), other.ProbabilitiesOf(c)),
            });
        return new ModelComparison { Difference = Of(classes), ByClass = byClass };

        Figure Of(int i) => double.IsNaN(values[i]) ? default : new Figure(values[i], intervals[i]);

        void Measure(int[] weights, Span<double> differences)
        {
            var (sum, there) = (0.0, 0);
            for (var c = 0; c < pairs.Length; c++)
            {
                differences[c] = pairs[c].Difference(weights);
                if (double.IsNaN(differences[c]))
                    continue;
                sum += differences[c];
                there++;
            }
            differences[^1] = ClassKernel.Ratio(sum, there);
        }
    }

    /// <summary>difference, difference_ci95, and by class the same with what DeLong's test gave.</summary>
    public JsonObject ToJson()
    {
        var json = Of(Difference);
        json["by_class"] = new JsonObject(ByClass.Select(c =>
        {
            var one = Of(c.Value.Difference);
            one["delong"] = JsonSerializer.SerializeToNode(c.Value.DeLong, FigureJson.Default.NullableDeLongComparison);
            return KeyValuePair.Create(c.Key, (JsonNode?)one);
        }));
        return json;

        static JsonObject Of(Figure figure) => new()
        {
            ["difference"] = figure.Value,
            ["difference_ci95"] = JsonSerializer.SerializeToNode(figure.Interval, FigureJson.Default.NullableInterval),
        };
    }

    private sealed class Pair(ScoredRecordings model, ScoredRecordings other, int index)
    {
        private readonly RankedColumn _model = new(model.TargetsOf(index), model.ProbabilitiesOf(index));
        private readonly RankedColumn _other = new(other.TargetsOf(index), other.ProbabilitiesOf(index));

        public float[] Labels { get; } = model.TargetsOf(index);

        public double Difference(int[] weights)
        {
            long positives = 0, negatives = 0;
            for (var r = 0; r < weights.Length; r++)
                _ = Labels[r] == 1 ? positives += weights[r] : negatives += weights[r];
            return _model.Measure(weights, positives, negatives).RocAuc - _other.Measure(weights, positives, negatives).RocAuc;
        }
    }
}

/// <summary>Two models on one class.</summary>
/// <param name="Difference">Difference of the ROC-AUCs, with its interval over resampled patients.</param>
public sealed record ClassComparison(Figure Difference)
{
    /// <summary>
    /// Two-sided p of DeLong's test (DeLong et al. 1988, doi 10.2307/2531595) for equal ROC-AUCs; null with fewer than two positives or
    /// negatives, and where both models rank all recordings alike.
    /// </summary>
    public double? PValue => DeLong?.P;

    /// <summary>DeLong's test; null with fewer than two positives or negatives.</summary>
    internal DeLongComparison? DeLong { get; init; }
}
