using System.Diagnostics;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Audit;

/// <summary>Measures how far the maps of explainers can be believed.</summary>
/// <remarks>
/// Deterministic: the same model, recordings and options give the same figures. One recording and one class make one value of each figure.
/// </remarks>
internal static class ExplanationAudit
{
    // Recordings in one pass.
    internal const int Batch = 32;

    private static readonly (EcgWave Wave, string Suffix)[] s_waves =
        [(EcgWave.P, "_p"), (EcgWave.Qrs, "_qrs"), (EcgWave.T, "_t"), (EcgWave.None, "_none")];

    /// <summary>Runs the audit.</summary>
    /// <param name="model">The model.</param>
    /// <param name="components">The plug-ins that the model file names, from which networks with fresh weights are built.</param>
    /// <param name="explainers">The explainers; with "random" among them the gains over it are measured.</param>
    /// <param name="recordings">The recordings, each with the class to explain.</param>
    /// <param name="options">How much is measured; null for the defaults.</param>
    /// <param name="progress">Receives the share of the work that is done.</param>
    /// <param name="cancellationToken">Stops the work between batches.</param>
    /// <exception cref="ArgumentException">There is no recording or no explainer, or two explainers have the same name.</exception>
    /// <exception cref="NotSupportedException">The model's architecture lacks what an explainer needs.</exception>
    /// <exception cref="PluginException">An option is not allowed, or the model has no class of a recording.</exception>
    public static AuditResult Run(
        EcgModel model,
        SignalCamComponents components,
        IReadOnlyList<AuditedExplainer> explainers,
        IReadOnlyList<AuditedRecording> recordings,
        AuditOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(explainers);
        ArgumentNullException.ThrowIfNull(recordings);
        options = PluginOptions.Check("audit", "explanations", options);
        PluginOptions.Check("audit", "perturbation", options.Perturbation);
        if (recordings.Count == 0 || explainers.Count == 0)
            throw new ArgumentException($"{explainers.Count} explainers and {recordings.Count} recordings: expected at least one of each");
        var doubled = explainers.GroupBy(e => e.Name).FirstOrDefault(g => g.Count() > 1);
        if (doubled is not null)
            throw new ArgumentException($"two explainers are called '{doubled.Key}'", nameof(explainers));

        var plan = new AuditPlan(model, recordings, options, cancellationToken);
        var tallies = new List<AuditTally>();
        foreach (var (name, explainer) in explainers)
        {
            var tally = new AuditTally(name, recordings.Count);
            Explain(plan, explainer, tally);
            PerturbationCurves.Measure(plan, tally);
            Sensitivity.Measure(plan, explainer, tally);
            tallies.Add(tally);
            progress?.Report(tallies.Count / (explainers.Count + 1.0));
        }
        ParameterRandomisation.Measure(plan, components, explainers, tallies);
        Compare(tallies, RandomExplainer.ExplainerName, AuditMeasures.DeletionGain, AuditMeasures.InsertionGain, isOtherBetter: false);
        Compare(tallies, CamExplainer.ExplainerName, AuditMeasures.DeletionBehindCam,
            AuditMeasures.InsertionBehindCam, isOtherBetter: true);
        progress?.Report(1);
        return Result(plan, tallies);
    }

    private static void Explain(AuditPlan plan, IEcgExplainer explainer, AuditTally tally)
    {
        var time = Stopwatch.GetTimestamp();
        foreach (var rows in plan.Batches)
        {
            var maps = plan.Maps(explainer, plan.Model, rows);
            for (var r = 0; r < rows.Length; r++)
                tally.Keep(rows[r], maps[r]);
            tally.Elapsed += Stopwatch.GetElapsedTime(time);
            for (var r = 0; r < rows.Length; r++)
                Describe(plan, maps[r], rows[r], tally);
            time = Stopwatch.GetTimestamp();
        }
    }

