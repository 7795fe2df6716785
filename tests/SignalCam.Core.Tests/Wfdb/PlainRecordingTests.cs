using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>The short way of plain recordings, which a path takes, against the general way, which streams take.</summary>
public sealed class PlainRecordingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 100)]
    [InlineData(3, 77)]
    [InlineData(8, 8)]
    [InlineData(12, 1000)]
    [InlineData(12, 1003)]
    [InlineData(17, 64)]
    [InlineData(64, 40)]
    // More than a chunk of 256 KiB.
    [InlineData(12, 30_001)]
    public async Task Both_give_the_same_bits(int signals, int length)
    {
        using var folder = TestData.Folder();
        var random = new EcgRandom((ulong)(signals * length));
        var samples = Enumerable.Range(0, signals * length)
            .Select(_ => random.Below(50) == 0 ? float.NaN : (float)Math.Round(random.Normal() * 1000) / 1000).ToArray();
        WfdbWriter.Write(folder.Path, "r",
            new EcgSignal(samples, new SignalLayout([.. Enumerable.Range(1, signals).Select(i => $"S{i}")], length, 100)));
        // Gains and baselines that differ, and a unit.
        var lines = File.ReadAllLines(folder["r.hea"]);
        for (var i = 0; i < signals; i++)
            lines[i + 1] = lines[i + 1].Replace("1000(0)/mV",
                (i % 4) switch { 0 => "1000(0)/mV", 1 => "3(-17)/uV", 2 => "0", _ => "204.75(8000000)/mV" }, StringComparison.Ordinal);
        File.WriteAllLines(folder["r.hea"], lines);

        var general = General(folder);
        using var stream = File.OpenRead(folder["r.dat"]);
        var recording = PlainRecording.Of(WfdbHeader.Read(folder["r.hea"]));
        foreach (var plain in (EcgSignal?[])[recording?.TryRead(stream), await recording!.TryReadAsync(folder.Path, isAsync: false),
            await recording.TryReadAsync(folder.Path, isAsync: true)])
        {
            Assert.NotNull(plain);
            Assert.Equal(general.Layout, plain.Layout);
            Assert.Equal(Bits(general), Bits(plain));
        }
        Assert.Equal(Bits(general), Bits(WfdbReader.ReadSignal(folder["r"])));
        Assert.Equal(Bits(general), Bits(await WfdbReader.ReadSignalAsync(folder["r"])));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(7, 12_345)]
    [InlineData(200, 0)]
    [InlineData(1000, 0)]
    [InlineData(1000, -8_388_608)]
    [InlineData(4_095, 1_000_003)]
    [InlineData(1_048_575, 8_388_607)]
    public void Every_sample_is_divided_as_a_division_rounds(int gain, int baseline)
    {
        var frames = Enumerable.Range(short.MinValue, 1 << 16).Select(sample => (short)sample).ToArray();
        var (values, row, sums) = (new float[frames.Length], new FloatRow(0, baseline, gain), new int[1]);
        InterleavedLeads.Decode(frames, [row], values, 0, sums);
        Assert.Equal(float.NaN, values[0]);
        for (var i = 1; i < frames.Length; i++)
            Assert.Equal((float)((frames[i] - (double)baseline) / gain), values[i]);
        Assert.Equal(unchecked((short)frames.Sum(f => (int)f)), unchecked((short)sums[0]));
    }

    [Theory]
    [InlineData("r.dat 16", "r.dat 16x2")]
    [InlineData("r.dat 16", "r.dat 16:3")]
    [InlineData("r.dat 16", "r.dat 61")]
    // Not exact in single precision.
    [InlineData("1000(0)", "1000.0001(0)")]
    [InlineData("1000(0)", "1000(16777217)")]
    [InlineData("1000(0)", "1000(0.5)")]
    public void What_is_not_plain_is_left_to_the_general_way(string usual, string other)
    {
        using var folder = Write();
        File.WriteAllText(folder["r.hea"], File.ReadAllText(folder["r.hea"]).Replace(usual, other, StringComparison.Ordinal));
        Assert.Null(PlainRecording.Of(WfdbHeader.Read(folder["r.hea"])));
    }

    [Fact]
    public void Both_say_the_same_of_what_is_wrong()
    {
        using var folder = Write();
        var (header, data) = (File.ReadAllText(folder["r.hea"]), File.ReadAllBytes(folder["r.dat"]));

        File.WriteAllBytes(folder["r.dat"], data[..^1]);
        Assert.Contains($"byte {data.Length - 1}: found the end of the file", Same(folder), StringComparison.Ordinal);
        data[100] ^= 1;
        File.WriteAllBytes(folder["r.dat"], data);
        Assert.Contains("found checksum", Same(folder), StringComparison.Ordinal);
        data[100] ^= 1;
        data[0] ^= 1;
        File.WriteAllBytes(folder["r.dat"], data);
        Assert.Contains("found initial value", Same(folder), StringComparison.Ordinal);
        File.WriteAllText(folder["r.hea"], header.Replace("r.dat", "gone.dat", StringComparison.Ordinal));
        Assert.Contains("gone.dat: found no such file",
            Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"])).Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Write()
    {
        var folder = TestData.Folder();
        var random = new EcgRandom(1);
        WfdbWriter.Write(folder.Path, "r",
            new EcgSignal([.. Enumerable.Range(0, 300).Select(_ => (float)Math.Round(random.Normal() * 1000) / 1000)],
                new SignalLayout(["I", "II", "V1"], 100, 100)));
        return folder;
    }

    private static string Same(TemporaryFolder folder)
    {
        var general = Assert.Throws<EcgFormatException>(() => General(folder));
        var plain = Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"]));
        Assert.Equal(general.Message, plain.Message);
        return plain.Message;
    }

    private static EcgSignal General(TemporaryFolder folder) =>
        WfdbReader.ReadSignal(WfdbHeader.Read(folder["r.hea"]), name => File.OpenRead(folder[name]));

    private static int[] Bits(EcgSignal signal) => [.. signal.Samples.ToArray().Select(BitConverter.SingleToInt32Bits)];
}
