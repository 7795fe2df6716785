using System.Text;
using SignalCam.Abstractions;
using static SignalCam.Formats.Tests.XmlSamples;

namespace SignalCam.Formats.Tests;

/// <summary>What holds for every XML format: encodings, and documents that mean harm.</summary>
public class XmlTests
{
    private static readonly string Document =
        AEcgDocument(Series("RHYTHM", Set(Absolute("20200102030405"), Lead("MDC_ECG_LEAD_II", "1 -2 3"))));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void An_encoding_with_a_byte_order_mark_is_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        AssertIsTheDocument(Read([.. encoding.GetPreamble(), .. encoding.GetBytes(Document)]));
    }

    [Fact]
    public void UTF_16_without_a_mark_is_read() => AssertIsTheDocument(Read(Encoding.Unicode.GetBytes(Document)));

    [Theory]
    [InlineData("utf-16", "utf-8", "\u00C4")]
    [InlineData("iso-8859-1", "iso-8859-1", "\u00C4")]
    [InlineData("windows-1252", "windows-1252", "\u20AC")]
    [InlineData("GB2312", "gb2312", "\u5fc3")]
    public void The_declared_encoding_counts_unless_the_bytes_contradict_it(string declared, string real, string text)
    {
        var model = $"<manufacturerModelName>{text}</manufacturerModelName>";
        var author = $"<author><seriesAuthor><manufacturedSeriesDevice>{model}</manufacturedSeriesDevice></seriesAuthor></author>";
        var xml = AEcgDocument(Series("RHYTHM", author, Set(Absolute("20200102030405"), Lead("MDC_ECG_LEAD_II", "1 -2 3"))))
            .Replace("version=\"1.0\"", $"version=\"1.0\" encoding='{declared}'", StringComparison.Ordinal);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(real) ?? Encoding.GetEncoding(real);
        var recording = Read(encoding.GetBytes(xml));
        AssertIsTheDocument(recording);
        Assert.Equal(text, recording.Metadata["model"]);
    }

    [Fact]
    public void An_unknown_encoding_is_named()
    {
        var xml = Document.Replace("version=\"1.0\"", "version=\"1.0\" encoding=\"klingon\"", StringComparison.Ordinal);
        Assert.Contains("known format", ErrorOf(xml), StringComparison.Ordinal);
        var source = new Sources.MemorySource("made.xml", Encoding.UTF8.GetBytes(xml));
        var error = Assert.Throws<EcgFormatException>(() => new AEcg.AEcgFormat().Read(source, new EcgReadOptions()));
        Assert.Equal("encoding 'klingon'", error.Found);
    }

    [Fact]
    public void A_document_type_is_refused_where_the_format_has_none()
    {
        var xml = Document.Replace("<AnnotatedECG", "<!DOCTYPE AnnotatedECG [<!ENTITY a \"b\">]><AnnotatedECG", StringComparison.Ordinal);
        Assert.Contains("DTD is prohibited", ErrorOf(xml), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!ENTITY x SYSTEM \"file:///etc/hostname\">")]
    [InlineData("<!ENTITY x \"lol\">")]
    public void Entities_of_a_document_type_are_never_expanded(string entity)
    {
        var xml = MuseDocument("<PatientDemographics><PatientID>&x;</PatientID></PatientDemographics>",
            Waveform("Rhythm", MuseLead("I", [1, 2])))
            .Replace("SYSTEM \"restecg.dtd\"", $"[{entity}]", StringComparison.Ordinal);
        var error = Assert.Throws<EcgFormatException>(() => Read(xml, new EcgReadOptions { IncludePatient = true }));
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
        Assert.Equal("line 3", error.Position);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var xml = Document.Replace("</AnnotatedECG>", string.Concat(Enumerable.Repeat("<a>", 100_000)), StringComparison.Ordinal);
        Assert.Contains("nested deeper than 200", ErrorOf(xml), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_off_document_is_an_error_with_its_line() =>
        Assert.StartsWith("made.xml, line 5: found text that is not well-formed XML", ErrorOf(Document[..^30]), StringComparison.Ordinal);

    [Fact]
    public void The_root_element_is_found_behind_comments_instructions_and_a_prefix()
    {
        var xml = Document.Replace("<AnnotatedECG xmlns=", "<!-- <ECG> --><?x y?>\n<h:AnnotatedECG xmlns:h=\"urn:hl7-org:v3\" xmlns=",
            StringComparison.Ordinal)
            .Replace("</AnnotatedECG>", "</h:AnnotatedECG>", StringComparison.Ordinal);
        AssertIsTheDocument(Read(xml));
    }

    [Fact]
    public void Mortara_XML_is_refused_by_name() => Assert.Contains("Mortara (ELI) XML, which is not supported",
        ErrorOf("<ECG ACQUISITION_TIME=\"20200102030405\"><CHANNEL NAME=\"I\"/></ECG>"), StringComparison.Ordinal);

    private static void AssertIsTheDocument(EcgRecording recording)
    {
        Assert.Equal(["II"], recording.Signal.Leads);
        Assert.Equal([0.002f, -0.004f, 0.006f], recording.Signal.Lead(0).ToArray());
        Assert.Equal(500, recording.Signal.SamplingRate);
    }
}
