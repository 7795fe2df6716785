using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// Resamples patients with replacement, each with all recordings: recordings of one patient resemble each other, and drawing them one by
/// one would make intervals too narrow (cluster bootstrap, Davison and Hinkley 1997, section 3.8). A recording without a patient is a
/// patient of its own.
/// </summary>
/// <remarks>
/// A resample is how often each recording is in it. It follows from the seed and its number alone, so the number of threads changes
/// nothing.
/// </remarks>
internal sealed class PatientBootstrap
{
    private readonly int[] _clusterOf;
    private readonly ulong _seed;

    public PatientBootstrap(IReadOnlyList<string?> patients, ulong seed)
    {
        _seed = seed;
        _clusterOf = new int[patients.Count];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < patients.Count; i++)
        {
            var cluster = Clusters;
            if (patients[i] is { } patient && !known.TryAdd(patient, cluster))
                cluster = known[patient];
            else
                Clusters++;
            _clusterOf[i] = cluster;
        }
    }

    /// <summary>Patients, and recordings without one.</summary>
    public int Clusters { get; private set; }

    /// <summary>Measures every resample, on all processors.</summary>
    /// <param name="resamples">How many.</param>
    /// <param name="figures">Number of figures.</param>
    /// <param name="measure">
    /// Writes the figures of one resample given the weight of each recording; called from several threads at once.
    /// </param>
    /// <returns>The interval of each figure; each null for no resamples.</returns>
    public Interval?[] Intervals(int resamples, int figures, Action<int[], Span<double>> measure)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(resamples);
        var values = new double[resamples][];
        Parallel.For(
            0, resamples, () => (Drawn: new int[Clusters], Weights: new int[_clusterOf.Length]),
            (resample, _, buffers) =>
            {
                Draw(resample, buffers.Drawn, buffers.Weights);
                measure(buffers.Weights, values[resample] = new double[figures]);
                return buffers;
            },
            _ => { });
        var intervals = new Interval?[figures];
        Parallel.For(0, figures, () => new double[resamples], (figure, _, column) =>
        {
            for (var r = 0; r < resamples; r++)
                column[r] = values[r][figure];
            intervals[figure] = Interval.Percentile(column);
            return column;
        }, _ => { });
        return intervals;
    }

    /// <summary>The number of occurrences of each recording in a resample.</summary>
    public void Draw(int resample, Span<int> drawn, Span<int> weights)
    {
        var random = EcgRandom.For(_seed, 0, resample);
        drawn.Clear();
        for (var i = 0; i < drawn.Length; i++)
            drawn[random.Below(drawn.Length)]++;
        for (var i = 0; i < weights.Length; i++)
            weights[i] = drawn[_clusterOf[i]];
    }
}
