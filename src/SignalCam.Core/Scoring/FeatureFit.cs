using System.Collections.Concurrent;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Scoring;

/// <summary>
/// Fits <see cref="FeatureStatistics"/>: the Gaussians to the folds that a model learned from, the limit to the fold that it was validated
/// on.
/// </summary>
internal sealed class FeatureFit : IDisposable
{
    /// <summary>A combination of labels that fewer recordings than this share has is one group with the others like it.</summary>
    private const double LeastGroup = 0.01;

    // What two features that move together leave of the covariance must not be divided by.
    private const double Ridge = 1e-4;

    private readonly ModelFile _file;
    private readonly Preprocessor _preprocessor;
    private readonly CompiledBackend _backend;

    /// <summary>Compiles a model.</summary>
    /// <exception cref="ModelNotSupportedException">It has no layer graph, or no pooled feature maps.</exception>
    public FeatureFit(ModelFile file, PluginRegistry<ISignalTransform> transforms)
    {
        _file = file;
        _preprocessor = new Preprocessor(file.Manifest.Preprocessing, transforms);
        _backend = new CompiledBackend(file, _preprocessor, withFeatures: true);
        if (_backend.FeatureCount == 0)
            throw new ModelNotSupportedException("the model's layer graph has no exact class activation map, which says what is pooled");
    }

    public void Dispose() => _backend.Dispose();

    /// <summary>The pooled features of a recording.</summary>
    public float[] Features(EcgSignal recording)
    {
        var input = _file.Manifest.Layout;
        var adapted = AdaptedRecording.Of(recording, input, LengthPolicy.Crop | LengthPolicy.Pad, input.Length);
        var prepared = new float[input.LeadCount * input.Length];
        _preprocessor.Apply(adapted.WindowSignal(0).Samples.Span, input, prepared, input.Length);
        return _backend.Run(prepared, 1, null).Features;
    }

    /// <summary>Fits.</summary>
    /// <param name="dataset">What the model was trained on.</param>
    /// <param name="task">The task, which says which recordings have the same labels.</param>
    /// <param name="trainFolds">Folds of the Gaussians.</param>
    /// <param name="limitFolds">Folds of the limit; no recording of them may be one of the former.</param>
    /// <param name="quantile">The share of the recordings of <paramref name="limitFolds"/> that are to lie below the limit.</param>
    /// <param name="reading">What becomes of a bad recording.</param>
    /// <param name="progress">Receives the number of recordings read.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DatasetSplitException">A part of the split is empty, or a patient is in both.</exception>
    public async Task<FeatureStatistics> FitAsync(
        IEcgDataset dataset, IEcgTask task, FoldSet trainFolds, FoldSet limitFolds, double quantile, RecordingReaderOptions reading,
        IProgress<RecordingProgress>? progress, CancellationToken cancellationToken)
    {
        var split = DatasetSplit.ByFolds(dataset.Entries, trainFolds, limitFolds);
        var train = await ReadAsync(dataset, split.Train, reading, progress, cancellationToken).ConfigureAwait(false);
        var (groups, means) = Group([.. train.Keys.Select(i => LabelsOf(task, split.Train[i]))], [.. train.Values]);
        var whitening = Whiten([.. train.Values], groups, means);
        var facts = new FeatureFacts(1, dataset.Name, trainFolds.ToString(), limitFolds.ToString(), quantile);
        var white = WhitenMeans(means, whitening);
        var fitted = new FeatureStatistics(white, whitening, facts);
        var limit = await ReadAsync(dataset, split.Validation, reading, progress, cancellationToken).ConfigureAwait(false);
        var distances = limit.Values.Select(f => fitted.Distance(f)).Order().ToArray();
        return new FeatureStatistics(white, whitening, facts with { Limit = distances[(int)(quantile * (distances.Length - 1))] });
    }

