using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Explanation;

/// <summary>A mean over recordings with its 95 % interval.</summary>
/// <param name="Mean">The mean of the recordings that have a value; null where none has.</param>
/// <param name="Low">The 2.5th percentile of the resampled means.</param>
/// <param name="High">The 97.5th percentile of the resampled means.</param>
/// <param name="Count">Recordings that have a value.</param>
public sealed record MeanInterval(double? Mean, double? Low, double? High, int Count)
{
    private const int Resamples = 1000;

    /// <summary>
    /// Percentile bootstrap (Efron 1979, doi 10.1214/aos/1176344552) with 1,000 draws of whole groups, so that several recordings of one
    /// patient do not pass for independent ones.
    /// </summary>
    /// <param name="values">One per recording; null for those that have none, which are left out.</param>
    /// <param name="groups">The patient of each recording.</param>
    /// <param name="seed">Makes it repeatable.</param>
    /// <exception cref="ArgumentException">There are not as many groups as values.</exception>
    public static MeanInterval Of(IReadOnlyList<double?> values, IReadOnlyList<string> groups, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(groups);
        if (values.Count != groups.Count)
            throw new ArgumentException($"{values.Count} values and {groups.Count} groups: expected as many", nameof(groups));
        var sums = values.Zip(groups).Where(pair => pair.First is not null)
            .GroupBy(pair => pair.Second, (_, items) => items.Aggregate((Sum: 0.0, Count: 0), (total, item) => (total.Sum + item.First!.Value, total.Count + 1)))
            .ToArray();
        var count = sums.Sum(s => s.Count);
        if (count == 0)
            return new MeanInterval(null, null, null, 0);
        var random = new EcgRandom(seed);
        var means = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            var (sum, drawn) = (0.0, 0);
            for (var k = 0; k < sums.Length; k++)
            {
                var group = sums[random.Below(sums.Length)];
                sum += group.Sum;
                drawn += group.Count;
            }
            means[i] = sum / drawn;
        }
        return new MeanInterval(sums.Sum(s => s.Sum) / count, OrderStatistics.Quantile(means, 0.025), OrderStatistics.Quantile(means, 0.975), count);
    }
}
