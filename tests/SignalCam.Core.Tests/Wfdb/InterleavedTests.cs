using System.Runtime.InteropServices;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>
/// Format 16, which a path takes apart in blocks of eight frames by eight signals and a stream sample by sample; every sample is compared
/// with its formula.
/// </summary>
public class InterleavedTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 23)]
    [InlineData(7, 64)]
    [InlineData(8, 64)]
    [InlineData(9, 65)]
    [InlineData(12, 1000)]
    [InlineData(12, 15)]
    [InlineData(17, 40)]
    [InlineData(64, 33)]
    [InlineData(65, 33)]
    public void Every_sample_of_any_number_of_signals_is_what_the_formula_says(int signals, int frames)
    {
        var (samples, header) = Recording(signals, frames);

        using var folder = Files(header, samples);
        foreach (var read in (EcgSignal[])[WfdbReader.ReadSignal(folder["r"]), new WfdbRecord(header).Add16("r.dat", samples).Signal()])
            for (var signal = 0; signal < signals; signal++)
                for (var frame = 0; frame < frames; frame++)
                    Assert.Equal(Millivolt(samples[frame * signals + signal], signal), read.Lead(signal)[frame]);
    }

    [Fact]
    public void A_wrong_checksum_is_found_whichever_signal_has_it()
    {
        const int Signals = 12;
        var (samples, header) = Recording(Signals, 100);
        for (var signal = 0; signal < Signals; signal++)
        {
            var changed = (short[])samples.Clone();
            changed[40 * Signals + signal] ^= 1;
            using var folder = Files(header, changed);
            foreach (var error in (EcgFormatException[])
            [
                Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"])),
                new WfdbRecord(header).Add16("r.dat", changed).Error(),
            ])
            {
                Assert.Contains($"signal {signal} ", error.Position, StringComparison.Ordinal);
                Assert.Contains("checksum", error.Found, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Some_channels_and_a_range_give_the_same_samples_as_the_whole()
    {
        var (samples, header) = Recording(12, 200);
        var record = new WfdbRecord(header).Add16("r.dat", samples);
        var whole = record.Signal();

        var part = record.Signal(new WfdbReadOptions { Channels = [11, 3], From = 37, To = 181 });

        Assert.Equal(whole.Lead(11)[37..181].ToArray(), part.Lead(0).ToArray());
        Assert.Equal(whole.Lead(3)[37..181].ToArray(), part.Lead(1).ToArray());
    }

    private static TemporaryFolder Files(string header, short[] samples)
    {
        var folder = TestData.Folder();
        File.WriteAllText(folder["r.hea"], header);
        File.WriteAllBytes(folder["r.dat"], MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());
        return folder;
    }

    private static float Millivolt(short sample, int signal) =>
        sample == short.MinValue ? float.NaN : (float)((sample - Baseline(signal)) / (double)Gain(signal));

    private static int Gain(int signal) => 200 + 7 * signal;

    private static int Baseline(int signal) => signal % 3 == 0 ? 0 : 1000 * signal;

    /// <summary>Random samples, a few of which are marked as invalid, and a header with the right checksums.</summary>
    private static (short[] Samples, string Header) Recording(int signals, int frames)
    {
        var random = new EcgRandom(7);
        var samples = new short[signals * frames];
        foreach (ref var sample in samples.AsSpan())
            sample = random.Chance(0.02) ? short.MinValue : (short)(random.Below(65536) - 32768);
        var header = $"r {signals} 100 {frames}\n";
        for (var signal = 0; signal < signals; signal++)
        {
            short sum = 0;
            for (var frame = 0; frame < frames; frame++)
                sum += samples[frame * signals + signal];
            header += $"r.dat 16 {Gain(signal)}({Baseline(signal)})/mV 16 0 {samples[signal]} {sum} 0 s{signal}\n";
        }
        return (samples, header);
    }
}
