using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests;

public class EdfTests
{
    private static readonly EcgReadOptions WithPatient = new() { IncludePatient = true };

    [SkippableFact]
    public void Gaps_of_a_discontinuous_recording_are_missing_samples()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("edf/ecg12-gap.edf"), WithPatient);
        Assert.Equal(7250, recording.Signal.Length);
        var lead = recording.Signal.Lead("V6");
        Assert.Equal((2500, 4750), (lead.IndexOf(float.NaN), lead.LastIndexOf(float.NaN) + 1));
        Assert.Equal(-0.05f, recording.Signal.Lead("I")[4750], 1e-7f);
        Assert.Equal(["QRS", "\u0161irdis", "QRS", "\u0161irdis"], recording.Annotations.Select(a => a.Text));
        Assert.Equal((9.75, 0.1), (recording.Annotations[3].Seconds, recording.Annotations[3].Duration));
        Assert.Equal("2020-01-02T03:04:05", recording.Start?.ToString());
        Assert.Equal(("T-1", "F", "1970-03-03", "Test Patient"),
            (recording.Patient["id"], recording.Patient["sex"], recording.Patient["birth_date"], recording.Patient["name"]));
        Assert.Equal(("Device 1", "EDF+D", "HP:0.05Hz LP:150Hz N:50Hz"),
            (recording.Metadata["model"], recording.Metadata["version"], recording.Metadata["prefilter"]));
        Assert.DoesNotContain("Tech 1", recording.Metadata.Values);
    }

    [SkippableFact]
    public void Channels_at_other_rates_are_set_aside_as_they_are()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("edf/mixed-rates.edf"));
        Assert.Equal(["I"], recording.Signal.Leads);
        Assert.Equal([("ECG LII", "uV", 250.0), ("V5", "uV", 125.0), ("Resp chest", null, 25.0), ("SpO2", "%", 1.0)],
            recording.OtherChannels.Select(c => (c.Name, c.Unit, c.SamplingRate)));
        Assert.Contains("ECG LII (250 Hz), V5 (125 Hz)", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        Assert.Contains(EcgFile.Read(SharedFormats.Sample("edf/unknown-record-count.edf")).Warnings, w =>
            w.Contains("last record is incomplete", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_first_sample_may_be_a_fraction_of_a_second_after_the_header_s_start()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("edf/subsecond-start.edf"));
        Assert.Equal("2020-01-24T04:05:56.3945312", recording.Start?.ToString());
        Assert.Equal(2.3457031 - 0.3945312, recording.Annotations[0].Seconds!.Value, 1e-9);
        Assert.Equal(["Fp1"], recording.Signal.Leads);
        Assert.Contains("no label names an ECG lead", Assert.Single(recording.Warnings), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void What_is_not_read_is_named()
    {
        Assert.Contains("BDF (24 bit)", Assert.Throws<EcgFormatException>(() => EcgFile.Read(SharedFormats.Sample("edf/bdf-24bit.bdf")))
            .Message, StringComparison.Ordinal);
        Assert.Contains("without signals",
            Assert.Throws<EcgFormatException>(() => EcgFile.Read(SharedFormats.Sample("edf/annotations-only.edf"))).Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_wrong_scale_is_told_and_the_placeholder_of_a_date_is_no_patient()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("edf/contec-one-sample-records.edf"), WithPatient);
        Assert.Equal(["admission"], recording.Patient.Keys);
        Assert.Contains("aVF, V1, V2, V3, V4, V5, V6 is 0.0305 mV, which is coarse", Assert.Single(recording.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Values_follow_from_the_digital_and_physical_limits()
    {
        var up = EdfSampleSignal.Of("ECG I", "\u00B5V", -10, 0, 10) with
        {
            PhysicalMinimum = "-5", PhysicalMaximum = "15", DigitalMinimum = "-10", DigitalMaximum = "10",
        };
        var down = up with { Label = "ECG II", PhysicalMinimum = "15,5", PhysicalMaximum = "-5" };
        var recording = Read(new EdfSamples().File(up, down));
        Assert.Equal(["I", "II"], recording.Signal.Leads);
        Assert.Equal([-0.005f, 0.005f, 0.015f, 0.0155f, 0.00525f, -0.005f], recording.Signal.Samples.ToArray());
        Assert.Equal(3, recording.Signal.SamplingRate);
    }

    [Theory]
    [InlineData("0.00125", 1, 800)]
    // 1/256, 1/360 and 10/360 s, rounded or cut off to eight characters.
    [InlineData("0.003906", 1, 256)]
    [InlineData("0.002777", 1, 360)]
    [InlineData("0.027778", 10, 360)]
    // What is stated exactly is not bent towards a whole number.
    [InlineData("7", 2500, 2500 / 7.0)]
    [InlineData("0.4", 1, 2.5)]
    public void The_rate_is_the_whole_number_whose_duration_was_rounded(string duration, int samples, double rate) =>
        Assert.Equal(rate, Read(new EdfSamples { Duration = duration }.File(EdfSampleSignal.Of("ECG I", "mV", new short[samples])))
            .Signal.SamplingRate);

    [Fact]
    public void An_onset_that_is_a_sample_off_is_no_gap()
    {
        var signal = new EdfSampleSignal("ECG I", "mV", [[1, 2], [3, 4], [5, 6]]);
        var file = new EdfSamples { Reserved = "EDF+D" };
        var near = Read(file.File(signal, EdfSampleSignal.Annotations("+0\x14\x14", "+1.3\x14\x14", "+2.1\x14\x14")));
        Assert.Equal([1f, 2, 3, 4, 5, 6], near.Signal.Samples.ToArray());
        var far = Read(file.File(signal, EdfSampleSignal.Annotations("+0\x14\x14", "+1\x14\x14", "+3.5\x14\x14")));
        Assert.Equal([1f, 2, 3, 4, float.NaN, float.NaN, float.NaN, 5, 6], far.Signal.Samples.ToArray());
    }

    [Theory]
    [InlineData("+0\x14\x14", "+0.2\x14\x14", "record 1: found an onset of 0.2 s")]
    [InlineData("+0\x14\x14", "", "record 1: found no onset")]
    [InlineData("+0\x14\x14", "+900000\x14\x14", "all but gap")]
    public void Onsets_that_cannot_be_are_refused(string first, string second, string found)
    {
        var signal = new EdfSampleSignal("ECG I", "mV", [new short[10], new short[10]]);
        var bytes = new EdfSamples { Reserved = "EDF+D" }.File(signal, EdfSampleSignal.Annotations(first, second));
        Assert.Contains(found, Assert.Throws<EcgFormatException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_have_durations_several_texts_and_leads()
    {
        var lists = EdfSampleSignal.Annotations("+0.5\x14\x14\0+1.5\x15" + "0.25\x14One\x14Two@@ECG V1\x14\0+7\0-0.25\x14" + "Early\x14");
        var recording = Read(new EdfSamples { Reserved = "EDF+C" }.File(EdfSampleSignal.Of("ECG V1", "mV", 1), lists));
        Assert.Equal([("One", 1.0, 0.25, null), ("Two", 1.0, 0.25, "V1"), ("Early", -0.75, null, null)],
            recording.Annotations.Select(a => (a.Text, a.Seconds!.Value, a.Duration, a.Lead)));
        Assert.Equal("2020-01-02T03:04:05.5", recording.Start?.ToString());
        Assert.Contains("1 annotations cannot be read", recording.Warnings);
    }

    [Theory]
    [InlineData("5", false, "found 2 whole records of 4 bytes, expected 5")]
    [InlineData("5", true, "the header states 5 records, the file has 2")]
    [InlineData("1", false, "4 bytes after the last record")]
    public void A_record_count_that_does_not_fit_the_file_is_told(string count, bool isLenient, string message)
    {
        var bytes = new EdfSamples { RecordCount = count }.File(new EdfSampleSignal("ECG I", "uV", [[1, 2], [3, 4]]));
        var error = Record.Exception(() => Read(bytes, new EcgReadOptions { Lenient = isLenient }));
        Assert.Contains(message, error is null ? Assert.Single(Read(bytes, new EcgReadOptions { Lenient = isLenient }).Warnings)
            : Assert.IsType<EcgFormatException>(error).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Chest_leads_by_letter_C_are_read_beside_limb_leads_and_nowhere_else()
    {
        var beside = Read(new EdfSamples()
            .File(EdfSampleSignal.Of("I", "uV", 1), EdfSampleSignal.Of("C3", "uV", 2), EdfSampleSignal.Of("C4", "uV", 2)));
        Assert.Equal(["I", "V3", "V4"], beside.Signal.Leads);
        var alone = Read(new EdfSamples().File(EdfSampleSignal.Of("C3", "uV", 1), EdfSampleSignal.Of("C4", "uV", 2)));
        Assert.Equal(["C3", "C4"], alone.Signal.Leads);
        Assert.Single(alone.Warnings);
    }

    [Theory]
    [InlineData("ECG I", "I")]
    [InlineData("ECG LII", "II")]
    [InlineData("LIII", "III")]
    [InlineData("EKG aVR", "aVR")]
    [InlineData("avl", "aVL")]
    [InlineData("ECG", "ECG")]
    [InlineData("ECG1-ECG2", "ECG1-ECG2")]
    [InlineData("ECG X", "X")]
    [InlineData("ECGx", null)]
    [InlineData("EEG Fpz-Cz", null)]
    [InlineData("X", null)]
    [InlineData("Resp", null)]
    public void A_label_names_a_lead(string label, string? lead) => Assert.Equal(lead, Edf.EdfLabels.Leads([label])[0]);

    [Fact]
    public void A_lead_without_a_unit_is_set_aside_unless_an_option_gives_it()
    {
        var bytes = new EdfSamples().File(EdfSampleSignal.Of("I", "uV", 1), EdfSampleSignal.Of("II", "", 2));
        var recording = Read(bytes);
        Assert.Equal(["I"], recording.Signal.Leads);
        Assert.Equal("II", Assert.Single(recording.OtherChannels).Name);
        Assert.Contains("II is in ''", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        Assert.Equal([0.001f, 0.002f], Read(bytes, new EcgReadOptions { Unit = "uV" }).Signal.Samples.ToArray());
    }

    [Fact]
    public void A_signal_without_a_scale_does_not_keep_the_others_from_being_read()
    {
        var flat = EdfSampleSignal.Of("II", "uV", 7, 8) with { PhysicalMinimum = "0", PhysicalMaximum = "0" };
        var recording = Read(new EdfSamples().File(EdfSampleSignal.Of("I", "uV", 1, 2), flat), new EcgReadOptions { Unit = "uV" });
        Assert.Equal(["I"], recording.Signal.Leads);
        Assert.Equal([7f, 8], Assert.Single(recording.OtherChannels).Samples.ToArray());
        Assert.Contains("the limits of II give no scale; its values have no unit", recording.Warnings);
    }

    [Theory]
    [InlineData("31.12.99", "23:59:59", "free text", "1999-12-31T23:59:59")]
    [InlineData("01.01.84", "00.00.00", "free text", "2084-01-01T00:00:00")]
    [InlineData("02.01.yy", "00.00.00", "Startdate 02-JAN-2100 X X X", "2100-01-02T00:00:00")]
    [InlineData("01.01.85", "00.00.00", "Startdate X X X X", null)]
    public void The_century_of_the_start_is_told_by_the_recording_field_or_by_1985(string date, string time, string recording,
        string? start)
    {
        var file = new EdfSamples { StartDate = date, StartTime = time, Recording = recording };
        var read = Read(file.File(EdfSampleSignal.Of("I", "uV", 1)));
        Assert.Equal(start, read.Start?.ToString());
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void A_start_that_is_none_is_a_warning() => Assert.Contains("'99.99.99'",
        Assert.Single(Read(new EdfSamples { StartDate = "99.99.99", Recording = "" }.File(EdfSampleSignal.Of("I", "uV", 1))).Warnings),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("0", "records that last 0 s")]
    [InlineData("-1", "a record of -1 s")]
    [InlineData("x", "'x' as duration of a record")]
    public void A_duration_that_is_none_is_refused(string duration, string found) =>
        Assert.Contains(found, Assert.Throws<EcgFormatException>(
        () => Read(new EdfSamples { Duration = duration }.File(EdfSampleSignal.Of("I", "uV", 1)))).Message, StringComparison.Ordinal);

    private static EcgRecording Read(byte[] bytes, EcgReadOptions? options = null) =>
        EcgFile.Read(new MemoryStream(bytes), "made.edf", options);
}
