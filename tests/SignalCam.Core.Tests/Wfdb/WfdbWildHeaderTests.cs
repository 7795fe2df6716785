using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>Headers as their writers have them, not as the specification does.</summary>
public class WfdbWildHeaderTests
{
    [Theory]
    [InlineData("23:15:00 14/09/1989", "1989-09-14T23:15:00")]
    [InlineData("05-May-2020 09:49:17", "2020-05-05T09:49:17")]
    [InlineData("5-May-2020 09:49:17.5", "2020-05-05T09:49:17.5")]
    [InlineData("2014-05-08 05:05:15", "2014-05-08T05:05:15")]
    [InlineData("05:05:15 2014-05-08", "2014-05-08T05:05:15")]
    [InlineData("2014-05-08T05:05:15.25", "2014-05-08T05:05:15.25")]
    [InlineData("2014-05-08T05:05:15Z", "2014-05-08T05:05:15+00:00")]
    [InlineData("2014-05-08T05:05:15+02:00", "2014-05-08T05:05:15+02:00")]
    [InlineData("5 May 2020 09:49:17", "2020-05-05T09:49:17")]
    [InlineData("May 5, 2020 09:49:17", "2020-05-05T09:49:17")]
    [InlineData("14.09.1989 23:15:00", "1989-09-14T23:15:00")]
    [InlineData("14/09/1989 11:15:00 PM", "1989-09-14T23:15:00")]
    [InlineData("12:05:00 AM 14/09/1989", "1989-09-14T00:05:00")]
    [InlineData("1:56:25.894 09/10/2896", "2896-10-09T01:56:25.894")]
    [InlineData("0:00 01/01/2001", "2001-01-01T00:00:00")]
    public void Time_and_date_are_read_in_any_order_and_notation(string text, string expected)
    {
        var header = WfdbHeader.Parse($"r 1 500 10 {text}\nr.dat 16\n", "r.hea");

        Assert.Empty(header.Warnings);
        Assert.Equal(expected, new EcgStart(header.BaseDate!.Value.ToDateTime(TimeOnly.MinValue) + header.BaseTime!.Value, header.UtcOffset)
            .ToString());
        Assert.Equal(10, header.SampleCount);
    }

    [Theory]
    [InlineData("23:15:00 14/09/89", true)]
    [InlineData("2006", false)]
    [InlineData("24:00:00", false)]
    [InlineData("0:0:0 31/02/2000", true)]
    [InlineData("0:0:0 1/2/2000 more", true)]
    [InlineData("00:00:00 00/00/0000", true)]
    [InlineData("N/A N/A", false)]
    [InlineData("05-Foo-2020 09:49:17", true)]
    [InlineData("13:00:00 PM", false)]
    [InlineData("1:2:3:4 01/01/2001", false)]
    public void A_broken_time_or_date_is_a_warning(string text, bool hasTime)
    {
        var header = WfdbHeader.Parse($"r 1 500 10 {text}\nr.dat 16\n", "r.hea");

        Assert.Contains($"line 1: '{text}'", Assert.Single(header.Warnings), StringComparison.Ordinal);
        Assert.Equal(hasTime, header.BaseTime is not null);
        Assert.Equal(10, header.SampleCount);
        if (!text.EndsWith("2001", StringComparison.Ordinal))
            Assert.Null(header.BaseDate);
    }

    [Fact]
    public void The_number_of_samples_may_be_missing_before_a_time()
    {
        foreach (var start in (string[])["9:49:17", "05-May-2020 9:49:17", "5/5/2020 9:49:17", "N/A 9:49:17"])
        {
            var header = WfdbHeader.Parse($"r 1 500 {start}\nr.dat 16\n", "r.hea");
            Assert.Equal((null, new TimeSpan(9, 49, 17)), (header.SampleCount, header.BaseTime));
        }
    }

    [Theory]
    [InlineData("ge_beats/r", "ge_beats/r.dat")]
    [InlineData("a/b/r", "a\\b\\r.dat")]
    [InlineData("mitdb/100", "mitdb/r.dat")]
    [InlineData("/data/r", "/data/r.dat")]
    [InlineData("r", "C:\\data\\r.dat")]
    public void Names_with_a_path_are_looked_up_beside_the_header_by_their_plain_name(string record, string file)
    {
        var recording = new WfdbRecord($"{record} 1 500 2\n{file} 16 1/mV 16 0 1 3 0 I\n").Add16("r.dat", 1, 2);

        Assert.Equal([1, 2], recording.Signal().Lead(0).ToArray());
        var header = WfdbHeader.Parse(recording.Header, "r.hea");
        Assert.Equal(record.Split('/')[^1], header.RecordName);
        Assert.Contains("names with a path", Assert.Single(header.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_behind_the_record_name_counts_segments_when_segments_follow()
    {
        var header = WfdbHeader.Parse("a/b/2 1 500 4\ns1 2\nx/s2 2\n", "r.hea");

        Assert.Equal("b", header.RecordName);
        Assert.Equal(["s1", "s2"], header.Segments.Select(s => s.Name));
    }

    [Fact]
    public void Whole_numbers_may_have_a_decimal_point_and_a_baseline_a_fraction()
    {
        var record = new WfdbRecord("r 2 500.0 2.0\nr.dat 16 1000.0(0.0)/mV 16.0 0.0 100.0 300.0 0 I\nr.dat 16 200(-0.5)/mV\n")
            .Add16("r.dat", 100, 0, 200, 1);

        var signal = record.Signal();

        Assert.Equal([0.1f, 0.2f], signal.Lead(0).ToArray());
        Assert.Equal([0.0025f, 0.0075f], signal.Lead(1).ToArray());
        Assert.Equal(0.0025, record.Digital().Signals[1].ToPhysical()[0]);
    }

    [Fact]
    public void A_checksum_may_be_the_sum_itself()
    {
        var record = new WfdbRecord("r 1 500 3\nr.dat 16 1/mV 16 0 30000 90000 0 I\n").Add16("r.dat", 30000, 30000, 30000);
        Assert.Equal(3, record.Signal().Length);
        Assert.Contains("checksum", new WfdbRecord(record.Header.Replace("90000", "90001", StringComparison.Ordinal))
            .Add16("r.dat", 30000, 30000, 30000).Error().Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nV", 1e6)]
    [InlineData("microvolts", 1e3)]
    [InlineData("mv", 1)]
    [InlineData("Volts", 1e-3)]
    public void Units_of_voltage_are_converted(string unit, double perMillivolt)
    {
        var signal = new WfdbRecord(FormattableString.Invariant($"r 1 500 2\nr.dat 16 {1 / perMillivolt}/{unit}\n")).Add16("r.dat", 3, -4)
            .Signal();
        Assert.Equal([3, -4], signal.Lead(0).ToArray());
    }

    [Fact]
    public void A_mark_of_the_encoding_at_the_beginning_is_skipped() =>
        Assert.Equal("r", WfdbHeader.Parse("\uFEFFr 1\nr.dat 16\n", "r.hea").RecordName);

    [Fact]
    public void Frames_are_averaged_over_digital_values_whose_fraction_is_cut_off()
    {
        var record = new WfdbRecord("r 2 100 3\nr.dat 16x2 10(1)/mV\nr.dat 16 10/mV\n").Add16("r.dat", 1, 2, 5, -3, -4, 6, 7, -32768, 7);

        // (1 + 2) / 2 is 1, (-3 - 4) / 2 is -3; an invalid sample makes an invalid mean.
        Assert.Equal([0, -0.4f, float.NaN], record.Signal(new() { SmoothFrames = true }).Lead(0).ToArray());
    }
}
