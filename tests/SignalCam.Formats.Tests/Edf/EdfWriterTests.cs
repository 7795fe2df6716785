using SignalCam.Abstractions;
using SignalCam.Formats.Edf;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests;

public class EdfWriterTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(200)]
    [InlineData(2000)]
    [InlineData(204.9180327868852)]
    [InlineData(409.6)]
    // Not a decimal number of microvolt: only the ratio of the limits tells it.
    [InlineData(107)]
    [InlineData(480)]
    public void Samples_come_back_to_the_bit_whatever_their_gain(double gain)
    {
        var random = new Random(1);
        var digital = Enumerable.Range(0, 2000).Select(_ => random.Next(-20_000, 20_000)).ToArray();
        AssertComesBack(Recording(500, ["I", "V6"], 1000, i => (float)(digital[i] / gain)));
    }

    [Fact]
    public void Sparse_steps_and_constant_leads_come_back()
    {
        AssertComesBack(Recording(500, ["I"], 10, i => (float)(i % 3 * 0.035)));
        AssertComesBack(Recording(500, ["I", "II", "V1"], 10, i => i < 10 ? 0 : i < 20 ? 1.25f : -0.00488f));
        // A grid beside zero, as the digital range -32768 to 32767 gives it.
        AssertComesBack(Recording(500, ["I"], 100, i => (float)(((i * 37 % 101) + 0.5) * 2000 / 65535)));
    }

    [Theory]
    [InlineData(360, 3600)]
    [InlineData(360, 1234)]
    [InlineData(128, 1)]
    [InlineData(1000, 7919)]
    [InlineData(257, 10_000)]
    [InlineData(62.5, 1000)]
    [InlineData(0.5, 30)]
    public void Rates_and_lengths_come_back(double rate, int length) =>
        AssertComesBack(Recording(rate, ["II"], length, i => i % 7 / 1000f));

    [Fact]
    public void Gaps_of_all_leads_come_back() =>
        AssertComesBack(Recording(500, ["I", "II"], 1000, i =>
        i % 1000 is >= 300 and < 700 or >= 900 and < 950 ? float.NaN : i % 9 / 200f));

    [Fact]
    public void Start_device_and_annotations_come_back()
    {
        var recording = Recording(500, ["I", "aVR", "V1"], 1000, i => i % 5 / 1000f) with
        {
            Start = new EcgStart(new DateTime(2020, 1, 2, 3, 4, 5).AddTicks(2_500_000)),
            Metadata = new Dictionary<string, string> { ["model"] = "ELI 250" },
            Patient = new Dictionary<string, string> { ["name"] = "Clark" },
            Annotations =
            [
                new EcgAnnotation("QRS", 0.25) { Duration = 0.1 }, new EcgAnnotation("PR interval") { Value = "148 ms" },
                new EcgAnnotation("T \u2013 end", 1.5) { Lead = "V1" },
            ],
        };
        var bytes = EdfWriter.Encode("made.edf", recording);
        Assert.DoesNotContain("Clark", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        var read = EcgFile.Read(new MemoryStream(bytes), "made.edf");
        Assert.Equal("2020-01-02T03:04:05.25", read.Start?.ToString());
        Assert.Equal("ELI 250", read.Metadata["model"]);
        Assert.Equal([("QRS", 0.25, 0.1, null), ("T \u2013 end", 1.5, null, "V1")],
            read.Annotations.Select(a => (a.Text, a.Seconds!.Value, a.Duration, a.Lead)));
        foreach (var year in new[] { 1970, 1985, 2084, 2100 })
            Assert.Equal(year, EcgFile.Read(
                new MemoryStream(EdfWriter.Encode("made.edf", recording with { Start = new EcgStart(new DateTime(year, 2, 3)) })),
                "made.edf").Start!.Value.Local.Year);
    }

    [SkippableTheory]
    [InlineData("edf/contec-one-sample-records.edf")]
    [InlineData("edf/ecg12-gap.edf")]
    [InlineData("ge-muse-xml/easyrecg-1.xml")]
    [InlineData("philips-xml/sierra-1.03.xml")]
    [InlineData("hl7-aecg/hl7-example.xml")]
    [InlineData("scp-ecg/hl7-example.scp")]
    [InlineData("ishne/twelve-lead.ecg")]
    public void Sample_files_come_back(string file) => AssertComesBack(EcgFile.Read(SharedFormats.Sample(file)));

    [Fact]
    public void What_EDF_cannot_hold_is_refused_with_the_reason()
    {
        var random = new Random(1);
        Assert.Contains("lead I: found samples that do not lie on a grid of 16 bits",
            ErrorOf(Recording(500, ["I"], 1000, _ => random.NextSingle())), StringComparison.Ordinal);
        Assert.Contains("lead I: found samples that do not lie", ErrorOf(Recording(500, ["I"], 1000, i => i == 0 ? 60 : i * 0.001f)),
            StringComparison.Ordinal);
        Assert.Contains("sample 3: found 1 of 2 leads", ErrorOf(Recording(500, ["I", "II"], 10, i => i == 3 ? float.NaN : 0)),
            StringComparison.Ordinal);
        Assert.Contains("at the beginning or the end", ErrorOf(Recording(500, ["I"], 10, i => i == 9 ? float.NaN : 0)),
            StringComparison.Ordinal);
        Assert.Contains("lead a name of many characters: found a name", ErrorOf(Recording(500, ["a name of many characters"], 10, _ => 0)),
            StringComparison.Ordinal);
        Assert.Contains("7919 samples at 123.4567 Hz", ErrorOf(Recording(123.4567, ["I"], 7919, _ => 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_appears_when_it_is_complete()
    {
        using var folder = TestData.Folder();
        var recording = Recording(500, ["I"], 1000, i => i % 5 / 1000f);
        EdfWriter.Write(folder["a.edf"], recording);
        Assert.Equal(["a.edf"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
        Assert.True(EcgFile.Read(folder["a.edf"]).Signal.Samples.Span.SequenceEqual(recording.Signal.Samples.Span));
    }

    private static EcgRecording Recording(double rate, string[] leads, int length, Func<int, float> sample) =>
        new(new EcgSignal([.. Enumerable.Range(0, leads.Length * length).Select(sample)], new SignalLayout(leads, length, rate)), "made");

    private static string ErrorOf(EcgRecording recording) =>
        Assert.Throws<EcgFormatException>(() => EdfWriter.Encode("made.edf", recording)).Message;

    private static void AssertComesBack(EcgRecording recording)
    {
        var bytes = EdfWriter.Encode("made.edf", recording);
        var read = EcgFile.Read(new MemoryStream(bytes), "made.edf");
        Assert.Equal(recording.Signal.Layout, read.Signal.Layout);
        Assert.Equal(recording.Signal.Samples.ToArray().Select(BitConverter.SingleToInt32Bits), read.Signal.Samples.ToArray()
            .Select(BitConverter.SingleToInt32Bits));
        Assert.DoesNotContain(read.Warnings, w => !w.Contains("coarse for an ECG", StringComparison.Ordinal));
    }
}
