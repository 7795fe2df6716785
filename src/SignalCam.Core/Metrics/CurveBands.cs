using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>
/// The curves of one class on a fixed grid, each point with its 95 % interval over resampled patients: bands to draw. A band holds point by
/// point, not for the whole curve.
/// </summary>
/// <param name="Grid">0 to 1 in steps of 0.01.</param>
/// <param name="Roc">
/// Sensitivity at each false positive rate of the grid, linear between the curve's points; the highest where the curve is upright.
/// </param>
/// <param name="PrecisionRecall">Precision at each recall of the grid: of the highest threshold that reaches it.</param>
/// <param name="Reliability">Share of positives in each of the bins of <see cref="ReliabilityCurve"/>, empty ones included.</param>
/// <remarks>What does not exist, such as a sensitivity without positives, has neither value nor interval.</remarks>
internal sealed record CurveBands(
    [property: JsonPropertyName("grid")] IReadOnlyList<double> Grid,
    [property: JsonPropertyName("roc")] IReadOnlyList<Figure> Roc,
    [property: JsonPropertyName("precision_recall")] IReadOnlyList<Figure> PrecisionRecall,
    [property: JsonPropertyName("reliability")] IReadOnlyList<Figure> Reliability)
{
    private const int Steps = 100;
    private const int Points = Steps + 1;
    private const int FigureCount = 2 * Points + ReliabilityCurve.BinCount;

    private static readonly double[] s_grid = [.. Enumerable.Range(0, Points).Select(i => (double)i / Steps)];

    /// <summary>Computes the curves of a class.</summary>
    /// <param name="scores">What to measure.</param>
    /// <param name="index">Which class.</param>
    /// <param name="resamples">Resamples for the bands; 0 for none.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public static CurveBands Compute(ScoredRecordings scores, int index, int resamples = EvaluationFigures.DefaultResamples, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(scores);
        float[] labels = scores.TargetsOf(index), probabilities = scores.ProbabilitiesOf(index);
        var ranked = new RankedColumn(labels, probabilities);
        int[] bins = [.. probabilities.Select(p => ReliabilityCurve.BinOf(p))];
        var once = new int[scores.Count];
        Array.Fill(once, 1);
        var values = new double[FigureCount];
        Measure(once, values);
        var intervals = new PatientBootstrap(scores.Patients, seed).Intervals(resamples, FigureCount, Measure);
        Figure[] figures = [.. values.Zip(intervals, (value, interval) => double.IsNaN(value) ? default : new Figure(value, interval))];
        return new CurveBands(s_grid, figures[..Points], figures[Points..(2 * Points)], figures[(2 * Points)..]);

        void Measure(int[] weights, Span<double> result)
        {
            Span<int> counts = stackalloc int[ReliabilityCurve.BinCount], positives = stackalloc int[ReliabilityCurve.BinCount];
            counts.Clear();
            positives.Clear();
            for (var r = 0; r < weights.Length; r++)
            {
                counts[bins[r]] += weights[r];
                positives[bins[r]] += labels[r] == 1 ? weights[r] : 0;
            }
            long allPositives = 0, all = 0;
            for (var b = 0; b < ReliabilityCurve.BinCount; b++)
            {
                result[2 * Points + b] = ClassKernel.Ratio(positives[b], counts[b]);
                allPositives += positives[b];
                all += counts[b];
            }
            var (roc, precisions) = (new double[Points], new double[Points]);
            Trace(ranked, weights, allPositives, all - allPositives, roc, precisions);
            roc.CopyTo(result);
            precisions.CopyTo(result[Points..]);
        }
    }

    private static void Trace(RankedColumn ranked, int[] weights, long positives, long negatives, double[] roc, double[] precisions)
    {
        Array.Fill(roc, double.NaN);
        Array.Fill(precisions, double.NaN);
        int rocPoint = 0, precisionPoint = 0;
        double rateBefore = 0, sensitivityBefore = 0;
        if (positives == 0)
            return;
        ranked.ForEachStep(weights, (_, tp, fp) =>
        {
            var sensitivity = (double)tp / positives;
            while (tp > 0 && precisionPoint < Points && sensitivity >= s_grid[precisionPoint])
                precisions[precisionPoint++] = (double)tp / (tp + fp);
            if (negatives == 0)
                return;
            var rate = (double)fp / negatives;
            for (; rocPoint < Points && s_grid[rocPoint] < rate; rocPoint++)
                roc[rocPoint] = sensitivityBefore
                    + (sensitivity - sensitivityBefore) * (s_grid[rocPoint] - rateBefore) / (rate - rateBefore);
            (rateBefore, sensitivityBefore) = (rate, sensitivity);
        });
        for (; negatives > 0 && rocPoint < Points; rocPoint++)
            roc[rocPoint] = sensitivityBefore;
    }
}
