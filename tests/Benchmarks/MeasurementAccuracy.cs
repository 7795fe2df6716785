using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Measurements;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;

namespace SignalCam.Benchmarks;

/// <summary>How far the measurements are off where the truth is known, and how well they tell PTB-XL's statements apart.</summary>
internal static class MeasurementAccuracy
{
    private const int Recordings = 300;

    /// <summary>Prints the errors on synthetic recordings, by noise and heart rate.</summary>
    public static void PrintSynthetic()
    {
        Console.WriteLine(
            $"Median absolute error (90th percentile) and share that was found, {Recordings} synthetic recordings of 10 s each");
        Console.WriteLine("| rate, Hz | noise | heart rate | rate, 1/min | PR, ms | QRS, ms | QT, ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var rate in (double[])[500, 100])
        {
            foreach (var decibel in (double[])[30, 20, 10])
                Print(rate, decibel, 45, 120);
            foreach (var (low, high) in ((double, double)[])[(45, 60), (60, 90), (90, 120)])
                Print(rate, 20, low, high);
        }
    }

    /// <summary>Prints the ROC-AUC of each value for the statement that it should tell apart.</summary>
    public static void PrintPtbXl(string folder, int recordings)
    {
        var dataset = PtbXlDataset.Open(folder);
        var entries = dataset.Entries.Where(e => e.Fold is >= 1 and <= 9).Index()
            .Where(e => e.Index % Math.Max(1, dataset.Entries.Count / recordings) == 0).Select(e => e.Item).ToArray();
        string[] rare = ["SBRAD", "STACH", "CLBBB", "CRBBB", "1AVB", "LNGQT"];
        // Rare statements are taken whole: a share of them would leave too few.
        var chosen = dataset.Entries.Where(e => e.Fold is >= 1 and <= 9 && e.Statements.Any(s => rare.Contains(s.Code)))
            .UnionBy(entries, e => e.Id).ToArray();
        var measured = new (PtbXlEntry Entry, EcgMeasurements Values)[chosen.Length];
        Parallel.For(0, chosen.Length,
            i => measured[i] = (chosen[i], EcgMeasurements.Of(dataset.ReadAsync(chosen[i]).AsTask().GetAwaiter().GetResult())));
        Console.WriteLine($"{chosen.Length} recordings of PTB-XL, folds 1 to 9, {dataset.SamplingRate} Hz");
        Console.WriteLine("| value | statement | with | without | found in, with and without | AUC | median with | median without |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        Auc("heart rate, low", "SBRAD", v => v.HeartRate, -1);
        Auc("heart rate", "STACH", v => v.HeartRate, 1);
        Auc("QRS", "CLBBB", v => v.QrsDuration, 1);
        Auc("QRS", "CRBBB", v => v.QrsDuration, 1);
        Auc("PR", "1AVB", v => v.PrInterval, 1);
        Auc("QT", "LNGQT", v => v.QtInterval, 1);
        Auc("QTc, Bazett", "LNGQT", v => v.QtcBazett, 1);
        Auc("QTc, Fridericia", "LNGQT", v => v.QtcFridericia, 1);
        var fibrillation = measured.Where(m => Has(m.Entry, "AFIB")).ToArray();
        Console.WriteLine(
            $"PR is absent in {fibrillation.Count(m => m.Values.PrInterval is null)} of {fibrillation.Length} recordings with AFIB, and in "
                + $"{measured.Count(m => Has(m.Entry, "SR") && m.Values.PrInterval is null)} of "
                + $"{measured.Count(m => Has(m.Entry, "SR"))} with SR");

        void Auc(string name, string statement, Func<EcgMeasurements, EcgMeasurement?> value, int sign)
        {
            var with = measured.Where(m => Has(m.Entry, statement)).Select(m => value(m.Values)?.Value).ToArray();
            var without = measured.Where(m => !Has(m.Entry, statement)).Select(m => value(m.Values)?.Value).ToArray();
            double[] positive = [.. with.OfType<double>()], negative = [.. without.OfType<double>()];
            var area = Area([.. positive.Select(v => sign * v)], [.. negative.Select(v => sign * v)]);
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {statement} | {with.Length} | {without.Length} | {100.0 * positive.Length / with.Length:0} %, "
                    + $"{100.0 * negative.Length / without.Length:0} % | {area:0.000} | "
                    + $"{Quantile(positive, 0.5):0} | {Quantile(negative, 0.5):0} |"));
        }

        static bool Has(PtbXlEntry entry, string code) => entry.Statements.Any(s => s.Code == code);
    }

    private static double Area(double[] positive, double[] negative)
    {
        Array.Sort(negative);
        var wins = 0.0;
        foreach (var value in positive)
        {
            var below = Below(negative, value, orEqual: false);
            wins += below + (0.5 * (Below(negative, value, orEqual: true) - below));
        }
        return wins / positive.Length / negative.Length;
    }

    private static int Below(double[] sorted, double value, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value))
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static void Print(double rate, double decibel, double low, double high)
    {
        var pairs = Enumerable.Range(0, Recordings).AsParallel().AsOrdered().Select(i =>
        {
            var random = EcgRandom.For(2026, 1, i);
            var statements = i % 3 == 0 ? [] : (string[])[SyntheticEcg.Statements[i % SyntheticEcg.Statements.Count]];
            var made = SyntheticEcg.Generate(
                new SyntheticOptions
                {
                    SamplingRate = rate,
                    HeartRate = random.Uniform(low, high),
                    BaselineWander = 0.1,
                    MuscleNoise = 0,
                    Statements = statements,
                }, random);
            return (Truth: made.Intervals!, Found: EcgMeasurements.Of(WithNoise(made.Signal, decibel, random)));
        }).ToArray();
        Console.WriteLine($"| {rate:0} | {decibel:0} dB | {low:0} to {high:0} | {Error(t => t.HeartRate, v => v.HeartRate, 1)} | "
            + $"{Error(t => t.Pr, v => v.PrInterval, 1000)} | "
            + $"{Error(t => t.Qrs, v => v.QrsDuration, 1000)} | {Error(t => t.Qt, v => v.QtInterval, 1000)} |");

        string Error(Func<SyntheticIntervals, double> truth, Func<EcgMeasurements, EcgMeasurement?> value, double scale)
        {
            double[] signed = [.. pairs.Where(p => value(p.Found) is not null)
                .Select(p => value(p.Found)!.Value - (scale * truth(p.Truth)))];
            double[] errors = [.. signed.Select(Math.Abs)];
            return string.Create(CultureInfo.InvariantCulture,
                $"{Quantile(errors, 0.5):0.0} ({Quantile(errors, 0.9):0.0}), bias {Quantile(signed, 0.5):0.0}, "
                + $"{100.0 * errors.Length / pairs.Length:0} %");
        }
    }

    /// <summary>White noise in each lead, whose power is that of the lead's beats less so many decibel.</summary>
    internal static EcgSignal WithNoise(EcgSignal signal, double decibel, EcgRandom random) => signal.MapLeads(lead =>
    {
        var (mean, power) = (0.0, 0.0);
        foreach (var value in lead)
            mean += value / lead.Length;
        foreach (var value in lead)
            power += (value - mean) * (value - mean) / lead.Length;
        var deviation = Math.Sqrt(power) * Math.Pow(10, -decibel / 20);
        for (var t = 0; t < lead.Length; t++)
            lead[t] += (float)(deviation * random.Normal());
    });

    private static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }
}
