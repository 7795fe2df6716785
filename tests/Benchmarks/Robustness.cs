using SignalCam.Abstractions;
using SignalCam.Benchmarks.Quality;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Benchmarks;

/// <summary>How ROC-AUC falls when recordings are disturbed: noise, lost leads, gain, sampling rate, electrode swaps.</summary>
internal static class Robustness
{
    private const int Resamples = 200;

    private static readonly string[] Swaps =
    [
        "arms interchanged", "left arm and leg interchanged", "right arm and leg interchanged", "V1 and V2 interchanged",
        "V1 to V6 reversed",
    ];

    private static readonly (string Name, Func<EcgSignal, EcgRandom, EcgSignal> Make)[] Changes =
    [
        ("none", (s, _) => s),
        .. Levels([0.02, 0.05, 0.1, 0.2, 0.4], mv => $"white noise, standard deviation {mv} mV",
            mv => (s, random) => Disturbances.Change(s, (_, _, v) => v + (float)(mv * random.Normal()))),
        .. Levels([0.1, 0.3, 1, 2], mv => $"baseline wander of 0.3 Hz, amplitude {mv} mV", Wander),
        ("lead I flat", (s, _) => Flat(s, 0)),
        ("V1 flat", (s, _) => Flat(s, 6)),
        ("V5 flat", (s, _) => Flat(s, 10)),
        ("V1 to V6 flat", (s, _) => Flat(s, 6, 7, 8, 9, 10, 11)),
        .. Levels([0.25, 0.5, 0.8, 1.25, 2, 4], factor => $"amplitudes times {factor}",
            factor => (s, _) => Disturbances.Change(s, (_, _, v) => (float)(v * factor))),
        .. Levels([50, 125, 250], rate => $"recorded at {rate} Hz", rate => (s, _) => Resampler.Resample(s, rate)),
        .. Levels([0.9, 1.1], factor => $"played {factor} times as fast", factor => (s, _) => Faster(s, factor)),
        .. Swaps.Select(name => (name, Disturbances.Find(name).Make)),
    ];

