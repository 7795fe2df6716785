using SignalCam.Core.Metrics;

namespace SignalCam.Core.Explanation;

/// <summary>A mean over recordings with its 95 % interval.</summary>
/// <param name="Mean">The mean of the recordings that have a value; null if none has.</param>
/// <param name="Interval">Percentile interval over resampled patients; null if there is no mean.</param>
/// <param name="Count">Recordings that have a value.</param>
public sealed record MeanInterval(double? Mean, Interval? Interval, int Count)
{
    private const int Resamples = 1000;

    /// <summary>
    /// The mean and its interval from 1,000 resamples of whole patients (Efron 1979, doi 10.1214/aos/1176344552), so that several
    /// recordings of one patient do not count as independent.
    /// </summary>
    /// <param name="values">One per recording; null values are left out.</param>
    /// <param name="patients">The patient of each recording.</param>
    /// <param name="seed">The random seed.</param>
    /// <exception cref="ArgumentException">The numbers of patients and values differ.</exception>
    public static MeanInterval Of(IReadOnlyList<double?> values, IReadOnlyList<string> patients, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(patients);
        if (values.Count != patients.Count)
            throw new ArgumentException($"{values.Count} values and {patients.Count} patients: expected as many", nameof(patients));
        var rows = Enumerable.Range(0, values.Count).Where(i => values[i] is not null).ToArray();
        if (rows.Length == 0)
            return new MeanInterval(null, null, 0);
        var there = Array.ConvertAll(rows, i => values[i]!.Value);
        var interval = new PatientBootstrap(Array.ConvertAll(rows, i => patients[i]), seed).Intervals(Resamples, 1, (weights, figures) =>
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < there.Length; i++)
            {
                sum += weights[i] * there[i];
                count += weights[i];
            }
            figures[0] = sum / count;
        })[0];
        return new MeanInterval(there.Average(), interval, rows.Length);
    }
}
