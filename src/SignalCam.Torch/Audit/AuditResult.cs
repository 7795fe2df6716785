using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Explainers;

namespace SignalCam.Torch.Audit;

/// <summary>An explainer under the name it has in the result.</summary>
/// <param name="Name">Such as "cam kind=paper".</param>
/// <param name="Explainer">The explainer.</param>
internal sealed record AuditedExplainer(string Name, IEcgExplainer Explainer);

/// <summary>A recording that explanations are measured on.</summary>
/// <param name="Id">The id in the dataset.</param>
/// <param name="Patient">Recordings of one patient stay together when intervals are made.</param>
/// <param name="Class">The class that is explained.</param>
/// <param name="Prepared">Samples after the model's preprocessing: (lead, time).</param>
/// <param name="Truth">Where the class's signs are; null if unknown.</param>
/// <param name="Waves">Which part of the beat each sample belongs to; null to leave that out.</param>
internal sealed record AuditedRecording(string Id, string Patient, string Class, float[] Prepared, TruthMask? Truth, EcgDelineation? Waves);

/// <summary>What an audit found.</summary>
/// <param name="Recordings">Number of recordings.</param>
/// <param name="Explainers">One for each explainer, in the order given.</param>
/// <param name="Agreement">
/// Spearman's correlation of the strips of each pair of explainers, the mean over recordings; null where it is not defined.
/// </param>
/// <param name="Chance">
/// What a random place scores by the names of the pointing games: the mean share of the truth; empty without truth.
/// </param>
public sealed record AuditResult(
    int Recordings, IReadOnlyList<ExplainerAudit> Explainers, IReadOnlyList<IReadOnlyList<double?>> Agreement,
    IReadOnlyDictionary<string, double> Chance);

/// <summary>What an audit found of one explainer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="AnswersWhichLead">Whether its maps tell leads apart.</param>
/// <param name="Sign">What the sign of its maps means.</param>
/// <param name="MillisecondsPerRecording">Time for one recording and class, in batches.</param>
/// <param name="Measures">The figures by the names of <see cref="AuditMeasures"/>; those that do not apply are not there.</param>
public sealed record ExplainerAudit(
    string Name, bool AnswersWhichLead, HeatMapSign Sign, double MillisecondsPerRecording,
    IReadOnlyDictionary<string, MeanInterval> Measures)
{
    /// <summary>
    /// A map whose rank correlation with that of fresh weights reaches this shows the recording more than what was learnt.
    /// </summary>
    public const double LargestRandomisation = 0.3;

    /// <summary>Why this explainer is not to be trusted with this model, in words; empty where nothing was found against it.</summary>
    public IReadOnlyList<string> Warnings { get; } = [.. Against(Measures)];

    private static IEnumerable<string> Against(IReadOnlyDictionary<string, MeanInterval> measures)
    {
        if (measures.GetValueOrDefault(AuditMeasures.Randomisation)?.Mean is >= LargestRandomisation and var correlation)
            yield return FormattableString.Invariant($"hardly changes with the weights (correlation {correlation:F2})");
        foreach (var (measure, name) in ((string, string)[])
        [
            (AuditMeasures.DeletionGain, "deletion"), (AuditMeasures.InsertionGain, "insertion"),
        ])
            if (measures.GetValueOrDefault(measure)?.Interval is { Low: <= 0 })
                yield return $"does not beat a random map at {name}";
    }
}

/// <summary>
/// Names of the figures of an audit. All but those in lead x time are of the strip along time, so that all methods compete on the same
/// terms.
/// </summary>
internal static class AuditMeasures
{
    /// <summary>
    /// Area below the class's probability while the windows that the map values most go first: less is better. Followed by "_zero", "_mean"
    /// or "_noise".
    /// </summary>
    public const string Deletion = "deletion";

    /// <summary>
    /// Area below the class's probability while the windows that the map values most come first, into the baseline: more is better.
    /// The same curve, read from its end, is that of deleting the least valued first.
    /// </summary>
    public const string Insertion = "insertion";

    /// <summary>
    /// Deletion area of the random map minus this one, recording by recording, mean over the baselines: above zero beats random.
    /// </summary>
    public const string DeletionGain = "deletion_gain";

    /// <summary>
    /// Insertion area minus that of the random map, recording by recording, mean over the baselines: above zero beats random.
    /// </summary>
    public const string InsertionGain = "insertion_gain";

    /// <summary>
    /// Deletion gain of the exact CAM, where "cam" is among the explainers, minus this one's, recording by recording: above zero the CAM is
    /// better, and an interval above zero says so more surely than two intervals beside each other.
    /// </summary>
    public const string DeletionBehindCam = "deletion_behind_cam";

    /// <summary>The same of insertion.</summary>
    public const string InsertionBehindCam = "insertion_behind_cam";

    /// <summary>Pointing game along time, with the tolerance of the options.</summary>
    public const string PointingTime = "pointing_time";

    /// <summary>Pointing game in lead x time, with the tolerance of the options in time and none among leads.</summary>
    public const string PointingLeadTime = "pointing_lead_time";

    /// <summary>Follows the name of a pointing game without tolerance.</summary>
    public const string Strict = "_strict";

    /// <summary>Share of what speaks for the class that lies on the truth, along time.</summary>
    public const string MassTime = "mass_time";

    /// <summary>The same in lead x time.</summary>
    public const string MassLeadTime = "mass_lead_time";

    /// <summary>Share of what speaks for the class that lies on a part of the beat; followed by "_p", "_qrs", "_t" or "_none".</summary>
    public const string Share = "share";

    /// <summary>As <see cref="HeatMap.CompletenessError"/>.</summary>
    public const string CompletenessError = "completeness_error";

    /// <summary>Spearman's correlation with the map of networks with fresh weights: near zero is good.</summary>
    public const string Randomisation = "randomisation";

    /// <summary>The same as an absolute value: a map that turns its sign follows the recording and not the weights, too.</summary>
    public const string RandomisationAbsolute = "randomisation_absolute";

    /// <summary>Maximal sensitivity: how far the map moves at most when the recording hardly changes; less is better.</summary>
    public const string MaxSensitivity = "max_sensitivity";

    /// <summary>Gini index of the strip: how much of it is in few places; neither good nor bad.</summary>
    public const string Sparseness = "sparseness";
}
