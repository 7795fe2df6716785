using SignalCam.Abstractions;
using static SignalCam.Formats.Tests.XmlSamples;

namespace SignalCam.Formats.Tests;

public class AEcgTests
{
    private static readonly EcgReadOptions WithPatient = new() { IncludePatient = true };

    [SkippableFact]
    public void The_guide_s_example_gives_start_device_filters_and_annotations()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("hl7-aecg/hl7-example.xml"));
        Assert.Equal("2002-11-22T09:10:00", recording.Start?.ToString());
        Assert.Equal(("ELI250", "5.3", "Mortara Instrument, Inc."),
            (recording.Metadata["model"], recording.Metadata["software"], recording.Metadata["manufacturer"]));
        Assert.Equal(("150", "60", "Adaptive", "FIR"),
            (recording.Metadata["low_pass_hz"], recording.Metadata["notch_hz"], recording.Metadata["notch"],
                recording.Metadata["high_pass"]));
        Assert.Empty(recording.Patient);
        Assert.Equal((0.0, 10.0), (recording.Annotations[0].Seconds, recording.Annotations[0].Duration));
        Assert.Equal("Sinus Rhythm", recording.Annotations[0].Text);
        var wave = recording.Annotations.First(a => a.Text == "MDC_ECG_WAVC_PWAVE");
        Assert.Equal((0.122, 0.102), (wave.Seconds, wave.Duration));
        // A wave of which only the end is known.
        Assert.Equal((0.69, null),
            (recording.Annotations.First(a => a.Text == "MDC_ECG_WAVC_TWAVE").Seconds,
            recording.Annotations.First(a => a.Text == "MDC_ECG_WAVC_TWAVE").Duration));
        Assert.Equal("148 ms", recording.Annotations.First(a => a.Text == "PR interval").Value);
        Assert.Empty(recording.Warnings);
    }

    [SkippableFact]
    public void The_example_has_the_samples_of_its_twins_in_SCP_and_DICOM()
    {
        var signal = EcgFile.Read(SharedFormats.Sample("hl7-aecg/hl7-example.xml")).Signal;
        foreach (var twin in new[] { "scp-ecg/hl7-example.scp", "dicom/hl7-example.dcm" })
        {
            var other = EcgFile.Read(SharedFormats.Sample(twin)).Signal;
            Assert.Equal(signal.Layout, other.Layout);
            for (var i = 0; i < signal.Samples.Length; i++)
                Assert.Equal(other.Samples.Span[i], signal.Samples.Span[i], 1e-6f);
        }
    }

    [SkippableFact]
    public void Patient_fields_come_only_when_they_are_asked_for_and_blanks_are_absent()
    {
        var example = EcgFile.Read(SharedFormats.Sample("hl7-aecg/hl7-example.xml"), WithPatient).Patient;
        Assert.Equal(("SBJ-123", "Clark", "1953-05-08", "M", "46 years"),
            (example["id"], example["name"], example["birth_date"], example["sex"], example["age"]));
        Assert.False(EcgFile.Read(SharedFormats.Sample("hl7-aecg/philips-converted.xml"), WithPatient).Patient.ContainsKey("name"));
        var elements = EcgFile.Read(SharedFormats.Sample("hl7-aecg/liryc-100hz.xml"), WithPatient).Patient;
        Assert.Equal(("ANON-0001", "UN"), (elements["id"], elements["sex"]));
        Assert.False(elements.ContainsKey("birth_date"));
    }

    [SkippableFact]
    public void Measurements_of_a_lead_name_it()
    {
        var annotations = EcgFile.Read(SharedFormats.Sample("hl7-aecg/liryc-100hz.xml")).Annotations;
        var amplitude = Assert.Single(annotations, a => a.Text == "MINDRAY_R_AMP" && a.Lead == "I");
        Assert.Equal("535 uV", amplitude.Value);
        Assert.Contains(annotations, a => a is { Text: "heart rate", Value: "57 bpm", Lead: null });
    }

    [SkippableFact]
    public void The_end_of_the_patient_s_signal_is_told()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("hl7-aecg/philips-converted.xml"));
        Assert.Contains("ends after 10.6 s (sample 5299)", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        Assert.Empty(EcgFile.Read(SharedFormats.Sample("hl7-aecg/liryc-100hz.xml")).Warnings);
    }

    [SkippableFact]
    public void A_document_without_waveform_says_so() => Assert.Contains("holds no waveform",
        Assert.Throws<EcgFormatException>(() => EcgFile.Read(SharedFormats.Sample("hl7-aecg/empty.xml"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Origin_and_scale_have_their_own_units()
    {
        var recording = Read(AEcgDocument(Series("RHYTHM", Set(
            Absolute("20200102030405.250+0130", "4", "ms"),
            Lead("MDC_ECG_LEAD_I", "1 2", scale: "3", unit: "uV", origin: "0.5", originUnit: "mV"),
            Lead("MDC_ECG_LEAD_AVR", "1 -2.5", scale: "1000", unit: "nV"),
            Lead("MDC_ECG_LEAD_X", "7 8", scale: "1", unit: "mV"),
            Lead("MDC_RESP", "7 8", scale: "0.5", unit: "Ohm")))));
        Assert.Equal(["I", "aVR", "X"], recording.Signal.Leads);
        Assert.Equal(["uV", "nV", "mV"], recording.Units);
        Assert.Equal([0.503f, 0.506f, 0.001f, -0.0025f, 7, 8], recording.Signal.Samples.ToArray());
        Assert.Equal(250, recording.Signal.SamplingRate);
        Assert.Equal("2020-01-02T03:04:05.25+01:30", recording.Start?.ToString());
        var other = Assert.Single(recording.OtherChannels);
        Assert.Equal(("MDC_RESP", "Ohm", 250.0), (other.Name, other.Unit, other.SamplingRate));
        Assert.Equal([3.5f, 4], other.Samples.ToArray());
    }

    [Fact]
    public void Sequence_sets_of_different_times_stand_on_one_axis()
    {
        var recording = Read(AEcgDocument(Series("RHYTHM",
            Set(Absolute("20200102030405.004"), Lead("MDC_ECG_LEAD_I", "3 4"), Lead("MDC_ECG_LEAD_V1", "5 6")),
            Set(Absolute("20200102030405.000"), Lead("MDC_ECG_LEAD_I", "1")))));
        Assert.Equal("2020-01-02T03:04:05", recording.Start?.ToString());
        Assert.Equal([0.002f, float.NaN, 0.006f, 0.008f, float.NaN, float.NaN, 0.010f, 0.012f], recording.Signal.Samples.ToArray());
    }

    [Fact]
    public void Sets_at_different_UTC_offsets_are_compared_by_UTC()
    {
        var recording = Read(AEcgDocument(Series("RHYTHM",
            Set(Absolute("20200102030405.004+0100"), Lead("MDC_ECG_LEAD_I", "3")),
            Set(Absolute("20200102040405.000+0200"), Lead("MDC_ECG_LEAD_I", "1 2")))));
        Assert.Equal([0.002f, 0.004f, 0.006f], recording.Signal.Samples.ToArray());
    }

    [Fact]
    public void A_rhythm_strip_beside_short_stretches_is_the_lead_and_they_are_set_aside()
    {
        var recording = Read(AEcgDocument(Series("RHYTHM",
            Set(Absolute("20200102030405.000"), Lead("MDC_ECG_LEAD_I", "1 2"), Lead("MDC_ECG_LEAD_II", "8 9")),
            Set(Absolute("20200102030405.004"), Lead("MDC_ECG_LEAD_V1", "3 4")),
            Set(Absolute("20200102030405.000"), Lead("MDC_ECG_LEAD_II", "5 6 7 8")))));
        Assert.Equal(["I", "II", "V1"], recording.Signal.Leads);
        Assert.Equal([0.010f, 0.012f, 0.014f, 0.016f], recording.Signal.Lead("II").ToArray());
        Assert.Equal([float.NaN, float.NaN, 0.006f, 0.008f], recording.Signal.Lead("V1").ToArray());
        Assert.Equal([8f, 9], Assert.Single(recording.OtherChannels).Samples.ToArray().Select(v => MathF.Round(v / 2)));
        Assert.Contains("MDC_ECG_LEAD_II is there several times", Assert.Single(recording.Warnings, w => w.Contains("several")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_of_years_is_refused_before_memory_is_taken() => Assert.Contains("all but gap", ErrorOf(AEcgDocument(Series("RHYTHM",
        Set(Absolute("20200102030405"), Lead("MDC_ECG_LEAD_I", "1 2 3")),
        Set(Absolute("20200102090405"), Lead("MDC_ECG_LEAD_I", "4"))))), StringComparison.Ordinal);

    [Fact]
    public void Relative_times_and_a_rounded_increment_give_the_rate()
    {
        var recording = Read(AEcgDocument(Series("RHYTHM",
            Annotations("<code code=\"MDC_ECG_RHY\"/><value xsi:type=\"CE\" code=\"MDC_ECG_RHY_SINUS_RHY\"/>" +
                Region("TIME_RELATIVE", "120", "140", "ms")),
            Set(Relative("0.1", "s", "2.777778", "ms"), Lead("MDC_ECG_LEAD_II", "1 2 3")))));
        Assert.Equal(360, recording.Signal.SamplingRate);
        Assert.Null(recording.Start);
        var annotation = Assert.Single(recording.Annotations);
        Assert.Equal(("MDC_ECG_RHY_SINUS_RHY", 0.02, 0.02),
            (annotation.Text, Math.Round(annotation.Seconds!.Value, 9), annotation.Duration));
    }

    [Fact]
    public void The_rhythm_series_is_chosen_by_index()
    {
        var xml = AEcgDocument(
            Series("RHYTHM", Set(Absolute("20200102030405"), Lead("MDC_ECG_LEAD_II", "1"))),
            Series("REPRESENTATIVE_BEAT", Set(Relative("0", "s", "0.001", "s"), Lead("MDC_ECG_LEAD_II", "9 9"))),
            Series("RHYTHM", Set(Absolute("20200102030505"), Lead("MDC_ECG_LEAD_II", "2"))));
        Assert.Equal(0.002f, Read(xml).Signal.Lead(0)[0]);
        Assert.Contains("2 rhythm series", Assert.Single(Read(xml).Warnings), StringComparison.Ordinal);
        Assert.Equal(0.004f, Read(xml, new EcgReadOptions { Index = 1 }).Signal.Lead(0)[0]);
        Assert.Contains("one with index 2", ErrorOf(xml, new EcgReadOptions { Index = 2 }), StringComparison.Ordinal);
        Assert.Equal(1000, Read(xml).MedianBeat?.SamplingRate);
        Assert.Equal([0.018f, 0.018f], Read(xml).MedianBeat!.Lead("II").ToArray());
    }

    [Theory]
    [InlineData("1 2 x", "'x' as digit 2")]
    [InlineData("1 -", "'-' as digit 1")]
    [InlineData("1 1e999", "'1e999' as digit 1")]
    public void A_digit_that_is_no_number_is_named(string digits, string found) =>
        Assert.Contains(found, ErrorOf(AEcgDocument(Series("RHYTHM", Set(Absolute("20200102030405"), Lead("MDC_ECG_LEAD_II", digits))))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("GLIST_TS", "GLIST_PQ", "MDC_ECG_LEAD_II of type GLIST_PQ")]
    [InlineData("SLIST_TS", "SLIST_PQ", "a time axis of type SLIST_TS")]
    public void A_list_of_another_kind_is_refused_by_name(string time, string values, string found)
    {
        var xml = AEcgDocument(Series("RHYTHM", Set(Absolute("20200102030405"), Lead("MDC_ECG_LEAD_II", "1"))))
            .Replace("GLIST_TS", time, StringComparison.Ordinal).Replace("SLIST_PQ", values, StringComparison.Ordinal);
        Assert.Contains(found, ErrorOf(xml), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.002")]
    [InlineData("NaN")]
    public void An_increment_that_is_not_positive_is_refused(string increment) => Assert.Contains($"an increment of '{increment}' s",
        ErrorOf(AEcgDocument(Series("RHYTHM", Set(Absolute("20200102030405", increment), Lead("MDC_ECG_LEAD_II", "1"))))),
            StringComparison.Ordinal);

    [Fact]
    public void A_start_that_is_no_date_is_a_warning_and_the_effective_time_counts()
    {
        var recording = Read(
            AEcgDocument(Series("RHYTHM", "<effectiveTime><low value=\"202001020304\"/></effectiveTime>",
            Set(Absolute("20201302030405"), Lead("MDC_ECG_LEAD_II", "1")))));
        Assert.Equal("2020-01-02T03:04:00", recording.Start?.ToString());
        Assert.Contains("'20201302030405'", Assert.Single(recording.Warnings), StringComparison.Ordinal);
    }

    private static string Annotations(string annotation) =>
        $"<subjectOf><annotationSet><component><annotation>{annotation}</annotation></component></annotationSet></subjectOf>";

    private static string Region(string code, string low, string high, string unit) =>
        $"<support><supportingROI><component><boundary><code code=\"{code}\"/><value xsi:type=\"IVL_PQ\">" +
        $"<low value=\"{low}\" unit=\"{unit}\"/><high value=\"{high}\" unit=\"{unit}\"/></value>" +
        "</boundary></component></supportingROI></support>";
}
