using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;

namespace SignalCam.Benchmarks.Quality;

/// <summary>What the checks find in PTB-XL, in recordings that were made unfit, and against PTB-XL's own words.</summary>
internal static class QualityTables
{
    private const int Clean = 500;

    /// <summary>Recordings with each finding.</summary>
    public static void PrintCounts(PtbXlDataset dataset, int first, int last)
    {
        var (count, warned, unusable) = (0, 0, new List<(string Id, IReadOnlyList<EcgFinding> Findings)>());
        var codes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (entry, signal) in Read(dataset, e => e.Fold >= first && e.Fold <= last))
        {
            var findings = Check(signal);
            count++;
            foreach (var code in findings.Where(f => f.Severity != FindingSeverity.Info)
                .Select(f => $"{f.Code} ({f.Severity.ToString().ToLowerInvariant()})").Distinct())
                codes[code] = codes.GetValueOrDefault(code) + 1;
            warned += findings.Any(f => f.Severity == FindingSeverity.Warning) ? 1 : 0;
            if (findings.Any(f => f.Severity == FindingSeverity.Unusable))
                unusable.Add((entry.Id, findings));
        }
        Line($"folds {first} to {last}: {count} recordings, unusable {unusable.Count} ({Share(unusable.Count, count)}), with a warning ",
            $"{warned} ({Share(warned, count)})");
        foreach (var (code, number) in codes)
            Line($"  {code,-42}{number,6}{Share(number, count),9}");
        foreach (var (id, findings) in unusable)
        {
            var sentences = findings.Where(f => f.Severity == FindingSeverity.Unusable).Select(f => f.Sentence);
            Line($"  unusable {id}: {string.Join(" ", sentences)}");
        }
    }

    /// <summary>Sensitivity to each disturbance, and how often the same is found in the clean recordings.</summary>
    public static void PrintDisturbed(PtbXlDataset dataset, PtbXlDataset fast, int fold)
    {
        var clean = Read(dataset, e => e.Fold == fold && IsClean(e)).Take(Clean).Select(r => r.Signal).ToArray();
        var none = clean.Select(Check).ToArray();
        Line($"{clean.Length} recordings of fold {fold} without a remark on their quality");
        Line($"  {"made",-38}{"found",8}{"95 % interval",20}{"asked",8}{"in clean ones",16}");
        foreach (var disturbance in Disturbances.All)
            PrintRow(disturbance, clean, none);
        var quick = Read(fast, e => e.FilenameHr is { } name && File.Exists(Path.Combine(fast.Folder, name + ".dat")))
            .Select(r => r.Signal).ToArray();
        PrintRow(Disturbances.Hum, quick, [.. quick.Select(Check)]);
    }

    /// <summary>The area under the ROC curve of the indices against the columns of `ptbxl_database.csv`.</summary>
    public static void PrintWords(PtbXlDataset dataset, int first, int last)
    {
        var rows = Read(dataset, e => e.Fold >= first && e.Fold <= last).Select(r => (r.Entry, Indices: Indices(r.Signal))).ToArray();
        Line($"folds {first} to {last}: {rows.Length} recordings");
        Print("static_noise", "noise", e => e.StaticNoise, i => i.Noise);
        Print("burst_noise", "burst", e => e.BurstNoise, i => i.Burst);
        Print("baseline_drift", "wander", e => e.BaselineDrift, i => i.Wander);
        Print("electrodes_problems", "1 - lowest correlation of beats", e => e.ElectrodesProblems, i => 1 - i.Correlation);

        void Print(string column, string index, Func<PtbXlEntry, string?> remark, Func<QualityIndices, double> value)
        {
            var (has, values) = (rows.Select(r => !string.IsNullOrWhiteSpace(remark(r.Entry)))
                .ToArray(), rows.Select(r => value(r.Indices)).ToArray());
            Line($"  {column,-22}{index,-34}{has.Count(h => h),6} remarked, AUC {RankAuc.Of(values, has):F3}");
        }
    }

    internal static IReadOnlyList<EcgFinding> Check(EcgSignal signal)
    {
        EcgRecording recording = signal;
        return [.. BuiltInChecks.All.SelectMany(check => check.Check(recording))];
    }

    internal static IEnumerable<(PtbXlEntry Entry, EcgSignal Signal)> Read(PtbXlDataset dataset, Func<PtbXlEntry, bool> choose) =>
        dataset.Entries.Where(choose).Select(entry => (entry, dataset.ReadAsync(entry).AsTask().GetAwaiter().GetResult()));

    internal static bool IsClean(PtbXlEntry e) =>
        new[] { e.StaticNoise, e.BurstNoise, e.BaselineDrift, e.ElectrodesProblems }.All(string.IsNullOrWhiteSpace);

    internal static void Line(params FormattableString[] parts) =>
        Console.WriteLine(string.Concat(parts.Select(part => part.ToString(CultureInfo.InvariantCulture))));

    private static void PrintRow(Disturbance disturbance, EcgSignal[] clean, IReadOnlyList<EcgFinding>[] none)
    {
        var found = clean.Select((signal, i) => Tells(disturbance, Check(disturbance.Make(signal, new EcgRandom((ulong)i))))).Count(f => f);
        var (low, high) = ShareInterval.Of(found, clean.Length);
        var asked = disturbance.Asked?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
        Line($"  {disturbance.Name,-38}{(double)found / clean.Length,8:F3}{$"{low:F3} to {high:F3}",20}{asked,8}",
            $"{none.Count(n => Tells(disturbance, n)),8} of {clean.Length}");
    }

    private static bool Tells(Disturbance disturbance, IReadOnlyList<EcgFinding> findings) =>
        findings.Any(f => f.Severity >= disturbance.Severity && disturbance.Codes.Contains(f.Code));

    private static QualityIndices Indices(EcgSignal signal)
    {
        var (noise, burst, wander, correlation) = (0.0, 0.0, 0.0, 1.0);
        foreach (ref readonly var lead in RecordingAnalysis.Of(signal).Leads)
            (noise, burst, wander, correlation) = (
                Math.Max(noise, lead.Noise), Math.Max(burst, lead.Burst), Math.Max(wander, lead.Wander),
                Math.Min(correlation, lead.TemplateCorrelation));
        return new QualityIndices(noise, burst, wander, correlation);
    }

    private static string Share(int part, int whole) => (100.0 * part / whole).ToString("F2", CultureInfo.InvariantCulture) + " %";

    private readonly record struct QualityIndices(double Noise, double Burst, double Wander, double Correlation);
}

/// <summary>The area under a ROC curve by ranks, ties counted half.</summary>
internal static class RankAuc
{
    public static double Of(double[] values, bool[] isPositive)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var (ranks, positives) = (0.0, 0);
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && values[order[end]].Equals(values[order[start]]);)
                end++;
            for (var i = start; i < end; i++)
                if (isPositive[order[i]])
                    (ranks, positives) = (ranks + (start + end + 1) / 2.0, positives + 1);
        }
        return (ranks - positives * (positives + 1) / 2.0) / ((double)positives * (values.Length - positives));
    }
}
