using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Formats;
using SignalCam.Formats.Tables;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>
/// Inputs that users report to fail, in shared/cases: each gives the right value or the right message, as its README says.
/// </summary>
public sealed class CasesTests
{
    /// <summary>The recording behind most of the cases, without a fault.</summary>
    private const string Clean = "cases/17-one-bad-recording-loses-the-batch/Q0001.hea";

    /// <summary>The same samples in a plain table.</summary>
    private const string Table = "cases/21-csv-on-command-line/ok_mv.csv";

    [SkippableTheory]
    [InlineData("01-cinc2020-2021-date-before-time")]
    [InlineData("03-cinc2017-iso-date")]
    [InlineData("04-date-2digit-year")]
    [InlineData("04-date-year-only")]
    [InlineData("06-extra-channel-resp")]
    [InlineData("09-unit-microvolt")]
    [InlineData("09-unit-nV")]
    [InlineData("10-baseline-written-as-float")]
    [InlineData("11-one-invalid-sample", "--bridge-gaps 0.01", Clean, 1e-4)]
    [InlineData("15-checksum-field-0", "--lenient")]
    [InlineData("16-names-chest-c")]
    [InlineData("16-names-ecg-dash")]
    [InlineData("20-csv-atm-elapsed/atm_elapsed.csv", "", Table)]
    [InlineData("20-csv-excel-sep/excel_sep.csv", "", Table)]
    [InlineData("20-csv-index-col/index_col.csv", "--rate 500 --unit mV", Table)]
    [InlineData("20-csv-mv-underscore/mv_underscore.csv", "", Table)]
    [InlineData("20-csv-nan-NA/nan_NA.csv", "--bridge-gaps 0.05", Table, 1e-4)]
    [InlineData("20-csv-tab-comma/tab_comma.tsv", "", Table)]
    [InlineData("20-csv-timestamp-iso/timestamp_iso.csv", "", Table)]
    [InlineData("20-csv-trailing-sep/trailing_sep.csv", "", Table)]
    [InlineData("20-csv-unit-row/unit_row.csv", "", Table)]
    public async Task An_input_of_real_life_gives_the_right_probability(
        string input, string options = "", string reference = Clean, double tolerance = 1e-6)
    {
        var expected = Probability((await Tool.OkAsync("predict", TestData.Shared(reference), "--json", "-")).Json[0]!);
        var path = TestData.Shared("cases/" + (input.Contains('/', StringComparison.Ordinal) ? input : input + "/Q0001.hea"));
        var run = await Tool.OkAsync(["predict", path, "--json", "-", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(expected, Probability(run.Json[0]!), tolerance);
    }

    [SkippableFact]
    public async Task A_table_on_the_command_line_has_the_samples_and_the_probability_of_the_record_up_to_rounding()
    {
        // The record is rounded to a microvolt, the table to a tenth of one.
        const float rounding = 0.0005f + 0.00005f;
        var (record, table) = (EcgFile.Read(TestData.Shared(Clean)).Signal, EcgFile.Read(TestData.Shared(Table)).Signal);
        Assert.Equal(record.Layout, table.Layout);
        Assert.All(record.Samples.ToArray().Zip(table.Samples.ToArray()), pair => Assert.Equal(pair.First, pair.Second, rounding + 1e-6f));
        var expected = (await Tool.OkAsync("predict", TestData.Shared(Clean), "--json", "-")).Json[0]!;
        var found = (await Tool.OkAsync("predict", TestData.Shared(Table), "--json", "-")).Json[0]!;
        Assert.Equal(Probability(expected), Probability(found), 5e-5);
    }

    [SkippableFact]
    public async Task The_middle_of_a_longer_recording_is_scored_where_a_crop_is_asked_for()
    {
        var path = TestData.Shared("cases/07-longer-than-10s/Q0001.hea");
        // At the model's rate, as the recording is resampled before it is cut.
        var whole = Resampler.Resample(EcgFile.Read(path).Signal, 100);
        const int length = 1000;
        var start = (whole.Length - length) / 2;
        float[] middle = [.. whole.Leads.SelectMany(lead => whole.Lead(lead).Slice(start, length).ToArray())];
        using var folder = TestData.Folder();
        EcgCsv.Write(folder["middle.csv"], new EcgSignal(middle, new SignalLayout(whole.Leads, length, whole.SamplingRate)));
        var expected = (await Tool.OkAsync("predict", folder["middle.csv"], "--json", "-")).Json[0]!;
        var cropped = (await Tool.OkAsync("predict", path, "--length", "crop", "--json", "-")).Json[0]!;
        Assert.Equal(Probability(expected), Probability(cropped), 1e-6);
    }

    [SkippableFact]
    public async Task A_folder_in_the_names_of_a_header_changes_nothing()
    {
        var path = TestData.Shared("cases/05-record-and-file-with-path/Q0001.hea");
        using var folder = TestData.Folder();
        File.WriteAllText(folder["Q0001.hea"], File.ReadAllText(path).Replace("ge_beats/", "", StringComparison.Ordinal));
        File.Copy(Path.ChangeExtension(path, "dat"), folder["Q0001.dat"]);
        var expected = (await Tool.OkAsync("predict", folder["Q0001.hea"], "--json", "-")).Json[0]!;
        Assert.Equal(Probability(expected), Probability((await Tool.OkAsync("predict", path, "--json", "-")).Json[0]!), 1e-6);
    }

    [SkippableFact]
    public async Task A_broken_date_is_a_finding_and_a_short_recording_is_padded_where_that_is_asked_for()
    {
        foreach (var input in (string[])["04-date-2digit-year", "04-date-year-only"])
        {
            var answer = (await Tool.OkAsync("predict", TestData.Shared($"cases/{input}/Q0001.hea"), "--json", "-")).Json[0]!;
            Assert.Contains("no time and date", answer["findings"]![0]!["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        var padded =
            (await Tool.OkAsync("predict", TestData.Shared("cases/08-shorter-than-10s/Q0001.hea"), "--length", "pad", "--json", "-"))
                .Json[0]!;
        Assert.InRange(Probability(padded), 0.001, 0.999);
        Assert.Equal(6, padded["stretch"]!["duration"]!.GetValue<double>(), 1e-9);
    }

    [SkippableTheory]
    [InlineData("07-longer-than-10s/Q0001.hea", "--length crop")]
    [InlineData("08-shorter-than-10s/Q0001.hea", "--length pad")]
    [InlineData("11-one-invalid-sample/Q0001.hea", "lead V3, sample 2500")]
    [InlineData("11-one-invalid-sample/Q0001.hea", "--bridge-gaps")]
    [InlineData("15-checksum-field-0/Q0001.hea", "found checksum 17591, expected 0")]
    [InlineData("20-csv-index-col/index_col.csv", "--unit")]
    [InlineData("20-csv-index-col/index_col.csv", "--rate")]
    public async Task What_keeps_an_input_from_being_scored_is_said_with_the_option_that_helps(string input, string message)
    {
        var run = await Tool.RunAsync("predict", TestData.Shared("cases/" + input));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("EcgReadOptions", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LengthPolicy", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task One_bad_recording_does_not_lose_the_others()
    {
        var good = TestData.Shared("cases/17-one-bad-recording-loses-the-batch/Q0001.hea")[..^".hea".Length];
        using var folder = TestData.Folder();
        var run = await Tool.RunAsync("predict", good, folder["missing"], good + ".hea", "--json", folder["out.json"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("missing", run.Error, StringComparison.Ordinal);
        var entries = JsonNode.Parse(await File.ReadAllTextAsync(folder["out.json"]))!.AsArray();
        Assert.Equal(3, entries.Count);
        Assert.Equal(Probability((await Tool.OkAsync("predict", good, "--json", "-")).Json[0]!), Probability(entries[0]!), 1e-6);
        Assert.Contains("no such file", entries[1]!["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_folder_a_glob_and_either_file_of_a_recording_are_scored()
    {
        var folder = TestData.Shared("formats/cinc2021");
        var all = await Tool.OkAsync("predict", folder, "--length", "crop,pad", "--json", "-");
        Assert.Equal(Directory.EnumerateFiles(folder, "*.hea").Count(), all.Json.AsArray().Count);
        var some = await Tool.OkAsync("predict", Path.Combine(folder, "HR0600*.hea"), "--json", "-");
        Assert.Equal(10, some.Json.AsArray().Count);
        var one = await Tool.OkAsync("predict", Path.Combine(folder, "HR06000.mat"), "--json", "-");
        Assert.Equal(Probability(some.Json[0]!), Probability(one.Json[0]!));
    }

    private static double Probability(JsonNode answer) => answer["scores"]![0]!["probability"]!.GetValue<double>();
}
