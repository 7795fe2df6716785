using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;

namespace SignalCam.Cli.Reports;

/// <summary>
/// A model card in Markdown. What can be read off the model and measured stands between two marks and is rewritten each time; the rest
/// of the card, which only people know (what the model is for, what it is not for, licences), is left as it is.
/// </summary>
internal sealed partial record ModelCard
{
    private const string Begin = "<!-- written by `signalcam card`: begin -->";
    private const string End = "<!-- written by `signalcam card`: end -->";
    private const string IntervalSuffix = "_ci95";

    // Of the figures of a class; overall, all of them are shown.
    private static readonly string[] s_figuresByClass = ["roc_auc", "average_precision", "precision", "recall", "f1"];

    /// <summary>SHA-256 of the model file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The manifest of the model file.</summary>
    public required ModelManifest Manifest { get; init; }

    /// <summary>The network's parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The folds that were measured on.</summary>
    public required FoldSet Folds { get; init; }

    /// <summary>The figures as `evaluate --json` writes them: numbers, a number's interval beside it as NAME_ci95, and by_class.</summary>
    public required JsonObject Figures { get; init; }

    private ModelProvenance Provenance => ModelProvenance.Of(Manifest);

    /// <summary>The card, with the text that was there.</summary>
    /// <param name="there">The present card; null if there is none.</param>
    /// <param name="title">The title of a new card.</param>
    /// <exception cref="UsageException">The text that is there has no marks.</exception>
    public string Into(string? there, string title)
    {
        var written = $"{Begin}\n{Facts()}\n{Measured()}{End}";
        if (there is null)
            return $"# {title}\n\n{written}\n";
        var text = there.ReplaceLineEndings("\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? text[..begin] + written + text[(end + End.Length)..]
            : throw new UsageException(
                $"--out: the file exists but has no generated part: a line {Begin} followed by a line {End}");
    }

    private string Facts()
    {
        List<(string Name, string? Value)> rows =
        [
            ("weights, SHA-256", $"`{Sha256}`"),
            ("task", $"{Text(Manifest.Task)} ({Manifest.TaskKind.ToString().ToLowerInvariant()}): "
                + $"{string.Join(", ", Manifest.Classes.Select(Text))}"),
            ("network", $"{Text(Manifest.Architecture.Name)}, {Format.Count(Parameters)} parameters"),
            ("takes", $"{Text(Manifest.Layout.ToString())} ({string.Join(", ", Manifest.Leads.Select(Text))}), in mV"),
            ("preprocessing", string.Join(
                ", then ",
                Manifest.Preprocessing.Select(
                    p => p.Options is { Count: > 0 } options ? $"{Text(p.Name)} `{Code(options.ToString())}`" : Text(p.Name)))),
            ("learned from", Recordings("train")),
            (Provenance.Selection is null ? "validated on" : "epoch chosen on", Recordings("valid")),
            ("preset, seed", Joined(Manifest.Preset is { } preset ? Text(preset) : null, Trained("options", "seed"))),
            ("epoch", Trained("options", "epochs") is { } epochs ? $"{Trained("epoch")} of {epochs}" : null),
            .. Members(),
            ("calibration", Manifest.Calibration is { } calibration
                ? string.Join(", ",
                    calibration.Select(c => $"{Number(c.Scale)} x logit {(c.Intercept < 0 ? "-" : "+")} {Number(Math.Abs(c.Intercept))}"))
                : "none"),
            ("thresholds", string.Join(", ", Manifest.Thresholds.Select(Number))),
        ];
        return Table(["what", "value"], rows.Where(row => row.Value is not null).Select(row => (string[])[row.Name, row.Value!]));
    }

    /// <summary>A row for each member of an ensemble.</summary>
    private IEnumerable<(string Name, string? Value)> Members()
    {
        for (var i = 0; Trained("members", i, "training", "options", "architecture", "name") is { } network; i++)
            yield return ($"member {i + 1}: network, preset, seed, folds, epoch", string.Join(", ", network,
                OfMember(i, "options", "preset"), OfMember(i, "options", "seed"), OfMember(i, "train_folds"),
                $"{OfMember(i, "epoch")} of {OfMember(i, "options", "epochs")}"));

        string? OfMember(int member, params object[] path) => Trained(["members", member, "training", .. path]);
    }

    private string Measured()
    {
        var text = new StringBuilder($"Measured on {Text(Dataset)}, fold {Folds}{FittedOnThese}:\n\n");
        text.Append(Table(["figure", "value", "95 % interval"], Figures
            .Where(figure => IsNumber(figure.Value) && !figure.Key.EndsWith(IntervalSuffix, StringComparison.Ordinal))
            .Select(figure => (string[])[$"`{figure.Key}`", Number(figure.Value), Interval(Figures, figure.Key)])));
        if (Figures["by_class"] is not JsonObject { Count: > 0 } classes)
            return text.ToString();
        var columns = s_figuresByClass.Where(name => classes.Any(c => IsNumber(c.Value![name]))).ToArray();
        text.Append('\n').Append(
            Table([Manifest.Classes.Count == 1 ? "normal against" : "class", .. columns.Select(name => $"`{name}`")], classes.Select(c =>
                (string[])
                [
                    Text(c.Key),
                    .. columns.Select(name => Interval(c.Value!.AsObject(), name) is var interval && interval.Length > 0
                        ? $"{Number(c.Value[name])} ({interval})"
                        : Number(c.Value[name])),
                ])));
        return text.ToString();
    }

    /// <summary>What was selected or fitted on the evaluated folds, and which figures are therefore slightly optimistic.</summary>
    private string FittedOnThese => !string.Equals(Provenance.Dataset, Dataset, StringComparison.OrdinalIgnoreCase) ? ""
        : Overlaps(Provenance.Selection) ? ", on which the epoch was also selected, so the figures are slightly optimistic"
        : Overlaps(Provenance.Calibration) || Overlaps(Provenance.Thresholds)
            ? ", on which calibration and thresholds were also fitted, so figures at a threshold and of calibration are slightly "
                + "optimistic; ROC-AUC and average precision do not depend on either"
            : "";

    private bool Overlaps(FoldSet? folds) => folds is not null && folds.Folds.Any(fold => Folds.Contains(fold));

    private string? Recordings(string part) =>
        Trained($"{part}_folds") is { } folds
            ? $"{Trained("dataset")}, fold {folds}, {Count(Trained($"{part}_recordings"))} recordings"
            : null;

    private static string Count(string? text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var count) ? Format.Count(count) : "?";

    /// <summary>A fact of the training, by names of members and indices of lists.</summary>
    private string? Trained(params object[] path) =>
        path.Aggregate((JsonNode?)Manifest.Training, (node, step) => (node, step) switch
        {
            (JsonObject members, string name) => members[name],
            (JsonArray list, int index) when index < list.Count => list[index],
            _ => null,
        }) is { } found
            ? Text(found.ToString())
            : null;

    private static string? Joined(params string?[] parts) =>
        parts.All(p => p is null) ? null : string.Join(", ", parts.Where(p => p is not null));

    private static bool IsNumber(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number;

    private static string Interval(JsonObject figures, string name) =>
        figures[name + IntervalSuffix] is JsonArray { Count: 2 } ends ? $"{Number(ends[0])} to {Number(ends[1])}" : "";

    private static string Number(JsonNode? node) => IsNumber(node) ? Number(node!.GetValue<double>()) : "-";

    private static string Number(
        double value) => double.IsInteger(value)
            ? value.ToString("N0", CultureInfo.InvariantCulture)
            : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>Text that Markdown and the HTML in it show as it is, on one line.</summary>
    private static string Text(string text) => Marked().Replace(TerminalText.Shown(text).Replace('\n', ' '), match => match.Value switch
    {
        "<" => "&lt;",
        "&" => "&amp;",
        var mark => "\\" + mark,
    });

    /// <summary>Text between backticks in a table.</summary>
    private static string Code(string text) =>
        TerminalText.Shown(text).Replace('\n', ' ').Replace('`', '\'').Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex("[<&|`\\[\\]\\\\]")]
    private static partial Regex Marked();

    private static string Table(string[] head, IEnumerable<string[]> rows) =>
        string.Concat(rows.Prepend([.. head.Select(_ => "---")]).Prepend(head).Select(row => $"| {string.Join(" | ", row)} |\n"));
}
