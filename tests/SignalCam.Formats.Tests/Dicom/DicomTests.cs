using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests;

public class DicomTests
{
    [SkippableFact]
    public void A_device_file_gives_start_device_filters_and_what_was_measured()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("dicom/mortara-el250.dcm"));
        Assert.Equal("dicom", recording.Format);
        Assert.Equal("2013-01-25T10:59:19", recording.Start?.ToString());
        Assert.Equal("Mortara Instrument, Inc.", recording.Metadata["manufacturer"]);
        Assert.Equal("el250", recording.Metadata["model"]);
        Assert.Equal(("0.05", "300", "off"),
            (recording.Metadata["high_pass_hz"], recording.Metadata["low_pass_hz"], recording.Metadata["notch_hz"]));
        Assert.Equal(77, recording.Annotations.Count);
        Assert.Contains(recording.Annotations, a => a.Text == "RITMO SINUSALE");
        Assert.Contains(recording.Annotations, a => a.Text == "ECG NORMALE");
        var onset = recording.Annotations.First(a => a.Text == "P Onset");
        Assert.Equal(0.298, onset.Seconds!.Value, 12);
        Assert.Equal((10000, 1200), (recording.Signal.Length, recording.MedianBeat!.Length));
        Assert.Empty(recording.Patient);
        Assert.DoesNotContain(recording.Metadata.Values, v => v.Contains("ANON", StringComparison.OrdinalIgnoreCase));
    }

    [SkippableFact]
    public void Patient_fields_come_only_when_they_are_asked_for()
    {
        var path = SharedFormats.Sample("dicom/general-ecg-reversed-leads.dcm");
        Assert.Empty(EcgFile.Read(path).Patient);
        var patient = EcgFile.Read(path, new EcgReadOptions { IncludePatient = true }).Patient;
        Assert.Equal(("Ąžuolaitė^Test", "T-1"), (patient["name"], patient["id"]));
        Assert.False(patient.ContainsKey("birth_date"));
    }

    [SkippableFact]
    public void Leads_are_named_by_their_code_and_put_in_the_usual_order()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("dicom/general-ecg-reversed-leads.dcm"));
        Assert.Equal(SignalLayout.StandardLeads, recording.Signal.Leads);
        Assert.Equal("2020-01-02T03:04:05.25+02:00", recording.Start?.ToString());
        Assert.All(recording.Signal.Lead("V6")[4900..].ToArray(), v => Assert.True(float.IsNaN(v)));
        Assert.False(float.IsNaN(recording.Signal.Lead("V6")[4899]));
    }

    [SkippableFact]
    public void The_three_twins_of_one_recording_have_the_same_samples()
    {
        var dicom = EcgFile.Read(SharedFormats.Sample("dicom/hl7-example.dcm")).Signal;
        var scp = EcgFile.Read(SharedFormats.Sample("scp-ecg/hl7-example.scp")).Signal;
        Assert.Equal(dicom.Layout, scp.Layout);
        Assert.True(dicom.Samples.Span.SequenceEqual(scp.Samples.Span));
    }

    [SkippableFact]
    public void A_file_that_is_no_ecg_says_what_it_is()
    {
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(SharedFormats.Sample("dicom/not-an-ecg.dcm")));
        Assert.Contains("MR Image Storage without a waveform", error.Message);
    }

    [Theory]
    [InlineData(true, false, false, DicomSamples.Explicit)]
    [InlineData(true, false, true, DicomSamples.Explicit)]
    [InlineData(false, false, false, DicomSamples.Implicit)]
    [InlineData(false, false, true, DicomSamples.Implicit)]
    [InlineData(true, true, false, DicomSamples.BigEndian)]
    [InlineData(true, true, true, DicomSamples.BigEndian)]
    [InlineData(true, false, true, DicomSamples.Deflated)]
    public void Every_transfer_syntax_gives_the_same_recording(bool isExplicit, bool isBigEndian, bool undefinedLengths, string syntax)
    {
        var data = DicomSamples.Write(new DicomBuilder(isExplicit, isBigEndian, undefinedLengths), new DicomGroupSpec());
        var recording = Read(DicomBuilder.File(data, syntax, deflate: syntax == DicomSamples.Deflated),
            new EcgReadOptions { IncludePatient = true });
        Assert.Equal(["I", "II"], recording.Signal.Leads);
        Assert.Equal(500, recording.Signal.SamplingRate);
        Assert.Equal([0.0025f, 0.005f, 0.0075f, 0.01f, -0.0025f, -0.005f, -0.0075f, -0.01f], recording.Signal.Samples.ToArray());
        Assert.Equal(["uV", "uV"], recording.Units);
        Assert.Equal("Doe^Jo", recording.Patient["name"]);
        Assert.Equal(new EcgAnnotation("QRS Onset", 0.004) { Lead = "II" }, Assert.Single(recording.Annotations));
    }

    [Fact]
    public void A_data_set_without_preamble_and_meta_information_is_recognized()
    {
        var bytes = DicomSamples.Write(new DicomBuilder(isExplicit: false), new DicomGroupSpec()).ToArray();
        Assert.Equal(0.0025f, Read(bytes).Signal.Lead("I")[0]);
    }

    [Theory]
    [InlineData("SB", 8, new byte[] { 0xFF, 2, 3, 4, 5, 6, 7, 0x80 }, -0.0025, -0.32)]
    [InlineData("UB", 8, new byte[] { 0xFF, 2, 3, 4, 5, 6, 7, 0x80 }, 0.6375, 0.32)]
    [InlineData("US", 16, new byte[] { 0xFF, 0xFF, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0, 0x80 }, 163.8375, 81.92)]
    [InlineData("SL", 32, new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 0 }, -0.005, 163.84)]
    public void Samples_are_8_16_or_32_bits_signed_or_not(string interpretation, ushort bits, byte[] bytes, double first, double last)
    {
        var signal = Read(DicomSamples.File(new DicomGroupSpec { Interpretation = interpretation, Bits = bits, Bytes = bytes })).Signal;
        Assert.Equal((float)first, signal.Lead("I")[0]);
        Assert.Equal((float)last, signal.Lead("II")[3]);
    }

    [Theory]
    [InlineData("MB", "mu-law")]
    [InlineData("AB", "A-law")]
    public void Compressed_samples_are_refused_by_name(string interpretation, string name)
    {
        var file = DicomSamples.File(new DicomGroupSpec { Interpretation = interpretation, Bits = 8, Bytes = new byte[8] });
        Assert.Contains(name, Assert.Throws<EcgFormatException>(() => Read(file)).Message);
    }

    [Fact]
    public void A_padding_value_is_a_missing_sample_and_a_padding_value_of_zero_is_not()
    {
        var samples = new short[] { 0, 0, 0, 7, 5, 7, 0, 0 };
        var seven = Read(DicomSamples.File(new DicomGroupSpec { Samples = samples, Padding = [7, 0] })).Signal;
        Assert.Equal([0, float.NaN, float.NaN, 0], seven.Lead("II").ToArray());
        var zero = Read(DicomSamples.File(new DicomGroupSpec { Samples = samples, Padding = [0, 0] })).Signal;
        Assert.Equal([0, 0, 0.0125f, 0], zero.Lead("I").ToArray());
    }

    [Fact]
    public void Groups_at_different_times_make_one_signal_with_gaps()
    {
        var file = DicomSamples.File(new DicomGroupSpec(),
            new DicomGroupSpec { LeadCodes = ["5.6.3-9-3", "5.6.3-9-4"], OffsetMilliseconds = "8" });
        var signal = Read(file).Signal;
        Assert.Equal(["I", "II", "V1", "V2"], signal.Leads);
        Assert.Equal(8, signal.Length);
        Assert.Equal([0.0025f, 0.005f, 0.0075f, 0.01f, float.NaN, float.NaN, float.NaN, float.NaN], signal.Lead("I").ToArray());
        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, -0.0025f, -0.005f, -0.0075f, -0.01f], signal.Lead("V2").ToArray());
    }

    [Fact]
    public void Groups_with_another_rate_stand_beside_the_signal()
    {
        var file = DicomSamples.File(new DicomGroupSpec(), new DicomGroupSpec { LeadCodes = ["5.6.3-9-3", "5.6.3-9-4"], Rate = "1000" });
        var recording = Read(file);
        Assert.Equal(["I", "II"], recording.Signal.Leads);
        Assert.Equal(["V1 (group 2)", "V2 (group 2)"], recording.OtherChannels.Select(c => c.Name));
        Assert.Equal(("mV", 1000d, -0.01f),
            (recording.OtherChannels[1].Unit, recording.OtherChannels[1].SamplingRate, recording.OtherChannels[1].Samples.Span[3]));
    }

    [Fact]
    public void A_median_beat_is_told_from_the_rhythm()
    {
        var beat = new DicomGroupSpec { Label = "MEDIAN BEAT", Originality = "DERIVED", Samples = [9, 9, 9, 9, 9, 9, 9, 9] };
        foreach (var file in new[] { DicomSamples.File(new DicomGroupSpec(), beat), DicomSamples.File(beat, new DicomGroupSpec()) })
        {
            var recording = Read(file);
            Assert.Equal(0.0025f, recording.Signal.Lead("I")[0]);
            Assert.Equal(0.0225f, recording.MedianBeat!.Lead("I")[0]);
            Assert.Empty(recording.OtherChannels);
        }
    }

    [Fact]
    public void Channels_that_are_no_leads_are_set_aside()
    {
        var file = DicomSamples.File(new DicomGroupSpec { LeadCodes = ["2:1", "2:18432"], Scheme = "MDC" });
        var recording = Read(file);
        Assert.Equal(["I"], recording.Signal.Leads);
        Assert.Equal("a lead", Assert.Single(recording.OtherChannels).Name);
    }

    [Fact]
    public void Samples_without_sensitivity_need_a_unit_from_the_options()
    {
        var file = DicomSamples.File(new DicomGroupSpec { Sensitivity = null });
        Assert.Contains("without an ECG lead", Assert.Throws<EcgFormatException>(() => Read(file)).Message);
        Assert.Equal(0.001f, Read(file, new EcgReadOptions { Unit = "uV" }).Signal.Lead("I")[0]);
        Assert.Equal(0.004f, Read(file, new EcgReadOptions { Unit = "0.004" }).Signal.Lead("I")[0]);
    }

    [Fact]
    public void A_group_with_fewer_samples_than_it_states_is_refused()
    {
        var error = Assert.Throws<EcgFormatException>(() => Read(DicomSamples.File(new DicomGroupSpec { Length = 5 })));
        Assert.Contains("found 16 bytes of samples", error.Message);
        Assert.Contains("2 channels x 5 samples x 2 bytes = 20", error.Message);
    }

    [Fact]
    public void Sequences_that_are_nested_too_deep_are_refused()
    {
        var data = new DicomBuilder();
        for (var depth = 0; depth < 40; depth++)
        {
            data.Value(0x54000100, "SQ", []);
            data.Item(0xFFFEE000, 0xFFFFFFFF);
        }
        var bytes = DicomBuilder.File(data, DicomSamples.Explicit);
        // Each sequence must not end before the next begins: its length is undefined.
        for (var at = 0; (at = bytes.AsSpan(at).IndexOf("SQ\0\0\0\0\0\0"u8) is >= 0 and var next ? at + next : -1) >= 0; at += 8)
            bytes.AsSpan(at + 4, 4).Fill(0xFF);
        Assert.Contains("nested more than 16 deep", Assert.Throws<EcgFormatException>(() => Read(bytes)).Message);
    }

    [Fact]
    public void A_deflate_bomb_is_refused()
    {
        var data = new DicomBuilder().Value(0x7FE00010, "OW", new byte[100 << 20]);
        var file = DicomBuilder.File(data, DicomSamples.Deflated, deflate: true);
        Assert.True(file.Length < 1 << 20);
        Assert.Contains("found more than", Assert.Throws<EcgFormatException>(() => Read(file)).Message);
    }

    [Theory]
    [InlineData("ISO_IR 100", new byte[] { 0x4D, 0xFC, 0x6C }, "Mül")]
    [InlineData("ISO_IR 144", new byte[] { 0xB8, 0xD2 }, "Ив")]
    [InlineData("ISO_IR 192", new byte[] { 0xC4, 0x84 }, "Ą")]
    [InlineData("GB18030", new byte[] { 0xCD, 0xF5 }, "王")]
    public void Text_is_decoded_by_the_character_set_of_the_file(string characterSet, byte[] name, string expected)
    {
        var data = new DicomBuilder().Text(0x00080005, "CS", characterSet).Value(0x00100010, "PN", name)
            .Sequence(0x54000100, new DicomGroupSpec().Write);
        Assert.Equal(expected, Read(DicomBuilder.File(data, DicomSamples.Explicit), new EcgReadOptions { IncludePatient = true })
            .Patient["name"]);
    }

    [Theory]
    [InlineData("20200102030405.250+0200", "2020-01-02T03:04:05.25+02:00")]
    [InlineData("20200102030405", "2020-01-02T03:04:05")]
    [InlineData("202001020304-0330", "2020-01-02T03:04:00-03:30")]
    [InlineData("20200102", "2020-01-02T00:00:00")]
    [InlineData("2020", null)]
    [InlineData("2020xx02", null)]
    public void The_start_is_read_as_far_as_it_is_stated(string text, string? expected)
    {
        var data = new DicomBuilder().Text(0x0008002A, "DT", text).Sequence(0x54000100, new DicomGroupSpec().Write);
        var recording = Read(DicomBuilder.File(data, DicomSamples.Explicit));
        Assert.Equal(expected, recording.Start?.ToString());
        Assert.Equal(expected is null ? 1 : 0, recording.Warnings.Count(w => w.Contains("is no date and time", StringComparison.Ordinal)));
    }

    private static EcgRecording Read(byte[] file, EcgReadOptions? options = null) => EcgFile.Read(new MemoryStream(file), "test", options);
}
