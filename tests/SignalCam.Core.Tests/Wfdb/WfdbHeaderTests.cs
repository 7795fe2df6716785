using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Tests.Wfdb;

public class WfdbHeaderTests
{
    [Fact]
    public void A_header_is_read_from_a_stream_as_from_its_text()
    {
        // Latin-1, as some writers have it: the micro sign is one byte.
        using var stream = new MemoryStream([.. "rec 1 250 10\nrec.dat 16 200/"u8, 0xB5, .. "V\n"u8]);
        var header = WfdbHeader.Read(stream, "rec.hea");
        Assert.Equal(WfdbHeader.Parse("rec 1 250 10\nrec.dat 16 200/\u00B5V\n", "rec.hea").ToText(), header.ToText());
        Assert.Equal("rec.hea", header.Source);
        Assert.True(stream.CanRead);
        using var endless = new MemoryStream(new byte[(1 << 20) + 1]);
        Assert.Throws<EcgFormatException>(() => WfdbHeader.Read(endless, "endless.hea"));
    }

    [Fact]
    public void Every_field_of_an_ordinary_header_is_read()
    {
        var header = WfdbHeader.Parse(
            """
            # ignored: before the record line
            rec_1 3 360.5/720(-12.25) 5000 13:05:09.125 25/04/1989
            a.dat 212x2:3+512 200.5(-7)/uV 11 1024 995 -22131 64 MLII with blanks
            # ignored: before the last signal line
            a.dat	212x4   0
            b.dat 16
              #  Age: 69
            #Sex: M
            """, "rec_1.hea");

        Assert.Equal(("rec_1", 3, 360.5, 720.0, -12.25, 5000L),
            (header.RecordName, header.SignalCount, header.FrameRate, header.CounterFrequency, header.BaseCounter, header.SampleCount));
        Assert.Equal(new TimeSpan(0, 13, 5, 9, 125), header.BaseTime);
        Assert.Equal(new DateOnly(1989, 4, 25), header.BaseDate);
        Assert.Equal(["Age: 69", "Sex: M"], header.Comments);
        Assert.False(header.IsMultiSegment);
        Assert.Equal(
            new WfdbSignalSpec
            {
                FileName = "a.dat", Format = WfdbFormat.Format212, SamplesPerFrame = 2, Skew = 3, ByteOffset = 512,
                Gain = 200.5, Baseline = -7, Units = "uV", AdcResolution = 11, AdcZero = 1024, InitialValue = 995,
                Checksum = -22131, BlockSize = 64, Description = "MLII with blanks",
            },
            header.Signals[0]);
        Assert.Equal(
            new WfdbSignalSpec { FileName = "a.dat", Format = WfdbFormat.Format212, SamplesPerFrame = 4, Gain = 0 }, header.Signals[1]);
        Assert.Equal(new WfdbSignalSpec { FileName = "b.dat", Format = WfdbFormat.Format16 }, header.Signals[2]);
    }

    [Fact]
    public void Absent_fields_have_the_defaults_of_the_specification()
    {
        var header = WfdbHeader.Parse("rec 1\r\nrec.dat 16\r\n", "rec.hea");

        Assert.Equal(250, header.FrameRate);
        Assert.Null(header.SampleCount);
        var signal = Assert.Single(header.Signals);
        Assert.Equal((200.0, 0.0, 1), (signal.EffectiveGain, signal.EffectiveBaseline, signal.SamplesPerFrame));
        Assert.Equal((200.0, 1024.0), (signal with { Gain = 0, AdcZero = 1024 } is var s ? s.EffectiveGain : 0, s.EffectiveBaseline));
    }

