using System.Buffers.Binary;
using SignalCam.Abstractions;
using SignalCam.Formats.Philips;
using static SignalCam.Formats.Tests.XmlSamples;

namespace SignalCam.Formats.Tests;

public class PhilipsTests
{
    [SkippableFact]
    public void A_device_file_gives_start_device_filters_and_statements()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("philips-xml/pagewriter-1.04.xml"));
        Assert.Equal("2008-12-23T19:44:46", recording.Start?.ToString());
        Assert.Equal(("PageWriter Touch", "1.04"), (recording.Metadata["model"], recording.Metadata["version"]));
        Assert.Equal(("0.05", "150", "off"),
            (recording.Metadata["high_pass_hz"], recording.Metadata["low_pass_hz"], recording.Metadata["notch_hz"]));
        Assert.Contains(recording.Annotations, a => a.Text == "SINUS BRADYCARDIA (V-rate<60)");
        Assert.Equal("144 ms", recording.Annotations.Single(a => a.Text == "PR interval").Value);
        Assert.Empty(recording.Patient);
        var older = EcgFile.Read(SharedFormats.Sample("philips-xml/sierra-1.03.xml"), new EcgReadOptions { IncludePatient = true });
        Assert.Equal(("HeartstartMRx", "1.03"), (older.Metadata["model"], older.Metadata["version"]));
        Assert.Equal(("1112010721168bdc", "50 years", "Male"), (older.Patient["id"], older.Patient["age"], older.Patient["sex"]));
        Assert.False(older.Patient.ContainsKey("last_name"));
    }

    [SkippableTheory]
    [InlineData("pagewriter-1.04.xml", "ends after 10.6 s (sample 5299)")]
    [InlineData("sierra-1.03.xml", "ends after 10.528 s (sample 5263)")]
    public void The_end_of_the_patient_s_signal_and_the_calibration_pulse_are_told(string file, string end)
    {
        var warnings = EcgFile.Read(SharedFormats.Sample("philips-xml/" + file)).Warnings;
        var tail = Assert.Single(warnings, w => w.Contains("calibration", StringComparison.Ordinal));
        Assert.Contains(end, tail, StringComparison.Ordinal);
        Assert.Contains("(samples 5350 to 5449)", tail, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_twin_in_aECG_is_within_its_smoothing()
    {
        var signal = EcgFile.Read(SharedFormats.Sample("philips-xml/pagewriter-1.04.xml")).Signal;
        var twin = EcgFile.Read(SharedFormats.Sample("hl7-aecg/philips-converted.xml")).Signal;
        Assert.Equal(signal.Layout, twin.Layout);
        for (var i = 0; i < signal.Samples.Length; i++)
            Assert.InRange(Math.Abs(signal.Samples.Span[i] - twin.Samples.Span[i]), 0, 0.0201f);
    }

    [Fact]
    public void Residuals_of_the_limb_leads_are_undone_in_whole_numbers()
    {
        int[][] channels = [.. Enumerable.Range(0, 12)
            .Select(c => c switch { 0 => new[] { 3, 10, 20 }, 1 => [-8, 11, 22], 2 => [0, 1, 0], 3 => [0, 0, 2], _ => [0, 0, 0] })];
        var recording = Read(PhilipsDocument(XliSamples.Compress([.. channels, [9, 9, 9]]), 6));
        Assert.Equal(SignalLayout.StandardLeads, recording.Signal.Leads);
        AssertUnits(recording, "III", -11, 0, 2);
        // Halves are cut towards zero: -(3 - 8) / 2 is 2.
        AssertUnits(recording, "aVR", 2, -10, -23);
        AssertUnits(recording, "aVL", 7, 5, 9);
        AssertUnits(recording, "aVF", -9, 5, 12);
        AssertUnits(recording, "V6", 0, 0, 0);
    }

    [Fact]
    public void Samples_come_back_from_second_differences_and_repeated_codes()
    {
        var wave = Enumerable.Range(0, 500).Select(t => (int)Math.Round(300 * Math.Sin(t / 9.0)) + (t % 50 == 0 ? 2000 : 0)).ToArray();
        int[][] channels = [.. Enumerable.Repeat(wave, 12)];
        var recording = Read(PhilipsDocument(XliSamples.Compress(channels), 1000));
        AssertUnits(recording, "I", wave);
        AssertUnits(recording, "V3", wave);
    }

    [Theory]
    // A string of the one before and its own first byte; the code is used in the step that defines it.
    [InlineData(new[] { 97, 256, 257, 1023 }, "aaaaaa")]
    [InlineData(new[] { 97, 98, 256, 258, 257, 1023, 97 }, "ababababa")]
    public void LZW_codes_are_strings_of_what_was_seen(int[] codes, string text)
    {
        var (bytes, length) = Lzw.Decompress(XliSamples.Pack(codes), 1000);
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(bytes, 0, length));
    }

    [Fact]
    public void A_code_that_is_not_defined_yet_is_damage() =>
        Assert.Equal(-1, Lzw.Decompress(XliSamples.Pack([97, 300, 1023]), 1000).Length);

    [Fact]
    public void Damage_is_told_by_its_place()
    {
        var waveforms = XliSamples.Compress([.. Enumerable.Repeat(new[] { 1, 2, 3 }, 12)]);
        Assert.Contains("stands for 4 samples; the leads have 3", Assert.Single(Read(PhilipsDocument(waveforms, 8)).Warnings),
            StringComparison.Ordinal);
        Assert.Contains("holds more than 2 samples", ErrorOf(PhilipsDocument(waveforms, 1)), StringComparison.Ordinal);
        var uneven = XliSamples.Compress([.. Enumerable.Range(0, 12).Select(c => new int[c == 7 ? 4 : 3])]);
        Assert.Contains("4 samples in lead V2, expected 3 as in lead I", ErrorOf(PhilipsDocument(uneven, 6)), StringComparison.Ordinal);
        Assert.Contains("for channel 11 of 12", ErrorOf(PhilipsDocument(waveforms[..^16], 6)), StringComparison.Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(waveforms, 1 << 30);
        Assert.Contains("byte 0: found a chunk of 1073741824 bytes", ErrorOf(PhilipsDocument(waveforms, 6)), StringComparison.Ordinal);
        var wild = XliSamples.Compress([.. Enumerable.Repeat(new[] { 32000, -32000, 0 }, 12)], firstDelta: 0);
        Assert.Contains("channel 0, sample 2: found the value -96000", ErrorOf(PhilipsDocument(wild, 6)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compression=\"Uncompressed\"", "compression Uncompressed")]
    [InlineData("compressflag=\"False\" compressmethod=\"XLI\"", "waveforms without compression")]
    [InlineData("compression=\"XLI\" bitspersample=\"12\"", "12 bits a sample")]
    public void What_is_not_supported_is_named(string attributes, string found) =>
        Assert.Contains(found, ErrorOf(PhilipsDocument([], 6, attributes)), StringComparison.Ordinal);

    [Fact]
    public void The_representative_beat_has_its_own_rate_and_resolution()
    {
        var beats = Beats("II", 4, -2, 32767, 32767);
        var recording = Read(PhilipsDocument(XliSamples.Compress([.. Enumerable.Repeat(new[] { 1, 2, 3 }, 12)]), 6, beats: beats));
        Assert.Equal(1000, recording.MedianBeat?.SamplingRate);
        Assert.Equal([0.01f, -0.005f], recording.MedianBeat!.Lead("II")[..2].ToArray());
        Assert.Contains("ends at sample 1", Assert.Single(recording.Warnings), StringComparison.Ordinal);
    }

    private static void AssertUnits(EcgRecording recording, string lead, params int[] units) =>
        Assert.Equal(units.Select(u => (float)(u * 0.005)), recording.Signal.Lead(lead).ToArray());
}
