using System.Text;
using static SignalCam.Formats.Tests.XmlSamples;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>Small good files, in which every part of a format is near the next change.</summary>
internal static class FuzzSamples
{
    private static readonly int[] Wave = [.. Enumerable.Range(0, 40).Select(t => (int)Math.Round(200 * Math.Sin(t / 3.0)))];

    public static IEnumerable<byte[]> AEcg()
    {
        var annotation = """
            <subjectOf><annotationSet><component><annotation><code code="MDC_ECG_BEAT"/><component><annotation><code code="MDC_ECG_WAVC"/>
            <value xsi:type="CE" code="MDC_ECG_WAVC_PWAVE"/><support><supportingROI>
            <component><boundary><code code="TIME_ABSOLUTE"/><value xsi:type="IVL_TS">
            <low value="20200102030405.01"/><high value="20200102030405.03"/></value></boundary></component>
            <component><boundary><code code="MDC_ECG_LEAD_II"/></boundary></component>
            </supportingROI></support></annotation></component></annotation></component></annotationSet></subjectOf>
            """;
        var beat = Set(Relative("0", "s", "1", "ms"), Lead("MDC_ECG_LEAD_II", "1 2 3"));
        var derived = $"<derivation><derivedSeries><code code=\"REPRESENTATIVE_BEAT\"/>{beat}</derivedSeries></derivation>";
        yield return Utf8(AEcgDocument(Series("RHYTHM",
            Set(Absolute("20200102030405.000"), Lead("MDC_ECG_LEAD_I", string.Join(' ', Wave)),
                Lead("MDC_ECG_LEAD_II", string.Join(' ', Wave), origin: "3")),
            Set(Absolute("20200102030405.200+0100"), Lead("MDC_ECG_LEAD_I", string.Join(' ', Wave)),
                Lead("MDC_RESP", "1 2 3", unit: "Ohm")),
            annotation, derived)));
        yield return Utf8(AEcgDocument(
            Series("RHYTHM", Set(Absolute("20200102030405.000"), Lead("MDC_ECG_LEAD_I", "1")),
                Set(Absolute("20200102030405.5"), Lead("MDC_ECG_LEAD_I", "1"))),
            Series("RHYTHM", Set(Relative("0", "s", "2", "ms"), Lead("MDC_ECG_LEAD_I", "1 2 3")),
                Set(Relative("0.1", "s", "2", "ms"), Lead("MDC_ECG_LEAD_I", "1 2 3")))));
    }

    public static IEnumerable<byte[]> Muse()
    {
        yield return Utf8(MuseDocument(
            "<PatientDemographics><PatientID>1</PatientID><DateofBirth>01-02-1970</DateofBirth></PatientDemographics>" +
            "<TestDemographics><AcquisitionDate>05-10-2021</AcquisitionDate>" +
            "<AcquisitionTime>13:15:18</AcquisitionTime></TestDemographics>" +
            "<QRSTimesTypes><QRS><Type>0</Type><Time>808</Time></QRS></QRSTimesTypes>",
            Waveform("Median", MuseLead("II", Wave)),
                Waveform("Rhythm", MuseLead("I", Wave), MuseLead("II", Wave, "<LeadSampleSize>2</LeadSampleSize>"))));
    }

    public static IEnumerable<byte[]> Philips()
    {
        var beats = Beats("II", Wave);
        yield return Utf8(PhilipsDocument(XliSamples.Compress([.. Enumerable.Repeat(Wave, 12)]), 2 * Wave.Length, beats: beats));
    }

    /// <summary>Compressed waveforms, and the document around them.</summary>
    public static IEnumerable<byte[]> Xli() => [XliSamples.Compress([.. Enumerable.Repeat(Wave, 12)])];

    public static byte[] PhilipsOf(byte[] xli) => Utf8(PhilipsDocument(xli, 2 * Wave.Length));

    public static IEnumerable<byte[]> Edf()
    {
        short[] wave = [.. Wave.Select(v => (short)v)];
        var lists = EdfSampleSignal.Annotations("+0\x14\x14\0+0.1\x15" + "0.2\x14One\x14Two@@ECG I\x14", "+1\x14\x14", "+3.5\x14\x14");
        yield return new EdfSamples { Reserved = "EDF+D", Patient = "T-1 F 03-MAR-1970 Test_Patient" }.File(
            new EdfSampleSignal("ECG I", "uV", [wave, wave, wave]), new EdfSampleSignal("SpO2", "%", [[1], [2], [3]]), lists);
        yield return new EdfSamples { Reserved = "EDF+C", RecordCount = "-1", Duration = "0.08" }.File(
            new EdfSampleSignal("ECG I", "uV", [wave, wave, wave]), new EdfSampleSignal("II", "mV", [[1], [2], [3]]), lists);
    }

    public static IEnumerable<byte[]> Ishne()
    {
        short[] wave = [.. Wave.Select(v => (short)v)];
        yield return IshneSamples.File([5, 6, 0], [1000, 2500, 0], [wave, wave, wave]);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
