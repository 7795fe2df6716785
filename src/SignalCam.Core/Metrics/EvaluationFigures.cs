using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// The figures of scored recordings, each with its 95 % interval by a bootstrap that resamples patients. Figures are found by their
/// <see cref="FigureNames"/>; docs/evaluation.md has each one's formula.
/// </summary>
public sealed class EvaluationFigures
{
    /// <summary>Resamples unless another number is asked for.</summary>
    public const int DefaultResamples = 1000;

    private EvaluationFigures(ScoredRecordings scores, int patients, int resamples)
    {
        Kind = scores.Kind;
        N = scores.Count;
        Patients = patients;
        Resamples = resamples;
    }

    /// <summary>How the classes relate to each other.</summary>
    public TaskKind Kind { get; }

    /// <summary>Number of recordings.</summary>
    public int N { get; }

    /// <summary>Number of patients; a recording whose patient is not known counts as one.</summary>
    public int Patients { get; }

    /// <summary>Number of resamples behind the intervals; 0 where there are none.</summary>
    public int Resamples { get; }

    /// <summary>The figures by name: of a binary task those of its class, else those of the classes together.</summary>
    public required IReadOnlyDictionary<string, Figure> Overall { get; init; }

    /// <summary>Each class on its own, in the order of the outputs.</summary>
    public required IReadOnlyDictionary<string, ClassEvaluation> ByClass { get; init; }

    /// <summary>True against called classes of a multiclass task, else null.</summary>
    public ConfusionMatrix? Confusion { get; private init; }

    /// <summary>Measures; the same input gives the same intervals, whatever the number of processors.</summary>
    /// <param name="scores">What to measure.</param>
    /// <param name="resamples">Resamples for the intervals; 0 for none.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public static EvaluationFigures Compute(ScoredRecordings scores, int resamples = DefaultResamples, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var kernel = new ScoreKernel(scores);
        var bootstrap = new PatientBootstrap(scores.Patients, seed);
        var values = new double[kernel.Count];
        var counts = new ClassCounts[scores.Classes.Count];
        var once = new int[scores.Count];
        Array.Fill(once, 1);
        kernel.Measure(once, values, counts);
        var intervals = bootstrap.Intervals(
            resamples, kernel.Count, (weights, figures) => kernel.Measure(weights, figures, new ClassCounts[counts.Length]));

        var byClass = new OrderedDictionary<string, ClassEvaluation>(counts.Length);
        for (var c = 0; c < counts.Length; c++)
            byClass.Add(scores.Classes[c],
                ClassEvaluation.Of(scores, c, counts[c], Named(FigureNames.OfClass, c * FigureNames.OfClass.Length)));
        return new EvaluationFigures(scores, bootstrap.Clusters, resamples)
        {
            ByClass = byClass,
            Confusion = scores.Kind == TaskKind.Multiclass
                ? MulticlassMetrics.Compute<float>([.. scores.Targets], [.. scores.Probabilities], scores.Classes).Confusion
                : null,
            Overall = scores.Kind == TaskKind.Binary
                ? byClass.GetAt(0).Value.Figures
                : Named(FigureNames.OfSeveral.AsSpan(0, kernel.OverallCount), kernel.OverallStart),
        };

        OrderedDictionary<string, Figure> Named(ReadOnlySpan<string> names, int start)
        {
            var named = new OrderedDictionary<string, Figure>(names.Length);
            for (var i = 0; i < names.Length; i++)
                named.Add(names[i], double.IsNaN(values[start + i]) ? default : new Figure(values[start + i], intervals[start + i]));
            return named;
        }
    }

    /// <summary>
    /// What `evaluate --json` writes: n, the figures under their names, each followed by its interval (`roc_auc_ci95: [low, high]`), and,
    /// unless the task is binary, by_class. A figure that does not exist is null, and so is its interval; without resamples there are no
    /// intervals.
    /// </summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["n"] = N, ["patients"] = Patients, ["resamples"] = Resamples };
        if (Kind == TaskKind.Binary)
        {
            ByClass.Values.First().AddTo(json, Resamples > 0);
            return json;
        }
        Add(json, Overall, Resamples > 0);
        if (Confusion is not null)
            json["confusion"] = JsonSerializer.SerializeToNode(Confusion, FigureJson.Default.ConfusionMatrix);
        var byClass = new JsonObject();
        foreach (var (name, figures) in ByClass)
            byClass[name] = figures.ToJson(Resamples > 0);
        json["classes_without_auc"] =
            new JsonArray([.. ByClass.Where(c => c.Value.Figures[FigureNames.RocAuc].Value is null).Select(c => (JsonNode)c.Key)]);
        json["by_class"] = byClass;
        return json;
    }

    internal static void Add(JsonObject json, IReadOnlyDictionary<string, Figure> figures, bool withIntervals)
    {
        foreach (var (name, figure) in figures)
        {
            json[name] = figure.Value;
            if (withIntervals)
                json[$"{name}_ci95"] = figure.Interval is { } interval ? new JsonArray(interval.Low, interval.High) : null;
        }
    }
}