    private static void Describe(AuditPlan plan, HeatMap map, int row, AuditTally tally)
    {
        var recording = plan.Recordings[row];
        tally.Set(AuditMeasures.CompletenessError, row, map.CompletenessError);
        tally.Set(AuditMeasures.Sparseness, row, MapMeasures.Gini(map.Samples.AsSpan()));
        if (recording.Truth is { } truth)
        {
            var near = plan.Near[row]!;
            tally.Set(AuditMeasures.PointingTime, row, MapMeasures.PointingGame(map.Samples.AsSpan(), near.Time));
            tally.Set(AuditMeasures.PointingTime + AuditMeasures.Strict, row, MapMeasures.PointingGame(map.Samples.AsSpan(), truth.Time));
            tally.Set(AuditMeasures.MassTime, row, MapMeasures.RelevanceMass(map.Samples.AsSpan(), truth.Time));
            if (map.LeadSamples is { } leads)
            {
                float[] byLead = [.. leads.Values.SelectMany(lead => lead)];
                tally.Set(AuditMeasures.PointingLeadTime, row, MapMeasures.PointingGame(byLead, near.LeadTime));
                tally.Set(AuditMeasures.PointingLeadTime + AuditMeasures.Strict, row, MapMeasures.PointingGame(byLead, truth.LeadTime));
                tally.Set(AuditMeasures.MassLeadTime, row, MapMeasures.RelevanceMass(byLead, truth.LeadTime));
            }
        }
        if (recording.Waves is { } waves)
            foreach (var (wave, suffix) in s_waves)
                tally.Set(AuditMeasures.Share + suffix, row, MapMeasures.RelevanceMass(map.Samples.AsSpan(), waves.Mask(wave)));
    }

    /// <summary>
    /// Compares each method with one of them, recording by recording: how much better it is, or how much better that one is.
    /// </summary>
    private static void Compare(List<AuditTally> tallies, string with, string deletion, string insertion, bool isOtherBetter)
    {
        if (tallies.Find(t => t.Name == with) is not { } other)
            return;
        foreach (var tally in tallies.Where(t => t != other))
        {
            var (better, worse) = isOtherBetter ? (other, tally) : (tally, other);
            for (var row = 0; row < tally.Strips.Length; row++)
            {
                tally.Set(deletion, row, MeanArea(worse, AuditMeasures.Deletion, row) - MeanArea(better, AuditMeasures.Deletion, row));
                tally.Set(insertion, row, MeanArea(better, AuditMeasures.Insertion, row) - MeanArea(worse, AuditMeasures.Insertion, row));
            }
        }
    }

    private static double? MeanArea(AuditTally tally, string measure, int row) =>
        PerturbationCurves.Baselines.Average(b => tally.Values[measure + b.Suffix][row]);

    private static AuditResult Result(AuditPlan plan, List<AuditTally> tallies)
    {
        var patients = plan.Recordings.Select(r => r.Patient).ToArray();
        int[] withTruth = [.. Enumerable.Range(0, plan.Recordings.Count)
            .Where(row => plan.Recordings[row].Truth is { } truth && truth.Time.Contains(true))];
        return new AuditResult(
            plan.Recordings.Count,
            [.. tallies.Select(t => new ExplainerAudit(
                t.Name, t.AnswersWhichLead, t.Sign, t.Elapsed.TotalMilliseconds / plan.Recordings.Count,
                new OrderedDictionary<string, MeanInterval>(t.Values.Where(v => v.Value.Any(x => x is not null))
                    .Select(v => KeyValuePair.Create(v.Key, MeanInterval.Of(v.Value, patients, plan.Options.Seed))))))],
            [.. tallies.Select(a => (IReadOnlyList<double?>)[.. tallies.Select(b => Agreement(a, b))])],
            withTruth.Length > 0 ? Chance(plan, withTruth) : []);
    }

    private static OrderedDictionary<string, double> Chance(AuditPlan plan, int[] rows) => new()
    {
        [AuditMeasures.PointingTime] = rows.Average(row => MapMeasures.Share(plan.Near[row]!.Time)),
        [AuditMeasures.PointingLeadTime] = rows.Average(row => MapMeasures.Share(plan.Near[row]!.LeadTime)),
        [AuditMeasures.PointingTime + AuditMeasures.Strict] = rows.Average(row => MapMeasures.Share(plan.Recordings[row].Truth!.Time)),
        [AuditMeasures.PointingLeadTime + AuditMeasures.Strict] =
            rows.Average(row => MapMeasures.Share(plan.Recordings[row].Truth!.LeadTime)),
    };

    private static double? Agreement(AuditTally a, AuditTally b) =>
        a.Strips.Zip(b.Strips).Average(pair => MapMeasures.RankCorrelation(pair.First, pair.Second));
}
