using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Cli.Batch;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>`predict` on many recordings.</summary>
public sealed class BatchTests
{
    private const int Good = 30;

    [Fact]
    public async Task Every_recording_of_a_folder_is_a_row_and_the_broken_ones_have_their_reason()
    {
        using var folder = TestData.Folder();
        var broken = WriteMany(folder["in"]);
        var single = (await Tool.OkAsync("predict", folder["in/a/r03"], "--json", "-")).Json[0]!["scores"]![0]!;

        var run = await Tool.RunAsync("predict", folder["in"], "--out", folder["results.csv"], "--report", folder["report.html"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{Good + broken.Length} recordings, {broken.Length} without an answer", run.Out, StringComparison.Ordinal);
        var rows = Rows(folder["results.csv"]);
        Assert.Equal(Good + broken.Length, rows.Select(r => r["recording"]).Distinct().Count());
        Assert.Equal(Good + broken.Length, rows.Count);
        Assert.Equal(broken.Order(), rows.Where(r => r["error"].Length > 0).Select(r => Path.GetFileName(r["recording"])).Order());
        Assert.All(rows.Where(r => r["error"].Length > 0), r => Assert.Contains("found", r["error"], StringComparison.Ordinal));
        var row = Assert.Single(rows, r => r["recording"] == folder["in/a/r03.hea"]);
        Assert.Equal(single["probability"]!.GetValue<double>(), double.Parse(row["probability"], CultureInfo.InvariantCulture));
        Assert.Equal(single["logit"]!.GetValue<double>(), double.Parse(row["logit"], CultureInfo.InvariantCulture));
        Assert.Equal(("abnormal", 64), (row["class"], row["model_sha256"].Length));
        var report = File.ReadAllText(folder["report.html"]);
        Assert.Contains("Least sure", report, StringComparison.Ordinal);
        Assert.Contains("<svg", report, StringComparison.Ordinal);
        Assert.All(broken, name => Assert.Contains(name, report, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("results.csv", "normal-abnormal")]
    [InlineData("results.csv", "super")]
    [InlineData("results.json", "super")]
    public async Task A_run_that_was_cut_off_anywhere_is_continued_to_the_same_file(string name, string task)
    {
        using var folder = TestData.Folder();
        WriteMany(folder["in"]);
        Assert.Equal(1, (await Tool.RunAsync("predict", folder["in"], "--task", task, "--out", folder[name])).ExitCode);
        var whole = File.ReadAllBytes(folder[name]);
        foreach (var share in (double[])[0, 0.001, 0.02, 0.3, 0.5001, 0.77, 0.9999, 1])
        {
            File.WriteAllBytes(folder[name], whole[..(int)(share * whole.Length)]);
            var run = await Tool.RunAsync("predict", folder["in"], "--task", task, "--out", folder[name], "--resume");
            Assert.True(run.ExitCode == 1, run.Error);
            Assert.Equal(Encoding.UTF8.GetString(whole), File.ReadAllText(folder[name]));
        }
        if (name.EndsWith(".json", StringComparison.Ordinal))
            Assert.Equal(Good * 5, JsonNode.Parse(whole)!.AsArray().Sum(entry => entry!["scores"]?.AsArray().Count ?? 0));
    }

    [Fact]
    public async Task Recordings_that_came_since_are_added_and_none_is_doubled()
    {
        using var folder = TestData.Folder();
        WriteMany(folder["in"]);
        await Tool.RunAsync("predict", folder["in"], "--out", folder["r.csv"]);
        WriteRecord(folder["in/a"], "r000", 99);
        await Tool.RunAsync("predict", folder["in"], "--out", folder["r.csv"], "--resume");
        var names = Rows(folder["r.csv"]).Select(r => r["recording"]).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Contains(folder["in/a/r000.hea"], names);
    }

    [Fact]
    public async Task A_results_file_is_replaced_or_continued_only_where_that_is_asked_for_and_fits()
    {
        using var folder = TestData.Folder();
        WriteRecord(folder.Path, "rec", 1);
        WriteRecord(folder.Path, "rec2", 2);
        string[] predict = ["predict", folder["rec"], folder["rec2"], "--out", folder["r.csv"]];
        await Tool.OkAsync(predict);
        Assert.Contains("--resume continues it", await WrongAsync(predict), StringComparison.Ordinal);
        Assert.Contains(
            "has answers of the model", await WrongAsync([.. predict, "--resume", "--task", "super"]), StringComparison.Ordinal);
        await Tool.OkAsync([.. predict, "--overwrite", "--task", "super"]);
        Assert.Equal(10, Rows(folder["r.csv"]).Count);
        Assert.Contains(".txt", await WrongAsync("predict", folder["rec"], "--out", folder["r.txt"]), StringComparison.Ordinal);
        Assert.Contains("--out", await WrongAsync("predict", folder["rec"], "--resume"), StringComparison.Ordinal);

        File.WriteAllText(folder["notes.csv"], "my notes");
        var other = await Tool.RunAsync("predict", folder["rec"], "--out", folder["notes.csv"], "--resume");
        Assert.Equal(1, other.ExitCode);
        Assert.Equal("my notes", File.ReadAllText(folder["notes.csv"]));

        async Task<string> WrongAsync(params string[] line)
        {
            var run = await Tool.RunAsync(line);
            Assert.Equal(2, run.ExitCode);
            return run.Error;
        }
    }

    [Fact]
    public async Task Fail_fast_stops_at_the_first_bad_recording_and_resume_goes_on_behind_it()
    {
        using var folder = TestData.Folder();
        WriteRecord(folder.Path, "a", 1);
        File.WriteAllText(folder["b.hea"], "b 12 100 1000\n");
        WriteRecord(folder.Path, "c", 2);
        string[] predict = ["predict", folder["*.hea"], "--out", folder["r.json"]];
        Assert.Equal(1, (await Tool.RunAsync([.. predict, "--fail-fast"])).ExitCode);
        Assert.DoesNotContain("c.hea", File.ReadAllText(folder["r.json"]), StringComparison.Ordinal);
        Assert.Equal(1, (await Tool.RunAsync([.. predict, "--resume"])).ExitCode);
        var entries = JsonNode.Parse(File.ReadAllText(folder["r.json"]))!.AsArray();
        Assert.Equal(["a.hea", "b.hea", "c.hea"], entries.Select(e => Path.GetFileName(e!["recording"]!.GetValue<string>())));
        Assert.NotNull(entries[1]!["error"]);
    }

    [Fact]
    public async Task A_list_a_glob_over_folders_and_doubled_names_give_each_recording_once()
    {
        using var folder = TestData.Folder();
        foreach (var sub in (string[])["a", "b/c", "b/d"])
            WriteRecord(folder[sub], "r", 3);
        File.WriteAllLines(folder["list.txt"], [folder["b/c/r"], "", folder["a"]]);
        foreach (var (expected, line) in ((string[] Expected, string[] Line)[])
        [
            (["b/c/r", "a/r.hea"], ["--list", folder["list.txt"]]),
            (["a/r.hea", "b/c/r.hea", "b/d/r.hea"], [folder["**/*.hea"]]),
            (["b/c/r.hea", "b/d/r.hea"], [folder["b/?/r*"]]),
            (["a/r.hea", "b/c/r.hea", "b/d/r.hea"], [folder["a"], folder.Path, folder["a/*.hea"]]),
        ])
        {
            var run = await Tool.OkAsync(["predict", .. line, "--json", "-"]);
            Assert.Equal(expected.Select(e => folder[e]), run.Json.AsArray().Select(e => e!["recording"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task Explain_takes_a_folder_and_recordings_of_one_name_get_pictures_of_their_own()
    {
        using var folder = TestData.Folder();
        WriteRecord(folder["in/a"], "r", 3);
        WriteRecord(folder["in/b"], "r", 4);
        await Tool.OkAsync("explain", folder["in"], "--out", folder["out"]);
        Assert.Equal(
            ["r-2.json", "r-2.svg", "r.json", "r.svg"],
            Directory.EnumerateFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reading_options_reach_the_reader()
    {
        using var folder = TestData.Folder();
        var signal = SyntheticEcg.Generate(new SyntheticOptions { Seconds = 10 }, new EcgRandom(7)).Signal;
        string Cell(int lead, int t) => (signal.Lead(lead)[t] * 1000).ToString("F0", CultureInfo.InvariantCulture);
        var rows = Enumerable.Range(0, signal.Length)
            .Select(t => string.Join(',', Enumerable.Range(0, signal.Leads.Count).Select(lead => Cell(lead, t))));
        File.WriteAllLines(folder["r.csv"], [string.Join(',', signal.Leads), .. rows]);
        Assert.Equal(1, (await Tool.RunAsync("predict", folder["r.csv"])).ExitCode);
        var rate = signal.SamplingRate.ToString(CultureInfo.InvariantCulture);
        var run = await Tool.OkAsync("predict", folder["r.csv"], "--rate", rate, "--unit", "uV", "--json", "-");
        WfdbWriter.Write(folder.Path, "w", signal);
        var expected = await Tool.OkAsync("predict", folder["w"], "--json", "-");
        Assert.Equal(
            expected.Json[0]!["scores"]![0]!["logit"]!.GetValue<double>(), run.Json[0]!["scores"]![0]!["logit"]!.GetValue<double>(), 0.02);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a,b \"c\" \"\"")]
    [InlineData("\"")]
    [InlineData("=1+2")]
    [InlineData("-3 lines\nof it")]
    [InlineData("äöü €")]
    public void Any_name_reads_back_from_a_results_file_as_it_was(string name)
    {
        var format = new CsvResults();
        var failed = new EcgStreamAnswer(name, null, null, new EcgFormatException(name, null, "\"x\"", "y,z"));
        var bytes = Encoding.UTF8.GetBytes(format.Head + format.Write(failed, true) + format.Write(failed with { Id = "next" }, false));
        var read = format.Read(new MemoryStream(bytes), "r.csv").ToList();
        Assert.Equal([name, "next"], read.Select(r => r.Row.Recording));
        Assert.Equal(failed.Error!.Message, read[0].Row.Error);
        Assert.Equal(bytes.Length, read[1].End);
    }

    /// <summary>
    /// Thirty recordings in two folders, other files beside them, and five that cannot be read; gives the names of those.
    /// </summary>
    private static string[] WriteMany(string folder)
    {
        for (var i = 0; i < Good; i++)
            WriteRecord(Path.Combine(folder, i % 2 == 0 ? "b" : "a"), FormattableString.Invariant($"r{i:00}"), i);
        File.WriteAllText(Path.Combine(folder, "README.md"), "# Nothing to read\n");
        File.WriteAllText(Path.Combine(folder, "a", "RECORDS"), "r01\n");
        File.WriteAllText(Path.Combine(folder, "labels.csv"), "recording,NORM,MI\n1,1,0\n2,0,1\n3,1,1\n");
        foreach (var (name, content) in ((string, string)[])
        [
            ("empty.hea", ""), ("noise.dcm", "\u0001\u0002"), ("b/few.hea", "few 12 100 1000\n"), ("b/zero.edf", "0"),
            ("a/missing.hea", "missing 1 100 10\nmissing.dat 16 1000/mV 16 0 0 0 0 I\n"),
        ])
            File.WriteAllText(Path.Combine(folder, name), content);
        return ["empty.hea", "noise.dcm", "missing.hea", "few.hea", "zero.edf"];
    }

    private static void WriteRecord(string folder, string name, int seed)
    {
        Directory.CreateDirectory(folder);
        WfdbWriter.Write(folder, name, SyntheticEcg.Generate(new SyntheticOptions { Seconds = 10 }, new EcgRandom((ulong)seed)).Signal);
    }

    /// <summary>The rows of a results file whose texts have no line feed.</summary>
    private static List<Dictionary<string, string>> Rows(string path)
    {
        var lines = File.ReadAllLines(path);
        var columns = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => columns.Zip(Fields(line)).ToDictionary(p => p.First, p => p.Second))];
    }

    private static IEnumerable<string> Fields(string line)
    {
        var (field, isQuoted) = (new StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (c == ',' && !isQuoted)
            {
                yield return field.ToString();
                field.Clear();
            }
            else
                field.Append(c);
        }
        yield return field.ToString();
    }
}
