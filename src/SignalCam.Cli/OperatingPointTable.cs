using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Cli.Commands;
using SignalCam.Core.Calibration;
using SignalCam.Core.Metrics;

namespace SignalCam.Cli;

/// <summary>Figures of each class's threshold at a stated prevalence, and the threshold for a requested sensitivity.</summary>
internal sealed class OperatingPointTable
{
    private OperatingPointTable(IReadOnlyList<(string Threshold, OperatingPoint Point)> rows) => Rows = rows;

    /// <summary>Each point with what its threshold is: "the model's", or chosen for a sensitivity.</summary>
    public IReadOnlyList<(string Threshold, OperatingPoint Point)> Rows { get; }

    public static IReadOnlyList<string> Headings { get; } = ["class", "threshold", "", "sensitivity", "specificity", "prevalence", "PPV",
        "NPV"];

    /// <summary>The points; null if none are requested, or the classes exclude each other and have no thresholds.</summary>
    public static OperatingPointTable? Of(ScoredRecordings scores, OperatingPointChoice choice)
    {
        if ((choice.Sensitivity ?? choice.Prevalence) is null || scores.Kind == TaskKind.Multiclass)
            return null;
        var rows = new List<(string, OperatingPoint)>();
        for (var c = 0; c < scores.Classes.Count; c++)
        {
            rows.Add(("the model's", OperatingPoint.At(scores, c, scores.Thresholds[c], choice.Prevalence)));
            if (choice.Sensitivity is { } wanted
                && ThresholdRule.Parse(string.Create(CultureInfo.InvariantCulture,
                    $"sensitivity={wanted:0.############}")).Fit(scores.TargetsOf(c), scores.ProbabilitiesOf(c)) is { } threshold)
                rows.Add(($"for sensitivity {Format.Number(wanted, 3)}", OperatingPoint.At(scores, c, threshold, choice.Prevalence)));
        }
        return new OperatingPointTable(rows);
    }

    /// <summary>The points as text, in the order of <see cref="Headings"/>.</summary>
    public IEnumerable<IReadOnlyList<string>> Cells() => Rows.Select(row => (IReadOnlyList<string>)[
        row.Point.Class, Format.Number(row.Point.Threshold), row.Threshold, Format.Number(row.Point.Sensitivity),
            Format.Number(row.Point.Specificity),
        Format.Number(row.Point.Prevalence), Format.Number(row.Point.PositivePredictiveValue),
            Format.Number(row.Point.NegativePredictiveValue)]);

    public JsonArray ToJson() => new([.. Rows.Select(row => (JsonNode)new JsonObject
    {
        ["class"] = row.Point.Class,
        ["threshold"] = row.Point.Threshold,
        ["threshold_is"] = row.Threshold,
        ["sensitivity"] = row.Point.Sensitivity,
        ["specificity"] = row.Point.Specificity,
        ["prevalence"] = row.Point.Prevalence,
        ["positive_predictive_value"] = row.Point.PositivePredictiveValue,
        ["negative_predictive_value"] = row.Point.NegativePredictiveValue,
    })]);
}