    [Theory]
    [InlineData("9", "0:0:9")]
    [InlineData("5:09.5", "0:5:9.5")]
    [InlineData("23:59:59.999", "23:59:59.999")]
    public void A_base_time_may_leave_out_hours_and_minutes(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, null), WfdbHeader.Parse($"rec 0 250 10 {text}", "h").BaseTime);

    [Fact]
    public void Segments_are_read()
    {
        var header = WfdbHeader.Parse("multi/3 2 125 30\nlayout 0\nmulti_1 10\n~ 20\n# note\n", "multi.hea");

        Assert.True(header.IsMultiSegment && header.HasLayoutSegment);
        Assert.Equal([new WfdbSegmentSpec("layout", 0), new WfdbSegmentSpec("multi_1", 10), new WfdbSegmentSpec("~", 20)], header.Segments);
        Assert.True(header.Segments[2].IsGap);
        Assert.Equal(["note"], header.Comments);
    }

    [Fact]
    public void A_header_survives_being_written_and_read()
    {
        const string Text = "rec 2 360.5/720(-12.25) 5000 13:05:09.125 25/04/1989\na.dat 212x2:3+512 200.5(-7)/uV 11 1024 995 -22131 64 "
            + "MLII\nb.dat 16 0\n# Age: 69\n";
        Assert.Equal(Text, WfdbHeader.Parse(Text, "rec.hea").ToText());

        const string Segments = "multi/2 2 125 30\nmulti_1 10\n~ 20\n";
        Assert.Equal(Segments, WfdbHeader.Parse(Segments, "multi.hea").ToText());
    }

    [Fact]
    public void A_checksum_may_be_stored_without_sign() =>
        Assert.Equal(-778, WfdbHeader.Parse("r 1\nr.dat 16 200 12 0 0 64758", "h").Signals[0].Checksum!.Value);

    [Theory]
    [InlineData("", null, "number of signals")]
    [InlineData("rec", "line 1", "number of signals")]
    [InlineData("rec x", "line 1", "number of signals")]
    [InlineData("rec -1", "line 1", "number of signals")]
    [InlineData("rec 1 NaN\nr.dat 16", "line 1", "frequency")]
    [InlineData("rec 1 0\nr.dat 16", "line 1", "frequency")]
    [InlineData("rec 1 1e300\nr.dat 16", "line 1", "frequency")]
    [InlineData("rec 1 250/10(x)\nr.dat 16", "line 1", "base counter")]
    [InlineData("rec 1 250/10(5\nr.dat 16", "line 1", "parenthesis")]
    [InlineData("rec 1 250 -5\nr.dat 16", "line 1", "number of samples")]
    [InlineData("rec 1 250 99999999999999999999\nr.dat 16", "line 1", "number of samples")]
    [InlineData("../rec 1\nr.dat 16", "line 1", "record name")]
    [InlineData("rec/0 1", "line 1", "number of segments")]
    [InlineData("rec/1000000000 1 250 10\na 10", null, "1000000000")]
    [InlineData("rec 1000000 250 10\nr.dat 16", null, "1000000")]
    [InlineData("rec 1 250 10\nr.dat 16\nr.dat 16", "line 3", "the end")]
    [InlineData("rec 1\n../r.dat 16", "line 2", "own folder")]
    [InlineData("rec 1\na/../r.dat 16", "line 2", "own folder")]
    [InlineData("rec 1\nr.dat 16 200 12 0 0 x", "line 2", "checksum")]
    [InlineData("rec 1\na/ 16", "line 2", "own folder")]
    [InlineData("rec 1\nr.dat 16 200 12 0.5", "line 2", "ADC zero")]
    [InlineData("rec 1\n..\\r.dat 16", "line 2", "own folder")]
    [InlineData("rec 1\n.. 16", "line 2", "own folder")]
    [InlineData("rec 1\nC:r.dat 80", "line 2", "own folder")]
    [InlineData("rec 1\n- 80", "line 2", "own folder")]
    [InlineData("rec 1\nr.dat", "line 2", "format")]
    [InlineData("rec 1\nr.dat 17", "line 2", "212")]
    [InlineData("rec 1\nr.dat 532", "line 2", "524")]
    [InlineData("rec 1\nr.dat 16x0", "line 2", "samples per frame")]
    [InlineData("rec 1\nr.dat 16x99999999", "line 2", "samples per frame")]
    [InlineData("rec 1\nr.dat 16:-1", "line 2", "skew")]
    [InlineData("rec 1\nr.dat 16+-1", "line 2", "byte offset")]
    [InlineData("rec 1\nr.dat 16 NaN", "line 2", "gain")]
    [InlineData("rec 1\nr.dat 16 200(x)/mV", "line 2", "baseline")]
    [InlineData("rec 1\nr.dat 16 200 MLII", "line 2", "ADC resolution")]
    [InlineData("rec/2 1 250 20\na 10\n../b 10", "line 3", "segment's record name")]
    [InlineData("rec/2 1 250 20\na 10\nb 0", "line 3", "at least 1 sample")]
    [InlineData("rec/1 1 250 20\na 20\nb 20", "line 3", "the end")]
    public void What_breaks_the_specification_is_named_with_its_line(string text, string? position, string expected)
    {
        var error = Assert.Throws<EcgFormatException>(() => WfdbHeader.Parse(text, "rec.hea"));

        Assert.Equal("rec.hea", error.File);
        Assert.Equal(position, error.Position);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_stored_alike_are_read_alike_whatever_blanks_are_between_the_fields()
    {
        var signals = WfdbHeader.Parse(
            "r 4 100 2\nr.dat 16 200(3)/uV 12 5 1 2 0 I\nr.dat 16 200(3)/uV   12\t6 3 4 0 II\nr.dat 16 200(3)/uVx 12 7 5 6 0 V1\nr.dat 16 "
            + "200(3)/uV\n", "r.hea").Signals;
        Assert.Equal([12, 12, 12, null], signals.Select(s => s.AdcResolution));
        Assert.Equal([5, 6, 7, null], signals.Select(s => s.AdcZero));
        Assert.Equal([(short)2, (short)4, (short)6, null], signals.Select(s => s.Checksum));
        Assert.Equal(["uV", "uV", "uVx", "uV"], signals.Select(s => s.Units));
        Assert.Equal(["I", "II", "V1", null], signals.Select(s => s.Description));
        Assert.All(signals, s => Assert.Equal(3, s.Baseline));
    }
}
