using System.Text.Json.Nodes;
using System.Xml.Linq;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;
using SignalCam.Sdk.Evaluation;

namespace SignalCam.Cli.Tests;

/// <summary>
/// Names, comments and labels come out of files: in the terminal, in pictures, pages, tables and cards they are text and nothing else.
/// </summary>
public sealed class HostileTextTests
{
    private const string Markup = "[bold red]x[/] [/] [nope";
    private const string Escapes = "a\u001b]0;PWN\u0007\u001b[2J\u009b31m\rb\u202Ec";
    private const string Page = "</title></text><script>alert(1)</script><img src=x onerror=alert(1)>&\"'";

    [Theory]
    [InlineData("plain µV, 心電図, \U0001F600 and\na line", "plain µV, 心電図, \U0001F600 and\na line")]
    [InlineData(Escapes, "a\\u001B]0;PWN\\u0007\\u001B[2J\\u009B31m\\u000Db\\u202Ec")]
    [InlineData(null, "")]
    public void What_a_terminal_would_obey_is_written_out(string? text, string shown) => Assert.Equal(shown, TerminalText.Shown(text));

    [Fact]
    public void Halves_of_characters_and_those_that_are_not_to_be_seen_are_written_out() => Assert.Equal(
        "half \\uD83D and \\u2028, \\uFEFF, tag \\uDB40\\uDC41", TerminalText.Shown("half \uD83D and \u2028, \uFEFF, tag \U000E0041"));

    [Theory]
    [InlineData(Markup)]
    [InlineData(Escapes)]
    [InlineData(Page)]
    [InlineData("=cmd|'/c calc'!A1")]
    public async Task A_model_with_such_a_class_predicts_describes_and_explains(string name)
    {
        using var folder = TestData.Folder();
        var (model, record) = (Model(folder["m.safetensors"], name), Record(folder, "r"));
        foreach (var run in new[]
        {
            await Tool.OkAsync("predict", "--model", model, record),
            await Tool.OkAsync("describe", "--model", model),
            await Tool.OkAsync("explain", "--model", model, record, "--out", folder["svg"]),
            await Tool.OkAsync("explain", "--model", model, record, "--format", "html", "--out", folder["html"]),
            await Tool.OkAsync("export", "--model", model, "--out", folder["m.onnx"]),
        })
        {
            AssertHarmless(run);
            // Lines of a table are broken where a name is long.
            Assert.Contains(TerminalText.Shown(name)[..3], run.Out, StringComparison.Ordinal);
        }
        var json = (await Tool.OkAsync("predict", "--model", model, record, "--json", "-")).Json;
        Assert.Equal(name, (string)json[0]!["scores"]![0]!["class"]!);
        AssertPicture(folder["svg/r.svg"]);
        var page = await File.ReadAllTextAsync(folder["html/r.html"]);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
    }

    [SkippableFact]
    public async Task Models_that_ended_the_process_before_predict()
    {
        using var folder = TestData.Folder();
        var record = Record(folder, "r");
        foreach (var file in new[] { "markup", "esc" })
        {
            // Refused by name, or scored: in any case with text and nothing else.
            var run = await Tool.RunAsync("predict", "--model", TestData.Shared($"cases/fuzz/cli-markup-class/{file}.safetensors"), record);
            Assert.InRange(run.ExitCode, 0, 1);
            Assert.DoesNotContain("signalcam itself", run.Error, StringComparison.Ordinal);
            AssertHarmless(run);
        }
    }

