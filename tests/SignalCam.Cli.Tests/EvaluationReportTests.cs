using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>The weights that come with signalcam on a synthetic set: the report says the same as the JSON.</summary>
public sealed class EvaluationReportTests
{
    [Theory]
    [InlineData("normal-abnormal")]
    [InlineData("super")]
    public async Task The_report_shows_the_figures_of_the_JSON_subgroups_and_the_worst_errors_with_their_maps(string task)
    {
        using var folder = TestData.Folder();
        var data = folder["data"];
        await Tool.OkAsync("synthesize", "--out", data, "--records", "150", "--seed", "3");

        var json = (await Tool.OkAsync(
            "evaluate", "--data", data, "--task", task, "--folds", "1-10", "--bootstrap", "50", "--json", "-",
            "--report", folder["report.html"])).Json;
        var html = XDocument.Load(folder["report.html"]);

        var (n, byClass) = ((int)json["n"]!, json["thresholds"]!.AsObject());
        Assert.Equal(
            ["In short", "Decisions", "Curves", "Reliability", "Classes", "Subgroups", "Worst errors"],
            html.Descendants("h2").Select(h => h.Value));
        var key = html.Descendants("dl").First().Elements("div")
            .ToDictionary(d => d.Element("dt")!.Value, d => d.Elements("dd").First().Value);
        Assert.Equal(Number(json[byClass.Count == 1 ? "roc_auc" : "macro_roc_auc"]), key[byClass.Count == 1 ? "ROC-AUC" : "macro ROC-AUC"]);
        Assert.Equal(byClass.Count * 4, html.Descendants("figure").Count() - json["worst_errors"]!.AsArray().Count);

        var decisions = Rows(html, "threshold");
        Assert.Equal(byClass.Select(c => c.Key), decisions.Select(row => row[0]));
        Assert.All(decisions, row => Assert.Equal(
            ((string[])["threshold", "recall", "specificity", "precision"]).Select(name => Number(byClass[row[0]]![name])),
            ((int[])[1, 6, 7, 8]).Select(column => row[column].Split(' ')[0])));
        Assert.All(decisions, row => Assert.Equal(n, row[2..6].Sum(cell => int.Parse(cell, CultureInfo.InvariantCulture))));

        var subgroups = json["subgroups"]!.AsObject();
        Assert.Equal(["sex", "age", "device"], subgroups.Select(s => s.Key));
        Assert.All(subgroups, by =>
        {
            Assert.Equal(n, by.Value!.AsArray().Sum(group => (int)group!["n"]!));
            var figures = byClass.Count == 1
                ? (string[])["roc_auc", "recall", "specificity"]
                : ["macro_roc_auc", "macro_recall", "macro_specificity"];
            Assert.Equal(
                by.Value!.AsArray()
                    .Select(group => string.Join(
                        '|', [(string)group!["name"]!, group["n"]!.ToString(), .. figures.Select(name => Number(group[name]))])),
                Rows(html, by.Key).Select(row => string.Join('|', [row[0], row[1], .. row[3..].Select(cell => cell.Split(' ')[0])])));
            Assert.All(by.Value!.AsArray(), group => Assert.True((int)group!["n"]! >= 20 || (string)group["name"]! == "other"));
        });

        var errors = json["worst_errors"]!.AsArray();
        Assert.InRange(errors.Count, 1, 6);
        Assert.Equal(errors.Select(e => $"{(string)e!["id"]!}|{Number(e["probability"])}"),
            Rows(html, "recording").Select(row => $"{row[0]}|{row[4]}"));
        Assert.All(errors,
            e => Assert.Equal((int)e!["target"]! == 0, (double)e["probability"]! > (double)byClass[(string)e["class"]!]!["threshold"]!));
        Assert.All(
            errors,
            e => Assert.Contains(html.Descendants(XName.Get("title", "http://www.w3.org/2000/svg")),
                t => t.Value.Contains($"Recording {e!["id"]}", StringComparison.Ordinal)));

        var curves = json["curves"]!.AsObject();
        Assert.Equal(byClass.Select(c => c.Key), curves.Select(c => c.Key));
        Assert.All(
            curves,
            c => Assert.Equal((101, 101, 10),
                (c.Value!["roc"]!.AsArray().Count, c.Value["precision_recall"]!.AsArray().Count, c.Value["reliability"]!.AsArray().Count)));
        Assert.DoesNotContain("NaN", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
    }

    /// <summary>The cells of the table whose head has this cell.</summary>
    private static string[][] Rows(XDocument html, string head) =>
        [.. html.Descendants("table").First(t => t.Descendants("th").Any(h => h.Value == head)).Element("tbody")!.Elements("tr")
            .Select(row => row.Elements("td").Select(d => d.Value).ToArray())];

    private static string Number(JsonNode? node) => node is null ? "-" : ((double)node).ToString("F4", CultureInfo.InvariantCulture);
}