/// <summary>Figures of one class: against the rest where there are several.</summary>
public sealed record ClassEvaluation
{
    private ClassEvaluation(ReliabilityCurve reliability) => Reliability = reliability;

    /// <summary>Number of recordings.</summary>
    public required int N { get; init; }

    /// <summary>The probability above which the class is called present; null for a multiclass task, where the highest is.</summary>
    public required double? Threshold { get; init; }

    /// <summary>Negatives called negative.</summary>
    public required int TrueNegatives { get; init; }

    /// <summary>Negatives called positive.</summary>
    public required int FalsePositives { get; init; }

    /// <summary>Positives called negative.</summary>
    public required int FalseNegatives { get; init; }

    /// <summary>Positives called positive.</summary>
    public required int TruePositives { get; init; }

    /// <summary>Number of positives.</summary>
    public int Positives => TruePositives + FalseNegatives;

    /// <summary>The figures by their <see cref="FigureNames"/>.</summary>
    public required IReadOnlyDictionary<string, Figure> Figures { get; init; }

    /// <summary>How often what is called probable happens.</summary>
    internal ReliabilityCurve Reliability { get; }

    /// <summary>
    /// Calibration slope and intercept (Cox 1958; Van Calster et al. 2019, doi 10.1186/s12916-019-1466-7): the logistic regression of the
    /// labels on the logit of the probability, without smoothing. 1 and 0 is best; a slope below 1 means too sure. Null where it does not
    /// exist.
    /// </summary>
    public required (double Slope, double Intercept)? Calibration { get; init; }

    internal static ClassEvaluation Of(ScoredRecordings scores, int index, ClassCounts counts, IReadOnlyDictionary<string, Figure> figures)
    {
        float[] labels = scores.TargetsOf(index), probabilities = scores.ProbabilitiesOf(index);
        return new ClassEvaluation(ReliabilityCurve.Compute<float>(labels, probabilities))
        {
            N = scores.Count,
            Threshold = scores.Kind == TaskKind.Multiclass ? null : scores.Thresholds[index],
            TrueNegatives = (int)counts.Tn,
            FalsePositives = (int)counts.Fp,
            FalseNegatives = (int)counts.Fn,
            TruePositives = (int)counts.Tp,
            Figures = figures,
            Calibration = LogisticFit.CalibrationSlope(labels, probabilities),
        };
    }

    /// <summary>The class as <see cref="EvaluationFigures.ToJson"/> writes it.</summary>
    /// <param name="withIntervals">Whether each figure is followed by its interval.</param>
    public JsonObject ToJson(bool withIntervals)
    {
        var json = new JsonObject { ["n"] = N };
        AddTo(json, withIntervals);
        return json;
    }

    internal void AddTo(JsonObject json, bool withIntervals)
    {
        (json["tn"], json["fp"], json["fn"], json["tp"]) = (TrueNegatives, FalsePositives, FalseNegatives, TruePositives);
        json["threshold"] = Threshold;
        EvaluationFigures.Add(json, Figures, withIntervals);
        json["ece_by_chance"] = Reliability.EceByChance;
        json["ece_debiased"] = Reliability.EceDebiased;
        json["calibration_slope"] = Calibration?.Slope;
        json["calibration_intercept"] = Calibration?.Intercept;
    }
}