    [Fact]
    public async Task A_dataset_with_such_texts_gives_harmless_overviews_evaluations_and_tables()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "60");
        var table = folder["data/ptbxl_database.csv"];
        var lines = await File.ReadAllLinesAsync(table);
        var device = Array.IndexOf(lines[0].Split(','), "device");
        for (var i = 1; i < lines.Length; i++)
        {
            var fields = Fields(lines[i]);
            fields[device] = "\"" + (i % 2 == 0
                ? Page.Replace("\"", "\"\"", StringComparison.Ordinal)
                : Markup + Escapes.Replace("\r", "", StringComparison.Ordinal)) + "\"";
            lines[i] = string.Join(',', fields);
        }
        await File.WriteAllLinesAsync(table, lines);

        AssertHarmless(await Tool.OkAsync("overview", "--data", folder["data"], "--report", folder["overview.html"]));
        AssertHarmless(await Tool.OkAsync("evaluate", "--data", folder["data"], "--folds", "1-10", "--bootstrap", "0", "--report",
            folder["evaluation.html"], "--predictions", folder["p.csv"]));
        AssertPicture(folder["overview.html"]);
        AssertPicture(folder["evaluation.html"]);
        Assert.Contains("onerror", await File.ReadAllTextAsync(folder["evaluation.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public void What_a_spreadsheet_would_run_is_text_in_a_table_and_numbers_stay_numbers(string formula)
    {
        using var folder = TestData.Folder();
        var entries = new[]
        {
            new EcgEntry { Id = formula, PatientId = formula, Fold = 1 }, new EcgEntry { Id = "2", PatientId = "7", Fold = 10 },
        };
        var evaluation = ModelEvaluation.Of(new Predictions(entries, [formula], [-1.5f, 2.25f], [0.25f, 0.75f], []), new OneClass(formula));
        PredictionTable.Write(folder["p.csv"], evaluation);

        using var reader = CsvHelper.CsvReader.FromFile(folder["p.csv"], new CsvHelper.CsvReaderOptions { HasHeader = false });
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i))]);
        Assert.Equal([$"'{formula}_target", $"'{formula}_logit", $"'{formula}_probability", $"'{formula}_called"], rows[0][3..]);
        Assert.Equal(["'" + formula, "'" + formula, "1", "0", "-1.5", "0.25", "0"], rows[1]);
        Assert.Equal(["2", "7", "10", "1", "2.25", "0.75", "1"], rows[2]);
    }

    [Fact]
    public void A_card_shows_such_names_as_they_are_on_their_own_line()
    {
        var manifest = PretrainedModels.Get(PretrainedModels.NormalAbnormal).Manifest with
        {
            Task = "a|b\n| c |", Classes = [Page + Escapes + "`[x](javascript:alert(1))"],
            Training = new JsonObject { ["dataset"] = "<b>", ["train_folds"] = "1", ["train_recordings"] = "many" },
        };
        var card = new ModelCard
        {
            Sha256 = new string('a', 64), Manifest = manifest, Parameters = 1, Dataset = "x", Folds = FoldSet.Parse("9"),
            Figures = JsonNode.Parse("{ \"n\": 1 }")!.AsObject(),
        }.Into(null, "title");
        Assert.DoesNotContain("<script", card, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", card, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', card);
        Assert.Contains("a\\|b \\| c \\|", card, StringComparison.Ordinal);
        Assert.Contains("\\`\\[x\\](javascript", card, StringComparison.Ordinal);
        // Two cells a row, whatever the names hold.
        Assert.All(card.Split('\n').Where(line => line.StartsWith("| task", StringComparison.Ordinal)),
            line => Assert.Equal(3, line.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
    }

    [Fact]
    public async Task Errors_show_what_is_in_a_file_without_obeying_it()
    {
        using var folder = TestData.Folder();
        await File.WriteAllTextAsync(folder["r.hea"], "r 1 100 1000\na\u001b]0;PWN\u001b[2J\u202E[x].dat 16\n");
        var run = await Tool.RunAsync("predict", folder["r"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\\u001B]0;PWN", run.Error, StringComparison.Ordinal);
        AssertHarmless(run);
        AssertHarmless(await Tool.RunAsync("predict", folder["no\u001b[2Jthing"]));
        AssertHarmless(await Tool.RunAsync("no\u001b[2Jcommand"));
    }

    [Theory]
    [InlineData(Markup)]
    [InlineData(Escapes)]
    [InlineData(Page)]
    [InlineData("=cmd|'/c calc'!A1")]
    public async Task A_recording_with_such_leads_and_comments_is_inspected_and_converted(string name)
    {
        using var folder = TestData.Folder();
        var leads = new[] { "I", "-aVR", "'=1", name.Replace("\r", "", StringComparison.Ordinal) };
        var digital = Enumerable.Range(0, 400).SelectMany(i => leads.Select((_, lead) => (short)(i * (lead + 1) % 500))).ToArray();
        await File.WriteAllBytesAsync(folder["r.dat"], System.Runtime.InteropServices.MemoryMarshal.AsBytes(digital.AsSpan()).ToArray());
        await File.WriteAllTextAsync(
            folder["r.hea"], $"r {leads.Length} 100 400\n{string.Concat(leads.Select(lead => $"r.dat 16 200/mV 16 0 0 0 0 {lead}\n"))}# "
                + $"{name.Replace("\r", "", StringComparison.Ordinal)}: {name.Replace("\r", "", StringComparison.Ordinal)}\n");
        AssertHarmless(await Tool.RunAsync("inspect", folder["r"], "--patient", "--lenient"));
        var json = await Tool.RunAsync("inspect", folder["r"], "--json", "--lenient");
        Assert.DoesNotContain('\u001b', json.Out);
        var run = await Tool.RunAsync("convert", folder["r"], "--out", folder["csv"], "--format", "csv", "--lenient");
        AssertHarmless(run);
        if (run.ExitCode == 0)
        {
            var titles = (await File.ReadAllLinesAsync(folder["csv/r.csv"]))[0];
            Assert.DoesNotContain(Fields(titles), field => field.Trim('"') is ['=' or '+' or '-' or '@', ..]);
            Assert.Equal(Formats.EcgFile.Read(folder["r"], new EcgReadOptions { Lenient = true }).Signal.Leads,
                Formats.EcgFile.Read(folder["csv/r.csv"]).Signal.Leads);
        }
        else
            Assert.Contains("lead", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("ward/1", "ward_1")]
    [InlineData("...", "_")]
    [InlineData("a:b*c?\u001b[2J", "a_b_c___2J")]
    [InlineData("über 12-3_4.5", "über 12-3_4.5")]
    public void A_file_is_named_by_an_id_and_stays_in_its_folder(string id, string name) => Assert.Equal(name, OutputFile.NameOf(id));

    private static void AssertHarmless(Tool run)
    {
        foreach (var c in run.Out + run.Error)
            Assert.True(c == '\n' || !char.IsControl(c), $"U+{(int)c:X4} reaches the terminal");
        Assert.DoesNotContain('\u202E', run.Out + run.Error);
    }

    /// <summary>Well-formed, and without an element or attribute that a name brought in.</summary>
    private static void AssertPicture(string path)
    {
        var document = XDocument.Parse(File.ReadAllText(path).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.DoesNotContain(document.Descendants(), e => e.Name.LocalName is "img"
            || e.Attributes().Any(a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(document.Descendants().Where(e => e.Name.LocalName == "script"), e => e.Value.Trim() == "alert(1)");
        Assert.DoesNotContain('\u001b', File.ReadAllText(path));
    }

    private static string Model(string path, string name)
    {
        var file = PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read();
        new ModelFile(file.Manifest with { Task = name, Classes = [name] }, file.Weights, graph: file.Graph).Save(path);
        return path;
    }

    private static string Record(TemporaryFolder folder, string name)
    {
        WfdbWriter.Write(folder.Path, name,
            Core.Synthetic.SyntheticEcg.Generate(new Core.Synthetic.SyntheticOptions(), new EcgRandom(7)).Signal);
        return folder[name];
    }

    /// <summary>The fields of a line as they stand there, quotes included.</summary>
    private static string[] Fields(string line)
    {
        var (fields, start, quoted) = (new List<string>(), 0, false);
        for (var i = 0; i <= line.Length; i++)
            if (i == line.Length || (line[i] == ',' && !quoted))
            {
                fields.Add(line[start..i]);
                start = i + 1;
            }
            else if (line[i] == '"')
                quoted = !quoted;
        return [.. fields];
    }

    private sealed class OneClass(string name) : IEcgTask
    {
        public string Name => "one";

        public TaskKind Kind => TaskKind.Binary;

        public IReadOnlyList<string> Classes => [name];

        public bool TryGetTarget(EcgEntry entry, Span<float> target)
        {
            target[0] = entry.Id == "2" ? 1 : 0;
            return true;
        }
    }
}
