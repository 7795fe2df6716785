using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Measurements;

/// <summary>
/// Finds beats by the squared slopes of all leads, integrated over 100 ms, above a threshold between the levels of signal and noise around
/// each place (after Pan and Tompkins 1985, doi 10.1109/TBME.1985.325532, on all leads together).
/// </summary>
internal static class QrsDetector
{
    private const double SlopeReach = 0.02;
    private const double Integration = 0.1;
    private const double Block = 1.5;
    private const int BlocksAround = 4;
    private const double ThresholdShare = 0.3;
    private const double Refractory = 0.25;

    /// <summary>A second one within this many seconds is a T wave unless its slopes are at least half as steep.</summary>
    private const double TWaveTime = 0.36;

    private const double LongestGap = 1.66;

    /// <summary>How far the signal's level must stand above that of the noise for there to be any beats.</summary>
    private const double LeastContrast = 4;

    /// <summary>Beats as samples, ascending.</summary>
    public static List<int> Find(MeasuredLeads leads)
    {
        var energy = Integrate(SquaredSlopes(leads), leads.Of(Integration));
        var (signal, noise) = Levels(energy, leads.Of(Block));
        var beats = Above(energy, t => Threshold(t, ThresholdShare), leads);
        return beats.Count < 3 ? beats : SearchBack(beats, energy, t => Threshold(t, ThresholdShare / 2), leads);

        double Threshold(int t, double share)
        {
            var block = Math.Min(signal.Length - 1, t / leads.Of(Block));
            return signal[block] > LeastContrast * noise[block]
                ? noise[block] + (share * (signal[block] - noise[block]))
                : double.PositiveInfinity;
        }
    }

    private static double[] SquaredSlopes(MeasuredLeads leads)
    {
        var energy = new double[leads.Length];
        var reach = leads.Of(SlopeReach);
        foreach (var samples in leads.Samples)
        {
            for (var t = reach; t < samples.Length - reach; t++)
            {
                var slope = (double)samples[t + reach] - samples[t - reach];
                energy[t] += slope * slope;
            }
        }
        return energy;
    }

    private static double[] Integrate(double[] energy, int width)
    {
        var (result, sum) = (new double[energy.Length], 0.0);
        for (var t = 0; t < energy.Length + (width / 2); t++)
        {
            sum += t < energy.Length ? energy[t] : 0;
            sum -= t >= width ? energy[t - width] : 0;
            if (t >= width / 2)
                result[t - (width / 2)] = Math.Max(0, sum / width);
        }
        return result;
    }

    /// <summary>For each block the median of the largest values, and the median of all values, of the blocks around it.</summary>
    private static (double[] Signal, double[] Noise) Levels(double[] energy, int width)
    {
        var blocks = energy.Chunk(width).Where((chunk, i) => i == 0 || chunk.Length == width).ToArray();
        double[] largest = [.. blocks.Select(b => b.Max())];
        double[] middle = [.. blocks.Select(b => OrderStatistics.Median(b))];
        return ([.. largest.Select((_, i) => Around(largest, i))], [.. middle.Select((_, i) => Around(middle, i))]);

        static double Around(double[] values, int i) =>
            OrderStatistics.Median(values.AsSpan(Math.Max(0, i - BlocksAround)..Math.Min(values.Length, i + BlocksAround + 1)));
    }

    private static List<int> Above(double[] energy, Func<int, double> threshold, MeasuredLeads leads)
    {
        var (refractory, tWave) = (leads.Of(Refractory), leads.Of(TWaveTime));
        var beats = new List<int>();
        for (var t = 1; t < energy.Length - 1; t++)
        {
            if (energy[t] < energy[t - 1] || energy[t] <= energy[t + 1] || energy[t] <= threshold(t))
                continue;
            if (beats.Count > 0 && (t - beats[^1] < refractory || (t - beats[^1] < tWave && energy[t] < 0.5 * energy[beats[^1]])))
            {
                if (energy[t] > energy[beats[^1]] && t - beats[^1] < refractory)
                    beats[^1] = t;
                continue;
            }
            beats.Add(t);
        }
        return beats;
    }

    /// <summary>Looks again, with half the threshold, where a beat seems to be missing.</summary>
    private static List<int> SearchBack(List<int> beats, double[] energy, Func<int, double> threshold, MeasuredLeads leads)
    {
        var usual = OrderStatistics.Median([.. beats.Zip(beats.Skip(1), (a, b) => (double)(b - a))]);
        var (all, away) = (new List<int> { beats[0] }, leads.Of(TWaveTime));
        foreach (var beat in beats.Skip(1))
        {
            if (beat - all[^1] > LongestGap * usual)
            {
                var (best, from) = (-1, all[^1] + away);
                for (var t = from; t < beat - leads.Of(Refractory); t++)
                    if (energy[t] > threshold(t) && energy[t] >= energy[t - 1] && energy[t] > energy[t + 1]
                        && (best < 0 || energy[t] > energy[best]))
                        best = t;
                if (best >= 0)
                    all.Add(best);
            }
            all.Add(beat);
        }
        return all;
    }
}
