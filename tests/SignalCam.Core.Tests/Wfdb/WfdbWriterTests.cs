using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

public class WfdbWriterTests
{
    private static readonly SignalLayout Layout = new(["I", "aVR", "note with blanks"], 101, 500);

    [Theory]
    [InlineData(WfdbFormat.Format8, 20)]
    [InlineData(WfdbFormat.Format16, 1000)]
    [InlineData(WfdbFormat.Format24, 1e5)]
    [InlineData(WfdbFormat.Format32, 1e7)]
    [InlineData(WfdbFormat.Format61, 1000)]
    [InlineData(WfdbFormat.Format80, 20)]
    [InlineData(WfdbFormat.Format160, 1000)]
    [InlineData(WfdbFormat.Format212, 300)]
    [InlineData(WfdbFormat.Format310, 80)]
    [InlineData(WfdbFormat.Format311, 80)]
    public void What_is_written_reads_back(WfdbFormat format, double gain)
    {
        using var folder = TestData.Folder();
        for (var length = 95; length <= 101; length++)
        {
            var random = new EcgRandom((ulong)length);
            var samples = new float[3 * length];
            // Multiples of the resolution, so that nothing is lost; steps that fit format 8.
            for (var i = 0; i < samples.Length; i++)
                samples[i] = (float)(random.Below(101) / gain);
            if (format != WfdbFormat.Format8)
                samples[7] = float.NaN;
            var signal = new EcgSignal(samples, new SignalLayout(Layout.Leads, length, 500));

            WfdbWriter.Write(folder.Path, "rec-1", signal, new() { Format = format, Gain = gain, Baseline = -3, Comments = ["Age: 69"] });
            var read = WfdbReader.ReadSignal(folder["rec-1"]);
            var header = WfdbHeader.Read(folder["rec-1.hea"]);

            Assert.Equal(signal.Layout, read.Layout);
            Assert.Equal(samples, read.Samples.ToArray());
            Assert.Equal(["Age: 69"], header.Comments);
            Assert.All(header.Signals, s => Assert.True(s.InitialValue is not null && s.Checksum is not null));
        }
    }

    [Theory]
    [InlineData(WfdbFormat.Format8, 20)]
    [InlineData(WfdbFormat.Format80, 20)]
    [InlineData(WfdbFormat.Format212, 300)]
    [InlineData(WfdbFormat.Format310, 80)]
    public void A_flipped_bit_is_found(WfdbFormat format, double gain)
    {
        using var folder = TestData.Folder();
        var signal = new EcgSignal([.. Enumerable.Range(0, 303).Select(i => MathF.Sin(i / 9f))], Layout);
        WfdbWriter.Write(folder.Path, "r", signal, new() { Format = format, Gain = gain });
        var bytes = File.ReadAllBytes(folder["r.dat"]);
        bytes[30] ^= 4;
        File.WriteAllBytes(folder["r.dat"], bytes);

        Assert.StartsWith("checksum",
            Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"])).Found, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_recording_of_ptb_xl_is_written_byte_for_byte_as_its_authors_did()
    {
        var original = Path.Combine(TestData.PtbXl(), "records100", "00000", "00001_lr");
        using var folder = TestData.Folder();

        WfdbWriter.Write(folder.Path, "00001_lr", WfdbReader.ReadSignal(original));

        Assert.Equal(File.ReadAllBytes(original + ".dat"), File.ReadAllBytes(folder["00001_lr.dat"]));
        Assert.Equal(WfdbHeader.Read(original + ".hea").Signals.Select(s => (s.InitialValue, s.Checksum)),
            WfdbHeader.Read(folder["00001_lr.hea"]).Signals.Select(s => (s.InitialValue, s.Checksum)));
    }

    [Theory]
    [InlineData(WfdbFormat.Format16, 32.768f, "sample 1")]
    [InlineData(WfdbFormat.Format16, -32.768f, "sample 1")]
    [InlineData(WfdbFormat.Format16, float.PositiveInfinity, "sample 1")]
    [InlineData(WfdbFormat.Format8, 0.128f, "a step of 128")]
    [InlineData(WfdbFormat.Format8, float.NaN, "NaN mV")]
    public void A_value_that_does_not_fit_is_refused_and_nothing_is_written(WfdbFormat format, float value, string message)
    {
        using var folder = TestData.Folder();
        var signal = new EcgSignal([0, value], new SignalLayout(["V2"], 2, 100));

        var error = Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "r", signal, new() { Format = format }));

        Assert.Contains("V2", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void What_cannot_stand_in_a_header_is_refused()
    {
        using var folder = TestData.Folder();
        static EcgSignal Signal(string lead) => new(new float[1], new SignalLayout([lead], 1, 100));

        Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "../r", Signal("I")));
        Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "", Signal("I")));
        Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "r", Signal("I\nr.dat 16")));
        Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "r", Signal("I"), new() { Comments = ["one\ntwo"] }));
        Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "r", Signal("I"), new() { Gain = double.NaN }));
        Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "r", Signal("I"), new() { Format = WfdbFormat.Null }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
