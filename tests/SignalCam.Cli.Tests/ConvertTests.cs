using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

public sealed class ConvertTests
{
    [SkippableTheory]
    [InlineData("dicom/mortara-el250.dcm", "wfdb", ".hea")]
    [InlineData("dicom/mortara-el250.dcm", "csv", ".csv")]
    [InlineData("dicom/mortara-el250.dcm", "edf", ".edf")]
    [InlineData("dicom/general-ecg-reversed-leads.dcm", "wfdb", ".hea")]
    [InlineData("dicom/general-ecg-reversed-leads.dcm", "csv", ".csv")]
    [InlineData("scp-ecg/hl7-example.scp", "wfdb", ".hea")]
    [InlineData("scp-ecg/hl7-example.scp", "edf", ".edf")]
    [InlineData("ge-muse-xml/braveheart-1.xml", "wfdb", ".hea")]
    [InlineData("ge-muse-xml/braveheart-1.xml", "csv", ".csv")]
    [InlineData("philips-xml/pagewriter-1.04.xml", "edf", ".edf")]
    [InlineData("hl7-aecg/minimum.xml", "csv", ".csv")]
    [InlineData("hl7-aecg/minimum.xml", "wfdb", ".hea")]
    [InlineData("edf/ecg12-gap.edf", "wfdb", ".hea")]
    [InlineData("edf/ecg12-gap.edf", "edf", ".edf")]
    [InlineData("edf/contec-one-sample-records.edf", "wfdb", ".hea")]
    [InlineData("ishne/twelve-lead.ecg", "csv", ".csv")]
    [InlineData("cinc-header-variants/HR06000.hea", "edf", ".edf")]
    public async Task A_recording_converted_there_has_the_same_samples_to_the_bit(string file, string format, string extension)
    {
        var path = TestData.Shared("formats/" + file);
        using var folder = TestData.Folder();
        var run = await Tool.OkAsync("convert", path, "--out", folder.Path, "--format", format);
        var stem = Path.GetFileNameWithoutExtension(file).Replace('.', '_');
        var (expected, found) = (EcgFile.Read(path), EcgFile.Read(folder[stem + extension]));
        Assert.Equal(format == "csv" ? "csv" : format, found.Format == "table" ? "csv" : found.Format);
        Assert.Equal(expected.Signal.Layout, found.Signal.Layout);
        Assert.Equal(expected.Signal.Samples.ToArray(), found.Signal.Samples.ToArray());
        Assert.DoesNotContain("rounded", run.Out, StringComparison.Ordinal);
        if (format != "csv")
            Assert.Equal(expected.Start?.Local, found.Start?.Local);
    }

    [Fact]
    public async Task Samples_of_no_resolution_go_to_csv_and_to_wfdb_only_where_rounding_is_allowed()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["in.csv"], "time (s),II (mV)\n"
            + string.Join("\n", Enumerable.Range(0, 50).Select(t => FormattableString.Invariant($"{t / 100.0},{MathF.Exp(-t / 3f)}"))));
        var refused = await Tool.RunAsync("convert", folder["in.csv"], "--out", folder["out"], "--format", "wfdb");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("lead II: no gain reproduces its samples", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--round", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder["out"]));
        Assert.Equal(1, (await Tool.RunAsync("convert", folder["in.csv"], "--out", folder["out"], "--format", "edf")).ExitCode);

        var expected = EcgFile.Read(folder["in.csv"]).Signal.Samples.ToArray();
        await Tool.OkAsync("convert", folder["in.csv"], "--out", folder["out"], "--format", "csv");
        Assert.Equal(expected, EcgFile.Read(folder["out/in.csv"]).Signal.Samples.ToArray());
        var rounded = await Tool.OkAsync("convert", folder["in.csv"], "--out", folder["out"], "--format", "wfdb", "--round");
        Assert.Contains("rounded by 4.7e-10 mV at most", rounded.Out, StringComparison.Ordinal);
        var found = EcgFile.Read(folder["out/in.hea"]).Signal.Samples.ToArray();
        for (var t = 0; t < expected.Length; t++)
            Assert.Equal(expected[t], found[t], 1e-7);
    }

    [Fact]
    public async Task Files_that_are_there_stay_unless_they_may_be_replaced_and_names_do_not_collide()
    {
        using var folder = TestData.Folder();
        foreach (var (sub, value) in ((string, float)[])[("a", 0.001f), ("b", 0.002f)])
        {
            Directory.CreateDirectory(folder[sub]);
            WfdbWriter.Write(folder[sub], "r", new EcgSignal([value, 0], new SignalLayout(["I"], 2, 100)));
        }
        await Tool.OkAsync("convert", folder["a/r"], folder["b/r.dat"], "--out", folder["out"], "--format", "wfdb");
        Assert.Equal((0.001f, 0.002f),
            (EcgFile.Read(folder["out/r"]).Signal.Lead(0)[0], EcgFile.Read(folder["out/r-2"]).Signal.Lead(0)[0]));

        var refused = await Tool.RunAsync("convert", folder["b/r"], folder["missing"], "--out", folder["out"], "--format", "wfdb");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is there already", refused.Error, StringComparison.Ordinal);
        Assert.Contains("no such file", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0.001f, EcgFile.Read(folder["out/r"]).Signal.Lead(0)[0]);
        await Tool.OkAsync("convert", folder["b/r"], "--out", folder["out"], "--format", "wfdb", "--overwrite");
        Assert.Equal(0.002f, EcgFile.Read(folder["out/r"]).Signal.Lead(0)[0]);
    }

    [Theory]
    [InlineData("convert x --out y")]
    [InlineData("convert x --format wfdb")]
    [InlineData("convert x --out y --format mp3")]
    [InlineData("convert --out y --format csv")]
    [InlineData("inspect")]
    public async Task Wrong_usage_ends_with_2_and_a_message(string line)
    {
        var run = await Tool.RunAsync(line.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.NotEqual("", run.Error);
    }
}
