using SignalCam.Abstractions;
using static SignalCam.Formats.Tests.XmlSamples;

namespace SignalCam.Formats.Tests;

public class MuseTests
{
    [SkippableFact]
    public void A_device_file_gives_start_device_filters_beats_and_statements()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("ge-muse-xml/easyrecg-1.xml"));
        Assert.Equal("2021-05-10T13:15:18", recording.Start?.ToString());
        Assert.Equal(("MAC55", "010B", "9.0.9.18167"),
            (recording.Metadata["model"], recording.Metadata["software"], recording.Metadata["version"]));
        // Hundredths of a hertz in the file.
        Assert.Equal(("0.16", "150", "60"),
            (recording.Metadata["high_pass_hz"], recording.Metadata["low_pass_hz"], recording.Metadata["notch_hz"]));
        Assert.Equal("off", EcgFile.Read(SharedFormats.Sample("ge-muse-xml/muse7-250hz.xml")).Metadata["notch_hz"]);
        Assert.Equal([0.808, 1.81, 2.81], recording.Annotations.Where(a => a.Text == "QRS").Take(3).Select(a => a.Seconds!.Value));
        Assert.Equal("158 ms", recording.Annotations.Single(a => a.Text == "PR interval").Value);
        Assert.Contains(recording.Annotations, a => a is { Text: "Statement Text(1684)", Seconds: null });
        Assert.Equal(["MICROVOLTS", "MICROVOLTS", null, null, null, null, "MICROVOLTS"], recording.Units.Take(7));
        Assert.Empty(recording.Patient);
        Assert.Empty(recording.Warnings);
    }

    [SkippableFact]
    public void Patient_fields_come_only_when_they_are_asked_for()
    {
        var options = new EcgReadOptions { IncludePatient = true };
        var patient = EcgFile.Read(SharedFormats.Sample("ge-muse-xml/muse7-250hz.xml"), options).Patient;
        Assert.Equal(("159357456", "ECG", "RESTING", "58 years", "MALE"),
            (patient["id"], patient["last_name"], patient["first_name"], patient["age"], patient["sex"]));
        Assert.Empty(EcgFile.Read(SharedFormats.Sample("ge-muse-xml/braveheart-1.xml"), options).Patient);
        Assert.Null(EcgFile.Read(SharedFormats.Sample("ge-muse-xml/braveheart-1.xml"), options).Start);
    }

    [Fact]
    public void Limb_leads_follow_from_I_and_II_with_half_units()
    {
        var recording = Read(
            MuseDocument(Waveform("Rhythm", MuseLead("I", [100, 0, -7]), MuseLead("II", [51, 0, 4]), MuseLead("V1", [1, 2, 3]))));
        Assert.Equal(["I", "II", "III", "aVR", "aVL", "aVF", "V1"], recording.Signal.Leads);
        Assert.Equal(250, recording.Signal.SamplingRate);
        foreach (var (lead, units) in new[] { ("III", -49), ("aVR", -75.5), ("aVL", 74.5), ("aVF", 1) })
            Assert.Equal((float)(units * 0.00488), recording.Signal.Lead(lead)[0], 1e-9f);
        Assert.Equal((float)(11 * 0.00488), recording.Signal.Lead("III")[2], 1e-9f);
        // 0 is never minus 0, which would be another value to whoever compares bits.
        foreach (var lead in recording.Signal.Leads.Where(l => l != "V1"))
            Assert.False(float.IsNegative(recording.Signal.Lead(lead)[1]));
    }

    [Fact]
    public void Leads_that_are_stored_are_not_derived()
    {
        var signal = Read(MuseDocument(Waveform("Rhythm", MuseLead("I", [100]), MuseLead("II", [51]), MuseLead("III", [7])))).Signal;
        Assert.Equal(["I", "II", "III", "aVR", "aVL", "aVF"], signal.Leads);
        Assert.Equal(7 * 0.00488f, signal.Lead("III")[0], 1e-9f);
        Assert.Equal(["II", "V1"], Read(MuseDocument(Waveform("Rhythm", MuseLead("II", [1]), MuseLead("V1", [2])))).Signal.Leads);
    }

    [Theory]
    // CRC-32 of bytes 01 00 02 00 as zlib has it, unsigned and signed.
    [InlineData("2882460411", true)]
    [InlineData("-1412506885", true)]
    [InlineData("2882460412", false)]
    [InlineData("1412506885", false)]
    [InlineData("7177427707", false)]
    public void The_CRC_of_each_lead_is_verified(string crc, bool isRight)
    {
        var xml = MuseDocument(Waveform("Rhythm", MuseLead("I", [1, 2], $"<LeadDataCRC32>{crc}</LeadDataCRC32>")));
        if (isRight)
        {
            Assert.Empty(Read(xml).Warnings);
            return;
        }
        Assert.Contains($"found samples with CRC-32 2882460411, expected {crc}", ErrorOf(xml), StringComparison.Ordinal);
        Assert.Contains("LeadDataCRC32", Assert.Single(Read(xml, new EcgReadOptions { Lenient = true }).Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_median_is_the_beat_and_never_the_signal()
    {
        var recording = Read(MuseDocument(Waveform("Median", MuseLead("II", [5, 6])), Waveform("Rhythm", MuseLead("II", [1]))));
        Assert.Equal(0.00488f, recording.Signal.Lead("II")[0], 1e-9f);
        Assert.Equal([0.0244f, 0.02928f], recording.MedianBeat!.Lead("II").ToArray());
        Assert.Contains("a document without rhythm waveform", ErrorOf(MuseDocument(Waveform("Median", MuseLead("II", [5, 6])))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Statements_are_joined_to_lines()
    {
        var recording = Read(MuseDocument(
            "<Diagnosis><DiagnosisStatement><StmtText>Sinus rhythm</StmtText></DiagnosisStatement>" +
            "<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>with PVCs</StmtText></DiagnosisStatement>" +
            "<DiagnosisStatement><StmtText>Abnormal</StmtText></DiagnosisStatement></Diagnosis>",
            Waveform("Rhythm", MuseLead("II", [1]))));
        Assert.Equal(["Sinus rhythm with PVCs", "Abnormal"], recording.Annotations.Select(a => a.Text));
    }

    [Theory]
    [InlineData("<LeadSampleSize>4</LeadSampleSize>", "MICROVOLTS", "LeadSampleSize 4")]
    [InlineData("<LeadSampleCountTotal>3</LeadSampleCountTotal>", "MICROVOLTS", "2 samples, expected 3")]
    [InlineData("", "FURLONGS", "LeadAmplitudeUnits 'FURLONGS'")]
    public void What_is_not_supported_is_named(string extra, string unit, string found) =>
        Assert.Contains(found, ErrorOf(MuseDocument(Waveform("Rhythm", MuseLead("I", [1, 2], extra, unit)))), StringComparison.Ordinal);

    [Fact]
    public void Leads_of_different_lengths_are_refused() => Assert.Contains("Rhythm lead II: found 1 samples, expected 2 as in lead I",
        ErrorOf(MuseDocument(Waveform("Rhythm", MuseLead("I", [1, 2]), MuseLead("II", [1])))), StringComparison.Ordinal);
}