    /// <summary>Prints a row for each disturbance and a column for each model.</summary>
    /// <param name="folder">PTB-XL at 100 Hz.</param>
    /// <param name="fold">Whose recordings are disturbed.</param>
    /// <param name="models">Names of pretrained weights, or model files; all of one task.</param>
    public static void Print(string folder, int fold, IReadOnlyList<string> models)
    {
        var dataset = PtbXlDataset.Open(folder);
        var files = models.Select(m => File.Exists(m) ? ModelFile.Load(m) : PretrainedModels.Get(m).Read()).ToArray();
        var tasks = BuiltInTasks.Register(new PluginRegistry<IEcgTaskFactory>("task"));
        var task = tasks.Create(new ComponentSpec(files[0].Manifest.Task, files[0].Manifest.LabelPolicy)).Create(dataset);
        var labeled = new List<(string Patient, float[] Target, EcgSignal Signal)>();
        foreach (var (entry, signal) in QualityTables.Read(dataset, e => e.Fold == fold))
        {
            var target = new float[task.Classes.Count];
            if (task.TryGetTarget(entry, target))
                labeled.Add((entry.PatientId ?? entry.Id, target, signal));
        }
        QualityTables.Line($"macro ROC-AUC for {files[0].Manifest.Task} on {labeled.Count} recordings of fold {fold}");
        QualityTables.Line($"beside it: the difference from undisturbed, with a 95 % interval from {Resamples} resamples of the patients");
        Console.WriteLine($"  {"disturbance",-46}{string.Concat(models.Select(m => $"{Path.GetFileNameWithoutExtension(m),38}"))}");
        var scorers = files.Select(f => ScoringModel.Create(f, new ScoringOptions { Quality = QualityPolicy.Off })).ToArray();
        var undisturbed = new double[models.Count][][];
        foreach (var (name, make) in Changes)
        {
            var scores = models.Select(_ => new double[labeled.Count][]).ToArray();
            Parallel.For(0, labeled.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                var disturbed = make(labeled[i].Signal, new EcgRandom((ulong)i));
                for (var m = 0; m < scorers.Length; m++)
                    scores[m][i] = [.. scorers[m].Classify(disturbed).Scores.Select(s => (double)s.Logit)];
            });
            var cells = new List<string>();
            for (var m = 0; m < scorers.Length; m++)
            {
                undisturbed[m] ??= scores[m];
                var auc = Macro(labeled, scores[m], null);
                var (low, high) = Interval(labeled, scores[m], undisturbed[m]);
                var difference = auc - Macro(labeled, undisturbed[m], null);
                cells.Add(FormattableString.Invariant($"{auc:F4}  {difference,7:F4} ({low:F4} to {high:F4})"));
            }
            Console.WriteLine($"  {name,-46}{string.Concat(cells.Select(c => $"{c,38}"))}");
        }
        foreach (var scorer in scorers)
            scorer.Dispose();
    }

    private static IEnumerable<(string, Func<EcgSignal, EcgRandom, EcgSignal>)> Levels(
        double[] levels, Func<string, string> name, Func<double, Func<EcgSignal, EcgRandom, EcgSignal>> make) =>
        levels.Select(level => (name(level.ToString(System.Globalization.CultureInfo.InvariantCulture)), make(level)));

    /// <summary>Each lead has its own phase, as each electrode drifts on its own.</summary>
    private static Func<EcgSignal, EcgRandom, EcgSignal> Wander(double millivolt) => (signal, random) =>
    {
        var phases = Enumerable.Range(0, signal.Layout.LeadCount).Select(_ => 2 * Math.PI * random.Uniform()).ToArray();
        return Disturbances.Change(signal, (lead, t, v) =>
            v + (float)(millivolt * Math.Sin((2 * Math.PI * 0.3 * t / signal.SamplingRate) + phases[lead])));
    };

    private static EcgSignal Flat(EcgSignal signal, params int[] leads) =>
        Disturbances.Change(signal, (lead, _, v) => leads.Contains(lead) ? 0 : v);

    /// <summary>As if the device's clock were wrong: the same beats in less or more time, cut or held to the length.</summary>
    private static EcgSignal Faster(EcgSignal signal, double factor)
    {
        var length = signal.Length;
        return Disturbances.Change(signal, (lead, t, _) =>
        {
            var at = Math.Min(t * factor, length - 1);
            var left = (int)at;
            var samples = signal.Lead(lead);
            var right = Math.Min(left + 1, length - 1);
            return (float)(samples[left] + ((at - left) * (samples[right] - samples[left])));
        });
    }

    private static (double Low, double High) Interval(
        List<(string Patient, float[] Target, EcgSignal Signal)> labeled, double[][] scores, double[][] undisturbed)
    {
        var patients = Enumerable.Range(0, labeled.Count).GroupBy(i => labeled[i].Patient).Select(g => g.ToArray()).ToArray();
        var differences = new double[Resamples];
        Parallel.For(0, Resamples, r =>
        {
            var random = new EcgRandom((ulong)r);
            int[] drawn = [.. Enumerable.Range(0, patients.Length).SelectMany(_ => patients[random.Below(patients.Length)])];
            differences[r] = Macro(labeled, scores, drawn) - Macro(labeled, undisturbed, drawn);
        });
        Array.Sort(differences);
        return (differences[(int)(0.025 * Resamples)], differences[(int)(0.975 * Resamples) - 1]);
    }

    private static double Macro(List<(string Patient, float[] Target, EcgSignal Signal)> labeled, double[][] scores, int[]? rows)
    {
        rows ??= [.. Enumerable.Range(0, labeled.Count)];
        return Enumerable.Range(0, scores[0].Length)
            .Average(c => RankAuc.Of([.. rows.Select(i => scores[i][c])], [.. rows.Select(i => labeled[i].Target[c] > 0.5f)]));
    }
}
