using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

public sealed class InspectTests
{
    [Fact]
    public async Task Json_has_an_entry_per_file_in_their_order()
    {
        using var folder = TestData.Folder();
        WriteRecord(folder.Path, "rec");
        File.WriteAllText(folder["bad.bin"], "\u0001nothing that anybody reads");
        var run = await Tool.RunAsync("inspect", "--json", folder["bad.bin"], folder["rec"]);

        Assert.Equal(1, run.ExitCode);
        var entries = run.Json.AsArray();
        Assert.Equal(2, entries.Count);
        Assert.Equal(["file", "error"], Keys(entries[0]!));
        Assert.Contains("expected a file of a known format", entries[0]!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        var entry = entries[1]!;
        Assert.Equal(folder["rec"], entry["file"]!.GetValue<string>());
        Assert.Equal(("wfdb", 250d, 20, "2020-01-02T03:04:05"), (entry["format"]!.GetValue<string>(),
            entry["sampling_rate"]!.GetValue<double>(), entry["length"]!.GetValue<int>(), entry["start"]!.GetValue<string>()));
        foreach (var key in (string[])["other_channels", "metadata", "findings", "leads"])
            Assert.IsType<JsonArray>(entry[key]);
        var lead = entry["leads"]![1]!;
        Assert.Equal(["name", "unit", "first_mv", "min_mv", "max_mv"], Keys(lead));
        Assert.Equal(("II", "mV"), (lead["name"]!.GetValue<string>(), lead["unit"]!.GetValue<string>()));
        Assert.Equal((-0.019, 0), (lead["min_mv"]!.GetValue<double>(), lead["max_mv"]!.GetValue<double>()));
        Assert.Equal([0, -0.001, -0.002, null, -0.004, -0.005, -0.006, -0.007, -0.008, -0.009], lead["first_mv"]!.AsArray()
            .Select(v => v?.GetValue<double>()));
    }

    [Fact]
    public async Task A_file_by_any_of_its_names_a_folder_and_a_glob_give_the_record_once()
    {
        using var folder = TestData.Folder();
        WriteRecord(folder.Path, "a1");
        WriteRecord(folder.Path, "a2");
        File.WriteAllText(folder["README"], "");
        foreach (var (argument, files) in ((string, string[])[])
        [
            (folder["a1"], [folder["a1"]]),
            (folder["a1.hea"], [folder["a1.hea"]]),
            (folder["a1.dat"], [folder["a1.dat"]]),
            (folder.Path, [folder["a1.hea"], folder["a2.hea"]]),
            (folder["a*"], [folder["a1.hea"], folder["a2.hea"]]),
            (folder["*1.*"], [folder["a1.hea"]]),
        ])
        {
            var entries = (await Tool.OkAsync("inspect", argument, "--json")).Json.AsArray();
            Assert.Equal(files, entries.Select(e => e!["file"]!.GetValue<string>()));
            Assert.All(entries, e => Assert.Equal(20, e!["length"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task Nothing_to_read_is_wrong_usage_and_says_so()
    {
        using var folder = TestData.Folder();
        foreach (var (argument, message) in ((string, string)[])[(folder.Path, "no recording in this folder"),
            (folder["*.dcm"], "no file matches")])
        {
            var run = await Tool.RunAsync("inspect", argument);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
        var missing = await Tool.RunAsync("inspect", folder["none"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no such file", missing.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rate 0", "--rate")]
    [InlineData("--bridge-gaps -1", "--bridge-gaps")]
    [InlineData("--index -1", "--index")]
    [InlineData("--leads I,,II", "--leads")]
    [InlineData("--unit mm", "--unit")]
    public async Task Options_that_cannot_be_are_named(string line, string option)
    {
        var run = await Tool.RunAsync(["inspect", "x", .. line.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(option, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gaps_are_bridged_and_the_bridge_is_a_warning()
    {
        using var folder = TestData.Folder();
        WriteRecord(folder.Path, "rec");
        var entry = (await Tool.OkAsync("inspect", folder["rec"], "--json", "--bridge-gaps", "0.004")).Json[0]!;
        Assert.Equal(-0.003, entry["leads"]![1]!["first_mv"]![3]!.GetValue<double>());
        Assert.Contains("lead II, sample 3", entry["warnings"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_shows_leads_and_warnings_and_markup_in_names_does_no_harm()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "rec", new EcgSignal([0.5f, -0.25f], new SignalLayout(["[red]x[/"], 2, 100)));
        var run = await Tool.OkAsync("inspect", folder["rec"]);
        Assert.Contains("wfdb, 1 leads x 2 samples at 100 Hz", run.Out, StringComparison.Ordinal);
        Assert.Contains("[red]x[/", run.Out, StringComparison.Ordinal);
        Assert.Contains("-0.2500", run.Out, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Patient_fields_and_values_are_shown_only_when_they_are_asked_for()
    {
        var path = TestData.Shared("formats/scp-ecg/hl7-example.scp");
        var quiet = await Tool.OkAsync("inspect", path, "--json");
        Assert.Contains("model", quiet.Json[0]!["metadata"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.DoesNotContain("Clark", quiet.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Clark", (await Tool.OkAsync("inspect", path)).Out, StringComparison.Ordinal);
        var entry = (await Tool.OkAsync("inspect", path, "--json", "--patient")).Json[0]!;
        Assert.Equal("ELI250", entry["metadata"]!["model"]!.GetValue<string>());
        Assert.Equal("Clark", entry["patient"]!["last_name"]!.GetValue<string>());
        Assert.Contains("last_name: Clark", (await Tool.OkAsync("inspect", path, "--patient")).Out, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(p => p.Key);

    /// <summary>Lead I rises and lead II falls by 1 uV a sample; sample 3 of lead II is missing.</summary>
    private static void WriteRecord(string folder, string name)
    {
        float[] samples = [.. Enumerable.Range(0, 20).Select(t => t * 0.001f), .. Enumerable.Range(0, 20)
            .Select(t => t == 3 ? float.NaN : t * -0.001f)];
        WfdbWriter.Write(folder, name, new EcgSignal(samples, new SignalLayout(["I", "II"], 20, 250)), new WfdbWriteOptions
        {
            BaseDate = DateOnly.Parse("2020-01-02", CultureInfo.InvariantCulture),
            BaseTime = new TimeSpan(3, 4, 5),
        });
    }
}
