using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Sdk.Evaluation;

namespace SignalCam.Cli;

/// <summary>The figures of recordings that have something in common.</summary>
/// <param name="By">What divides the recordings: sex, age or device.</param>
/// <param name="Name">What these have in common.</param>
/// <param name="Figures">Their figures.</param>
internal sealed record Subgroup(string By, string Name, EvaluationFigures Figures)
{
    public const string Other = "other";

    // Figures of fewer recordings are noise.
    private const int Fewest = 20;
    private const string Unknown = "unknown";
    private const string Over80 = "80 and over";

    private static readonly string[] s_order = ["female", "male", "under 40", "40-59", "60-79", Over80];

    /// <summary>Recordings that carry each class.</summary>
    public IReadOnlyDictionary<string, int> Positives =>
        new OrderedDictionary<string, int>(Figures.ByClass.Select(c => KeyValuePair.Create(c.Key, c.Value.Positives)));

    /// <summary>ROC-AUC, sensitivity and specificity; of several classes their means over the classes that have one.</summary>
    public IReadOnlyList<(string Name, Figure Figure)> Shown => Figures.Kind == TaskKind.Binary
        ? [.. ((string[])[FigureNames.RocAuc, FigureNames.Recall, FigureNames.Specificity]).Select(name => (name, Figures.Overall[name]))]
        : [
            .. ((string[])[FigureNames.MacroRocAuc, FigureNames.MacroRecall]).Select(name => (name, Figures.Overall[name])),
            ("macro_specificity", new Figure(Figures.ByClass.Values.Average(c => c.Figures[FigureNames.Specificity].Value), null)),
        ];

    /// <summary>By sex, age band and device. Groups of fewer than 20 recordings are taken together.</summary>
    public static IReadOnlyList<Subgroup> Of(EvaluationOutcome outcome) =>
        [.. Divide(outcome, "sex", SexOf), .. Divide(outcome, "age", AgeOf), .. Divide(outcome, "device", DeviceOf)];

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["n"] = Figures.N,
            ["positives"] = new JsonObject(Positives.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
        };
        foreach (var (name, figure) in Shown)
        {
            json[name] = figure.Value;
            if (figure.Interval is { } interval)
                json[$"{name}_ci95"] = new JsonArray(interval.Low, interval.High);
        }
        return json;
    }

    private static IEnumerable<Subgroup> Divide(EvaluationOutcome outcome, string by, Func<EcgEntry, string> nameOf)
    {
        var evaluation = outcome.Evaluation;
        var sizes = evaluation.Predictions.Entries.CountBy(nameOf).ToDictionary();
        // In their own order where they have one, else the largest first; what is unknown and what is summed comes last.
        var names = sizes.Where(s => s.Value >= Fewest).Select(s => s.Key)
            .OrderBy(name => name == Unknown).ThenBy(name => Array.IndexOf(s_order, name)).ThenByDescending(name => sizes[name])
            .ThenBy(name => name, StringComparer.Ordinal);
        foreach (var name in names)
            if (evaluation.MeasureWhere(entry => nameOf(entry) == name, outcome.Figures.Resamples) is { } figures)
                yield return new Subgroup(by, name, figures);
        if (evaluation.MeasureWhere(entry => sizes[nameOf(entry)] < Fewest, outcome.Figures.Resamples) is { } others)
            yield return new Subgroup(by, Other, others);
    }

    private static string SexOf(EcgEntry entry) => entry.Sex switch
    {
        Sex.Female => "female",
        Sex.Male => "male",
        _ => Unknown,
    };

    private static string AgeOf(EcgEntry entry) => entry switch
    {
        PtbXlEntry { IsOver89: true } => Over80,
        { Age: null } => Unknown,
        { Age: < 40 } => "under 40",
        { Age: < 60 } => "40-59",
        { Age: < 80 } => "60-79",
        _ => Over80,
    };

    private static string DeviceOf(EcgEntry entry) =>
        (entry as PtbXlEntry)?.Device?.Trim() is { Length: > 0 } device ? device
        : entry.Metadata.GetValueOrDefault("device") is { Length: > 0 } other ? other
        : Unknown;
}