    private async Task<SortedDictionary<int, float[]>> ReadAsync(
        IEcgDataset dataset, IReadOnlyList<EcgEntry> entries, RecordingReaderOptions reading, IProgress<RecordingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var features = new ConcurrentDictionary<int, float[]>();
        await new RecordingReader(dataset, null, reading).ForEachAsync(
            entries, (index, signal) => features[index] = Features(signal), progress, cancellationToken).ConfigureAwait(false);
        return new SortedDictionary<int, float[]>(features);
    }

    /// <summary>The labels of a recording as a text, by which groups are made; empty for one without.</summary>
    private static string LabelsOf(IEcgTask task, EcgEntry entry)
    {
        var target = new float[task.Classes.Count];
        return task.TryGetTarget(entry, target) ? string.Join(',', target) : "";
    }

    private static (int[] Groups, double[][] Means) Group(string[] labels, float[][] features)
    {
        var least = LeastGroup * labels.Length;
        string[] frequent = [.. labels.CountBy(l => l).Where(l => l.Key.Length > 0 && l.Value >= least).Select(l => l.Key)
            .Order(StringComparer.Ordinal)];
        int[] groups = [.. labels.Select(l => Array.IndexOf(frequent, l) is >= 0 and var at ? at : frequent.Length)];
        var means = new double[groups.Max() + 1][];
        for (var g = 0; g < means.Length; g++)
        {
            var own = features.Where((_, i) => groups[i] == g).ToArray();
            means[g] = [.. Enumerable.Range(0, features[0].Length).Select(c => own.Length == 0 ? 0 : own.Average(f => (double)f[c]))];
        }
        // Where every combination is frequent, or none is, a group is empty.
        int[] kept = [.. Enumerable.Range(0, means.Length).Where(g => groups.Contains(g))];
        return ([.. groups.Select(g => Array.IndexOf(kept, g))], [.. kept.Select(g => means[g])]);
    }

    /// <summary>The inverse of the lower Cholesky factor of the features' covariance about their groups' means.</summary>
    private static float[] Whiten(float[][] features, int[] groups, double[][] means)
    {
        var n = features[0].Length;
        var covariance = new double[n, n];
        for (var r = 0; r < features.Length; r++)
            for (var i = 0; i < n; i++)
                for (var j = 0; j <= i; j++)
                    covariance[i, j] += (features[r][i] - means[groups[r]][i]) * (features[r][j] - means[groups[r]][j]) / features.Length;
        var trace = Enumerable.Range(0, n).Sum(i => covariance[i, i]);
        for (var i = 0; i < n; i++)
            covariance[i, i] += Ridge * trace / n + double.Epsilon;
        for (var j = 0; j < n; j++)
            for (var i = j; i < n; i++)
            {
                for (var k = 0; k < j; k++)
                    covariance[i, j] -= covariance[i, k] * covariance[j, k];
                covariance[i, j] = i == j ? Math.Sqrt(covariance[i, j]) : covariance[i, j] / covariance[j, j];
            }
        return Inverse(covariance, n);
    }

    /// <summary>Inverts a lower triangle.</summary>
    private static float[] Inverse(double[,] lower, int n)
    {
        var (inverse, values) = (new double[n, n], new float[n * n]);
        for (var column = 0; column < n; column++)
            for (var i = column; i < n; i++)
            {
                var sum = i == column ? 1.0 : 0;
                for (var k = column; k < i; k++)
                    sum -= lower[i, k] * inverse[k, column];
                inverse[i, column] = sum / lower[i, i];
                values[i * n + column] = (float)inverse[i, column];
            }
        return values;
    }

    private static float[] WhitenMeans(double[][] means, float[] whitening)
    {
        var n = means[0].Length;
        var white = new float[means.Length * n];
        for (var g = 0; g < means.Length; g++)
            for (var i = 0; i < n; i++)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++)
                    sum += whitening[i * n + k] * means[g][k];
                white[g * n + i] = (float)sum;
            }
        return white;
    }
}
