using System.Text.Json.Nodes;
using SignalCam.Core.Scoring;
using SignalCam.Formats;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>Files of every format, and tables as they are found in the wild, opened by upload.</summary>
public sealed class FormatUploadTests(ViewerHost host) : IClassFixture<ViewerHost>
{
    private readonly HttpClient _client = host.CreateClient();

    [SkippableTheory]
    [InlineData("dicom/mortara-el250.dcm")]
    [InlineData("scp-ecg/hl7-example.scp")]
    [InlineData("hl7-aecg/hl7-example.xml")]
    [InlineData("ge-muse-xml/braveheart-1.xml")]
    [InlineData("philips-xml/pagewriter-1.04.xml")]
    [InlineData("edf/ecg12-gap.edf")]
    [InlineData("ishne/twelve-lead.ecg")]
    public async Task A_file_of_any_format_is_opened_with_the_samples_that_the_reader_gives(string file)
    {
        var path = TestData.Shared("formats/" + file);
        var expected = EcgFile.Read(path).Signal;
        // By content and not by name.
        var answer = await _client.OpenAsync([new Part("upload", await File.ReadAllBytesAsync(path))]);
        var id = (string)Assert.Single(answer["recordings"]!.AsArray())!["id"]!;
        var signal = await _client.AskAsync($"/api/recordings/{id}/signal");
        Assert.Equal(expected.SamplingRate, (double)signal["samplingRate"]!);
        Assert.Equal(expected.Leads, signal["leads"]!.AsArray().Select(l => (string)l!["name"]!));
        for (var lead = 0; lead < expected.Leads.Count; lead++)
            Assert.Equal(expected.Lead(lead).ToArray(), signal["leads"]![lead]!["values"]!.Floats());
    }

    [SkippableTheory]
    [InlineData("20-csv-atm-elapsed/atm_elapsed.csv")]
    [InlineData("20-csv-excel-sep/excel_sep.csv")]
    [InlineData("20-csv-index-col/index_col.csv", true)]
    [InlineData("20-csv-mv-underscore/mv_underscore.csv")]
    [InlineData("20-csv-tab-comma/tab_comma.tsv")]
    [InlineData("20-csv-timestamp-iso/timestamp_iso.csv")]
    [InlineData("20-csv-trailing-sep/trailing_sep.csv")]
    [InlineData("20-csv-unit-row/unit_row.csv")]
    [InlineData("21-csv-on-command-line/ok_mv.csv")]
    public async Task A_table_of_real_life_gets_the_right_probability(string file, bool isIncomplete = false)
    {
        var path = TestData.Shared("cases/" + file);
        Part[] parts = [new Part(Path.GetFileName(path), await File.ReadAllBytesAsync(path))];
        if (isIncomplete)
        {
            using var asked = await _client.SendAsync(parts);
            var problem = await asked.ProblemAsync();
            Assert.Equal(["rate", "unit"], problem["needs"]!.AsArray().Select(n => (string)n!));
        }
        var answer = isIncomplete
            ? await _client.OpenAsync(parts, ("rate", "500"), ("unit", "mV"))
            : await _client.OpenAsync(parts);
        var id = (string)answer["recordings"]![0]!["id"]!;
        var explained = await _client.AskAsync($"/api/recordings/{id}/explanation");
        // That of a plain table of the same samples.
        using var model = ScoringModel.Create(PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read());
        var plain = EcgFile.Read(TestData.Shared("cases/21-csv-on-command-line/ok_mv.csv"));
        Assert.Equal(
            model.Classify(plain).Scores[0].Probability, (double)explained["answer"]!["scores"]![0]!["probability"]!, 1e-6);
    }

    [SkippableFact]
    public async Task A_zip_may_mix_formats_and_what_is_no_recording_is_passed_over()
    {
        var dicom = await File.ReadAllBytesAsync(TestData.Shared("formats/dicom/hl7-example.dcm"));
        var answer = await _client.OpenAsync([Uploads.Zip("mixed.zip", [
            .. Uploads.Wfdb(Uploads.Recording()), new Part("IM0001", dicom), new Part("readme.txt", "What is in here\n"),
            new Part("broken.edf", "0       nothing"),
        ])]);
        Assert.Equal(["rec", "IM0001"], answer["recordings"]!.AsArray().Select(r => (string)r!["name"]!));
        var refused = Assert.Single(answer["refused"]!.AsArray())!;
        Assert.Equal("mixed.zip/broken.edf", (string)refused["name"]!);
    }
}
