using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>
/// FLAC signal files that the reference encoder (flac 1.4) wrote of signals by formula. Together they have all kinds of subframes, stereo
/// decorrelations, partitioned Rice codes and unused bits.
/// </summary>
public class FlacTests
{
    public static TheoryData<string, string, int, int, int> Files => new()
    {
        { "walk-8", "walk", 1, 8, 700 },
        { "walk-16", "walk", 2, 16, 1000 },
        { "walk-16-fixed", "walk", 2, 16, 1000 },
        { "walk-24", "walk", 3, 24, 500 },
        { "noise-16", "noise", 3, 16, 300 },
        { "constant-8", "const", 3, 8, 5000 },
        { "wasted-16", "wasted", 8, 16, 400 },
        { "ramp-24", "ramp", 2, 24, 600 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_sample_is_the_one_that_was_encoded(string name, string kind, int channels, int bits, int length)
    {
        var recording = Record(name, kind, channels, bits, length).Digital();

        for (var channel = 0; channel < channels; channel++)
            Assert.Equal(Signal(kind, channel, length, bits), recording.Signals[channel].Samples);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(191, 193)]
    [InlineData(500, 777)]
    [InlineData(999, 1000)]
    public void A_range_is_that_part_of_the_whole(int from, int to)
    {
        var part = Record("walk-16", "walk", 2, 16, 1000).Digital(new() { From = from, To = to, Channels = [1] });

        Assert.Equal(Signal("walk", 1, 1000, 16)[from..to], part.Signals[0].Samples);
    }

    [Fact]
    public void Several_samples_per_frame_follow_each_other_in_a_channel()
    {
        var recording = new WfdbRecord("r 2 500 333\nr.dat 516x3 1\nr.dat 516x3 1\n").Add("r.dat", Bytes("walk-16")).Digital();

        Assert.Equal(Signal("walk", 0, 1000, 16)[..999], recording.Signals[0].Samples);
        Assert.Equal(Signal("walk", 1, 1000, 16)[..999], recording.Signals[1].Samples);
        Assert.Equal(1500, recording.Signals[0].SamplingRate);
    }

    [Fact]
    public void The_offset_counts_samples_and_a_skew_frames()
    {
        var recording = new WfdbRecord("r 2 500 900\nr.dat 516+10 1\nr.dat 516:5+10 1\n").Add("r.dat", Bytes("walk-16")).Digital();

        Assert.Equal(Signal("walk", 0, 1000, 16)[10..910], recording.Signals[0].Samples);
        Assert.Equal(Signal("walk", 1, 1000, 16)[15..915], recording.Signals[1].Samples);
    }

    [Fact]
    public void The_length_comes_from_the_stream_where_the_header_does_not_say()
    {
        var bytes = Bytes("walk-16");
        Assert.Equal(1000, new WfdbRecord("r 2 500\nr.dat 516 1\nr.dat 516 1\n").Add("r.dat", bytes).Signal().Length);

        // Nor the stream: samples are counted.
        bytes.AsSpan(21, 5).Clear();
        bytes[21] = 0xF0;
        Assert.Equal(1000, new WfdbRecord("r 2 500\nr.dat 516 1\nr.dat 516 1\n").Add("r.dat", bytes).Signal().Length);
    }

    [Fact]
    public void Fewer_bits_than_the_format_allows_are_read_and_the_most_negative_value_of_the_format_is_invalid()
    {
        var recording = new WfdbRecord("r 1 500 700\nr.dat 524 1\n").Add("r.dat", Bytes("walk-8")).Digital();

        Assert.Equal(Signal("walk", 0, 700, 8), recording.Signals[0].Samples);
        Assert.Equal(-(1 << 23), WfdbFormat.Format524.InvalidSample());
    }

    [Fact]
    public void A_changed_bit_is_found_by_the_checksums_of_the_stream()
    {
        var bytes = Bytes("walk-16");
        var header = Record("walk-16", "walk", 2, 16, 1000).Header;
        for (var bit = 8 * FirstFrame(bytes); bit < 8 * bytes.Length; bit += 37)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Equal("r.dat", new WfdbRecord(header).Add("r.dat", changed).Error().File);
        }
    }

    [Theory]
    [InlineData("r 2 500 1001\nr.dat 516 1\nr.dat 516 1\n", "the end of the file after 1000 samples")]
    [InlineData("r 3 500 900\nr.dat 516 1\nr.dat 516 1\nr.dat 516 1\n", "3 signals in r.dat")]
    [InlineData("r 2 500 900\nr.dat 508 1\nr.dat 508 1\n", "16 bits per sample")]
    [InlineData("r 2 500 400\nr.dat 516x2 1\nr.dat 516 1\n", "2 and 1 samples per frame")]
    public void A_stream_that_does_not_fit_its_header_is_refused(string header, string found) =>
        Assert.Contains(found, Assert.Throws<EcgFormatException>(() => new WfdbRecord(header).Add("r.dat", Bytes("walk-16")).Digital())
            .Found, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_FLAC_stream_or_ends_early_is_refused()
    {
        var header = Record("walk-16", "walk", 2, 16, 1000).Header;
        Assert.Equal("no FLAC signature", new WfdbRecord(header).Add("r.dat", new byte[100]).Error().Found);
        Assert.Contains("the end of the file", new WfdbRecord(header).Add("r.dat", Bytes("walk-16")[..^30]).Error().Found,
            StringComparison.Ordinal);
        Assert.Contains("at most the 12 that are there", new WfdbRecord(header).Add("r.dat", Bytes("walk-16")[..20]).Error().Expected,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_streams_give_a_signal_or_a_format_error()
    {
        var random = new EcgRandom(5);
        var (signals, errors) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var file = Files.ElementAt(random.Below(Files.Count));
            var (name, kind, channels, bits, length) = ((string)file[0], (string)file[1], (int)file[2], (int)file[3], (int)file[4]);
            var bytes = Bytes(name);
            for (var changes = 1 + random.Below(3); changes > 0; changes--)
                bytes[random.Below(4) switch { 0 => 8 + random.Below(34), 1 => FirstFrame(Bytes(name)) + random.Below(16),
                    _ => random.Below(bytes.Length) }] = (byte)random.Below(256);
            // Half of the streams have right checksums all the same, so that mutations reach the decoder's last corner.
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Record(name, kind, channels, bits, length, random.Chance(0.5) ? Repaired(bytes, Bytes(name)) : bytes)
                    .Digital(new() { VerifyChecksum = false });
                signals++;
            }
            catch (EcgFormatException)
            {
                errors++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        }
        Assert.True(signals > 100 && errors > 100, $"{signals} signals, {errors} errors");
    }

    /// <summary>Rewrites the checksum of the first frame's header.</summary>
    private static byte[] Repaired(byte[] bytes, byte[] original)
    {
        var first = FirstFrame(original);
        for (var end = first + 5; end < Math.Min(original.Length, first + 16); end++)
        {
            if (FlacChecksums.Crc8(original.AsSpan(first, end - first)) != original[end])
                continue;
            bytes[end] = (byte)FlacChecksums.Crc8(bytes.AsSpan(first, end - first));
            break;
        }
        return bytes;
    }

    private static int FirstFrame(byte[] bytes)
    {
        var at = 4;
        for (var isLast = false; !isLast; at += 4 + (bytes[at + 2] << 8 | bytes[at + 3]))
            isLast = bytes[at] >= 0x80;
        return at;
    }

    private static WfdbRecord Record(string name, string kind, int channels, int bits, int length, byte[]? bytes = null)
    {
        var header = $"r {channels} 500 {length}\n";
        for (var channel = 0; channel < channels; channel++)
        {
            var signal = Signal(kind, channel, length, bits);
            header += $"r.dat {500 + bits} 200/mV {bits} 0 {signal[0]} {(short)signal.Sum(s => (long)s)} 0 s{channel}\n";
        }
        return new WfdbRecord(header).Add("r.dat", bytes ?? Bytes(name));
    }

    private static byte[] Bytes(string name) => File.ReadAllBytes(
        Path.Combine(TestData.Root, "tests", "SignalCam.Core.Tests", "Wfdb", "Flac", name + ".flac"));

    private static int[] Signal(string kind, int channel, int length, int bits)
    {
        var (top, state) = ((1 << (bits - 1)) - 1, 1000L * channel + bits);
        var signal = new int[length];
        for (var t = 0; t < length; t++)
        {
            state = (state * 1103515245 + 12345) & 0x7fffffff;
            var random = (int)(state >> 8);
            signal[t] = kind switch
            {
                "walk" => Math.Clamp((t > 0 ? signal[t - 1] : 0) + (random % 11) - 5, -top, top),
                "noise" => (random % ((2 * top) + 1)) - top,
                "const" => bits == 8 ? 25 * (channel + 1) : 1000 * (channel + 1),
                "wasted" => 8 * ((t * (channel + 3) % 97) - 48),
                _ => (t * t / 7 * (channel + 1) % (2 * top)) - top,
            };
        }
        return signal;
    }
}
