using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;
using SignalCam.Core.Scoring;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Benchmarks.Quality;

/// <summary>How well the distance of the features tells what a model has not learned from, and how accuracy falls with it.</summary>
internal static class DistanceTables
{
    private const int Made = 500;
    private const int Bands = 5;

    /// <summary>Fits on folds 1 to 8 with the limit on 9, and prints.</summary>
    /// <param name="dataset">PTB-XL.</param>
    /// <param name="name">A pretrained model.</param>
    /// <param name="other">A folder with recordings of another population (WFDB, any depth); null for none.</param>
    public static async Task PrintAsync(PtbXlDataset dataset, string name, string? other)
    {
        var file = PretrainedModels.Get(name).Read();
        var tasks = BuiltInTasks.Register(new PluginRegistry<IEcgTaskFactory>("task"));
        var task = tasks.Create(new ComponentSpec(file.Manifest.Task, file.Manifest.LabelPolicy)).Create(dataset);
        using var fit = new FeatureFit(file, BuiltInTransforms.Register(new PluginRegistry<ISignalTransform>("transform")));
        var statistics = await fit.FitAsync(
            dataset, task, DatasetSplit.OfficialTrainFolds, DatasetSplit.OfficialValidationFolds, 0.995,
            new RecordingReaderOptions(), null, default);
        var fold = QualityTables.Read(dataset, e => e.Fold == 9).ToArray();
        double[] distances = [.. fold.Select(r => Distance(r.Signal))];
        QualityTables.Line($"{name}: {statistics.Count} features, limit {statistics.Facts.Limit:F2}, median of fold 9 "
            + $"{distances.Order().ElementAt(distances.Length / 2):F2}");
        var some = fold.Take(Made).Select(r => r.Signal).ToArray();
        PrintAgainst("synthetic ECGs",
            Enumerable.Range(0, Made).Select(i => SyntheticEcg.Generate(new SyntheticOptions(), new EcgRandom((ulong)i)).Signal));
        PrintAgainst("white noise of 0.3 mV",
            some.Select((s, i) => Disturbances.Find("white noise of 0.3 mV").Make(s, new EcgRandom((ulong)i))));
        PrintAgainst("fold 9, time reversed", some.Select(s => s.MapLeads(samples => samples.Reverse())));
        PrintAgainst("fold 9, arms interchanged", some.Select(s => Disturbances.Find("arms interchanged").Make(s, new EcgRandom(0))));
        if (other is not null)
            PrintAgainst("another population",
                Directory.EnumerateFiles(other, "*.hea", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                    .Select(path => WfdbReader.ReadSignal(path[..^4])));
        PrintAccuracy(file, task, fold, distances);

        double Distance(EcgSignal signal) => statistics.Distance(fit.Features(signal));

        void PrintAgainst(string what, IEnumerable<EcgSignal> signals)
        {
            double[] far = [.. signals.Select(Distance)];
            var auc = RankAuc.Of([.. distances, .. far], [.. distances.Select(_ => false), .. far.Select(_ => true)]);
            QualityTables.Line($"  {what,-28}{far.Length,6} recordings, AUC {auc:F3}, beyond the limit "
                + $"{100.0 * far.Count(d => d > statistics.Facts.Limit) / far.Length:F1} %");
        }
    }

    private static void PrintAccuracy(ModelFile file, IEcgTask task, (PtbXlEntry Entry, EcgSignal Signal)[] fold, double[] distances)
    {
        using var model = ScoringModel.Create(file, new ScoringOptions { Quality = QualityPolicy.Off });
        var target = new float[task.Classes.Count];
        var rows = new List<(double Distance, double Right)>();
        for (var i = 0; i < fold.Length; i++)
        {
            if (!task.TryGetTarget(fold[i].Entry, target))
                continue;
            var scores = model.Classify(fold[i].Signal).Scores;
            rows.Add(
                (distances[i], scores.Select((s, c) => (s.Decision == ClassDecision.Present) == target[c] > 0.5f ? 1.0 : 0).Average()));
        }
        rows.Sort((a, b) => a.Distance.CompareTo(b.Distance));
        for (var band = 0; band < Bands; band++)
        {
            var own = rows[(band * rows.Count / Bands)..((band + 1) * rows.Count / Bands)];
            QualityTables.Line($"  distance {own[0].Distance:F2} to {own[^1].Distance:F2}: {own.Count} recordings, accuracy "
                + $"{own.Average(r => r.Right):F4}");
        }
    }
}
