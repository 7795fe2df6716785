using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

public class WfdbExactTests
{
    [Theory]
    [InlineData(0.001, WfdbFormat.Format16)]
    [InlineData(0.00125, WfdbFormat.Format16)]
    [InlineData(0.0025, WfdbFormat.Format16)]
    [InlineData(0.00488, WfdbFormat.Format16)]
    [InlineData(1 / 204.8, WfdbFormat.Format16)]
    [InlineData(1.0 / 3, WfdbFormat.Format16)]
    [InlineData(0.0001, WfdbFormat.Format24)]
    [InlineData(2.44140625e-4, WfdbFormat.Format24)]
    [InlineData(1e-6, WfdbFormat.Format32)]
    [InlineData(1.1920929e-7, WfdbFormat.Format32)]
    public void Samples_that_were_read_from_integers_come_back_to_the_bit(double resolution, WfdbFormat format)
    {
        using var folder = TestData.Folder();
        var random = new EcgRandom(7);
        // As far apart as the format has room for, with neighbours among them, which tell the step.
        var units = format == WfdbFormat.Format16 ? 30000 : format == WfdbFormat.Format24 ? 60000 : 12_000_000;
        var samples = new float[3000];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)((i % 2 == 0 ? i % 500 : random.Below(2 * units) - units) * resolution);
        samples[1500] = float.NaN;
        var signal = new EcgSignal(samples, new SignalLayout(["I", "II", "V1"], 1000, 360));

        WfdbWriter.Write(folder.Path, "exact", signal, new() { Exact = true });
        var header = WfdbHeader.Read(folder["exact.hea"]);
        Assert.Equal(samples, WfdbReader.ReadSignal(folder["exact"]).Samples.ToArray());
        Assert.All(header.Signals, s => Assert.Equal(format, s.Format));
    }

    [Fact]
    public void Each_lead_has_its_own_gain()
    {
        using var folder = TestData.Folder();
        float[] samples = [.. Enumerable.Range(-50, 100).Select(i => (float)(i * 0.003)),
            .. Enumerable.Range(-50, 100).Select(i => (float)(i * 0.00488)), .. new float[100]];
        var signal = new EcgSignal(samples, new SignalLayout(["I", "II", "flat"], 100, 500));
        WfdbWriter.Write(folder.Path, "r", signal, new() { Exact = true });
        var header = WfdbHeader.Read(folder["r.hea"]);
        Assert.Equal([1000, 1 / 0.00488, 1000], header.Signals.Select(s => s.Gain!.Value), (a, b) => Math.Abs(a - b) < 1e-9 * b);
        Assert.Equal(samples, WfdbReader.ReadSignal(folder["r"]).Samples.ToArray());
    }

    [Fact]
    public void Samples_of_no_common_resolution_are_refused_by_name_and_nothing_is_written()
    {
        using var folder = TestData.Folder();
        float[] samples = [.. Enumerable.Range(0, 100).Select(i => i * 0.001f),
            .. Enumerable.Range(0, 100).Select(i => MathF.Exp(-i / 3f))];
        var signal = new EcgSignal(samples, new SignalLayout(["I", "V5"], 100, 500));
        var error = Assert.Throws<ArgumentException>(() => WfdbWriter.Write(folder.Path, "r", signal, new() { Exact = true }));
        Assert.Contains("lead V5: no gain reproduces its samples", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }
}
