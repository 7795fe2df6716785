using System.Buffers.Binary;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests;

/// <summary>Small XML documents made by the tests.</summary>
internal static class XmlSamples
{
    public static EcgRecording Read(string xml, EcgReadOptions? options = null) => Read(Encoding.UTF8.GetBytes(xml), options);

    public static EcgRecording Read(byte[] bytes, EcgReadOptions? options = null) =>
        EcgFile.Read(new MemoryStream(bytes), "made.xml", options);

    public static string ErrorOf(string xml, EcgReadOptions? options = null) =>
        Assert.Throws<EcgFormatException>(() => Read(xml, options)).Message;

    /// <summary>Little endian.</summary>
    public static byte[] Int16(params int[] samples)
    {
        var bytes = new byte[2 * samples.Length];
        for (var t = 0; t < samples.Length; t++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * t), (short)samples[t]);
        return bytes;
    }

    // HL7 aECG

    public static string AEcgDocument(params string[] series) =>
        $"""
        <?xml version="1.0"?>
        <AnnotatedECG xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
        {string.Concat(series.Select(s => $"<component>{s}</component>\n"))}</AnnotatedECG>
        """;

    public static string Series(string code, params string[] parts) => $"<series><code code=\"{code}\"/>{string.Concat(parts)}</series>";

    public static string Set(params string[] sequences)
    {
        var components = string.Concat(sequences.Select(s => $"<component><sequence>{s}</sequence></component>\n"));
        return $"<component><sequenceSet>{components}</sequenceSet></component>";
    }

    public static string Absolute(string head, string increment = "0.002", string unit = "s") =>
        "<code code=\"TIME_ABSOLUTE\"/><value xsi:type=\"GLIST_TS\">" +
        $"<head value=\"{head}\"/><increment value=\"{increment}\" unit=\"{unit}\"/></value>";

    public static string Relative(string head, string unit, string increment, string incrementUnit) =>
        "<code code=\"TIME_RELATIVE\"/><value xsi:type=\"GLIST_PQ\">" +
        $"<head value=\"{head}\" unit=\"{unit}\"/><increment value=\"{increment}\" unit=\"{incrementUnit}\"/></value>";

    public static string Lead(
        string code, string digits, string scale = "2", string unit = "uV", string origin = "0", string? originUnit = null) =>
        $"<code code=\"{code}\"/><value xsi:type=\"SLIST_PQ\"><origin value=\"{origin}\" unit=\"{originUnit ?? unit}\"/>" +
        $"<scale value=\"{scale}\" unit=\"{unit}\"/><digits>{digits}</digits></value>";

    // MUSE

    public static string MuseDocument(params string[] parts) =>
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE RestingECG SYSTEM \"restecg.dtd\">\n" +
        $"<RestingECG>{string.Concat(parts)}</RestingECG>";

    public static string Waveform(string type, params string[] leads) =>
        $"<Waveform><WaveformType>{type}</WaveformType><SampleBase>25</SampleBase><SampleExponent>1</SampleExponent>" +
        $"<HighPassFilter>5</HighPassFilter>{string.Concat(leads)}</Waveform>\n";

    public static string MuseLead(string id, int[] samples, string extra = "", string unit = "MICROVOLTS") =>
        "<LeadData><LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>" +
        $"<LeadAmplitudeUnits>{unit}</LeadAmplitudeUnits>{extra}<LeadID>{id}</LeadID>\n" +
        $"<WaveFormData>\n{Convert.ToBase64String(Int16(samples), Base64FormattingOptions.InsertLineBreaks)}\n</WaveFormData></LeadData>\n";

    // Philips

    public static string PhilipsDocument(
        byte[] waveforms, int milliseconds, string attributes = "compression=\"XLI\"", string beats = "") =>
        $"""
        <?xml version="1.0"?><restingecgdata xmlns="http://www3.medical.philips.com">
        <documentinfo><documentversion>1.04</documentversion></documentinfo>
        <dataacquisition date="2008-12-23" time="19:44:46">
        <signalcharacteristics><samplingrate>500</samplingrate><resolution>5</resolution></signalcharacteristics></dataacquisition>
        <waveforms><parsedwaveforms dataencoding="Base64" {attributes} leadlabels="I II III aVR aVL aVF V1 V2 V3 V4 V5 V6"
        durationperchannel="{milliseconds}" samplespersecond="500" resolution="5">{Convert.ToBase64String(waveforms)}</parsedwaveforms>
        {beats}</waveforms></restingecgdata>
        """;

    public static string Beats(string lead, params int[] samples) =>
        "<repbeats dataencoding=\"Base64\" samplespersec=\"1000\" resolution=\"2.5\">" +
        $"<repbeat leadname=\"{lead}\"><waveform>{Convert.ToBase64String(Int16(samples))}</waveform></repbeat></repbeats>";
}
