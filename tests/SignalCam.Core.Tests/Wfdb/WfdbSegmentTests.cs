using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Tests.Wfdb;

public class WfdbSegmentTests
{
    private static WfdbRecord Fixed(string record = "m/3 2 100 5\ns1 2\n~ 1\ns2 2\n") => new WfdbRecord(record)
        .Add("s1.hea", "s1 2 100 2\ns1.dat 16 1 12 0 1 3 0 I\ns1.dat 16 1 12 0 10 30 0 II\n").Add16("s1.dat", 1, 10, 2, 20)
        .Add("s2.hea", "s2 2 100 2\ns2.dat 16 2 12 0 6 14 0 I\ns2.dat 16 1 12 0 30 70 0 II\n").Add16("s2.dat", 6, 30, 8, 40);

    private static WfdbRecord Variable() => new WfdbRecord("v/4 3 100 6\nlay 0\ns1 2\ns2 3\n~ 1\n")
        .Add("lay.hea", "lay 3 100 0\n~ 0 1/mV 12 0 0 0 0 I\n~ 0 1/mV 12 0 0 0 0 II\n~ 0 1/mV 12 0 0 0 0 V\n")
        .Add("s1.hea", "s1 2 100 2\ns1.dat 16 1 12 0 1 3 0 V\ns1.dat 16 1 12 0 10 30 0 I\n").Add16("s1.dat", 1, 10, 2, 20)
        .Add("s2.hea", "s2 1 100 3\ns2.dat 80 1 12 0 1 6 0 II\n").Add("s2.dat", 129, 130, 131);

    [Fact]
    public void Segments_of_a_fixed_layout_follow_each_other_each_with_its_own_scale()
    {
        var signal = Fixed().Signal();

        Assert.Equal(["I", "II"], signal.Leads);
        Assert.Equal([1, 2, float.NaN, 3, 4], signal.Lead(0).ToArray());
        Assert.Equal([10, 20, float.NaN, 30, 40], signal.Lead(1).ToArray());
    }

    [Fact]
    public void Segments_of_a_variable_layout_fill_the_signals_of_the_same_description()
    {
        var signal = Variable().Signal();

        Assert.Equal(["I", "II", "V"], signal.Leads);
        const float No = float.NaN;
        Assert.Equal([10, 20, No, No, No, No], signal.Lead(0).ToArray());
        Assert.Equal([No, No, 1, 2, 3, No], signal.Lead(1).ToArray());
        Assert.Equal([1, 2, No, No, No, No], signal.Lead(2).ToArray());
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(5, 6)]
    public void A_range_over_segments_is_that_part_of_the_whole(int from, int to)
    {
        var whole = Variable().Digital();
        var part = Variable().Digital(new() { From = from, To = to, Channels = ["V", "II"] });

        Assert.Equal(whole.Signals[2].Samples[from..to], part.Signals[0].Samples);
        Assert.Equal(whole.Signals[1].Samples[from..to], part.Signals[1].Samples);
    }

    [Fact]
    public void Digital_values_of_segments_with_different_scales_are_refused()
    {
        var error = Assert.Throws<Abstractions.EcgFormatException>(() => Fixed().Digital());

        Assert.Equal("s2.hea", error.File);
        Assert.Contains("2(0)/mV", error.Found, StringComparison.Ordinal);
        Assert.Equal([10, 20, WfdbRecording.InvalidSample, 30, 40], Fixed().Digital(new() { Channels = ["II"] }).Signals[0].Samples);
    }

    [Fact]
    public void A_segment_that_is_read_completely_is_verified()
    {
        var broken = Fixed().Add16("s2.dat", 6, 30, 8, 41);

        Assert.Equal("s2.dat", broken.Error().File);
        Assert.Equal(4, broken.Signal(new() { To = 4 }).Length);
    }

    [Theory]
    [InlineData("m/2 2 100 4\ns1 2\nmissing 2\n", "no such file")]
    [InlineData("m/2 2 100 5\ns1 2\ns2 2\n", "4 samples in all")]
    [InlineData("m/2 2 100 5\ns1 2\ns2 3\n", "2 samples")]
    [InlineData("m/1 3 100 2\ns1 2\n", "3 signals")]
    [InlineData("m/1 2 200 2\ns1 2\n", "100 Hz")]
    [InlineData("m/1 2 100 2\nself 2\n", "segments within a segment")]
    [InlineData("m/2 2 100 1000000000002\ns1 2\n~ 1000000000000\n", "2000000000004 values")]
    [InlineData("m/3 2 100\ns1 2\n~ 9223372036854775807\n~ 9223372036854775807\n", "in all")]
    [InlineData("m/1 2 100 5\n~ 5\n", "nothing but gaps")]
    [InlineData("m/2 2 100 4\ns1 2\ns3 2\n", "1 signals")]
    [InlineData("m/2 2 100 3\nlay 0\nother 3\n", "signal 'X'")]
    public void Segments_that_contradict_the_record_are_refused(string record, string found)
    {
        var files = Fixed(record)
            .Add("self.hea", "self/1 2 100 2\nself 2\n")
            .Add("s3.hea", "s3 1 100 2\ns3.dat 16 1\n").Add16("s3.dat", 1, 2)
            .Add("lay.hea", "lay 2 100\n~ 0 1/mV 12 0 0 0 0 I\n~ 0 1/mV 12 0 0 0 0 II\n")
            .Add("other.hea", "other 1 100 3\nother.dat 16 1 12 0 0 0 0 X\n").Add("other.dat", new byte[6]);

        Assert.Contains(found, files.Error().Found, StringComparison.Ordinal);
    }
}
