using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

public class WfdbReaderTests
{
    [Fact]
    public void Units_gains_and_baselines_become_millivolt()
    {
        var signal = new WfdbRecord("r 5 100 2\nr.dat 16 200(100)/mV\nr.dat 16 4/uV\nr.dat 16 50000/V\nr.dat 16\nr.dat 16 0(10)\n")
            .Add16("r.dat", 300, 4000, 50, 200, 210, 100, -4000, -50, -200, 10)
            .Signal();

        Assert.Equal([1, 0], signal.Lead(0).ToArray());
        Assert.Equal([1, -1], signal.Lead(1).ToArray());
        Assert.Equal([1, -1], signal.Lead(2).ToArray());
        Assert.Equal([1, -1], signal.Lead(3).ToArray());
        Assert.Equal([1, 0], signal.Lead(4).ToArray());
    }

    [Fact]
    public void Leads_have_the_usual_spelling_and_distinct_names()
    {
        var signal =
            new WfdbRecord("r 7 100 1\nr.dat 16 200 12 0 0 0 0 AVR\nr.dat 16 200 12 0 0 0 0 v6\nr.dat 16 200 12 0 0 0 0 MLII\nr.dat 16 "
                + "200 12 0 0 0 0 ECG\nr.dat 16 200 12 0 0 0 0 ecg\nr.dat 16\nr.dat 16\n")
                .Add16("r.dat", 0, 0, 0, 0, 0, 0, 0)
                .Signal();

        Assert.Equal(["aVR", "V6", "MLII", "ECG", "ecg 2", "signal 6", "signal 7"], signal.Leads);
    }

    [Fact]
    public void Channels_are_found_by_lead_name_description_and_index()
    {
        var record =
            new WfdbRecord("r 3 100 2\nr.dat 16 1000 12 0 1 5 0 AVF\nr.dat 16 1000 12 0 2 6 0 V1\nr.dat 16 1000/mmHg 12 0 3 7 0 ABP\n")
                .Add16("r.dat", 1, 2, 3, 4, 4, 4);

        Assert.Equal(["V1", "aVF"], record.Signal(new() { Channels = ["v1", "avf"] }).Leads);
        Assert.Equal([2 / 1000f, 4 / 1000f], record.Signal(new() { Channels = [1] }).Lead(0).ToArray());
        var error = record.Error(new() { Channels = ["V1", "V9"] });
        Assert.Contains("V9", error.Expected, StringComparison.Ordinal);
        Assert.Contains("aVF, V1, ABP", error.Found, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => record.Signal(new() { Channels = [1, "V1"] }));
        Assert.Throws<ArgumentException>(() => record.Signal(new() { Channels = [] }));
    }

    [Theory]
    [InlineData(16, new byte[] { 0, 0x80, 1, 0 })]
    [InlineData(61, new byte[] { 0x80, 0, 0, 1 })]
    [InlineData(160, new byte[] { 0, 0, 1, 0x80 })]
    [InlineData(80, new byte[] { 0, 0x81 })]
    [InlineData(24, new byte[] { 0, 0, 0x80, 1, 0, 0 })]
    [InlineData(32, new byte[] { 0, 0, 0, 0x80, 1, 0, 0, 0 })]
    [InlineData(212, new byte[] { 0, 0x08, 1 })]
    [InlineData(310, new byte[] { 0, 0x04, 2, 0 })]
    [InlineData(311, new byte[] { 0, 0x06, 0 })]
    public void The_most_negative_value_of_a_format_is_an_invalid_sample(int format, byte[] bytes)
    {
        var record = new WfdbRecord($"r 1 100 2\nr.dat {format} 1\n").Add("r.dat", bytes);

        Assert.Equal([float.NaN, 1], record.Signal().Lead(0).ToArray());
        Assert.Equal([WfdbRecording.InvalidSample, 1], record.Digital().Signals[0].Samples);
    }

    [Fact]
    public void Differences_of_format_8_start_from_the_initial_value_of_each_signal()
    {
        // Two signals, the second with two samples per frame: each byte is the step from the same signal's sample before.
        var record = new WfdbRecord("r 2 100 3\nr.dat 8 1 12 0 100 321 0 a\nr.dat 8x2 1 12 7 -50 0 0 b\n")
            .Add("r.dat", 0, 1, 1, 10, 1, 1, 0xF6 + 1, 1, 0xFF);

        var (a, b) = (record.Digital(new() { VerifyChecksum = false }).Signals[0],
            record.Digital(new() { VerifyChecksum = false }).Signals[1]);

        Assert.Equal([100, 110, 101], a.Samples);
        Assert.Equal([-49, -48, -47, -46, -45, -46], b.Samples);
        Assert.Equal((100.0, 200.0), (a.SamplingRate, b.SamplingRate));
        Assert.Equal([-47, -46, -45, -46], record.Digital(new() { From = 1 }).Signals[1].Samples);
        Assert.Equal("checksum 311", record.Error(new() { Channels = ["a"] }).Found);
    }

    [Fact]
    public void Signals_of_several_files_are_read_together()
    {
        var signal = new WfdbRecord("r 3 100 2\na.dat 16 1\na.dat 16 1\nb.dat 80+3 1\n")
            .Add16("a.dat", 1, 2, 3, 4).Add("b.dat", 9, 9, 9, 128, 127)
            .Signal();

        Assert.Equal([1, 3, 2, 4, 0, -1], signal.Samples.ToArray());
    }

    [Fact]
    public void Several_samples_per_frame_raise_the_sampling_rate()
    {
        var signal = new WfdbRecord("r 2 100 2\nr.dat 16x2 1\nr.dat 16x2 1\n").Add16("r.dat", 1, 2, 10, 20, 3, 4, 30, 40).Signal();

        Assert.Equal((200.0, 4), (signal.SamplingRate, signal.Length));
        Assert.Equal([1, 2, 3, 4, 10, 20, 30, 40], signal.Samples.ToArray());
    }

    [Fact]
    public void Different_samples_per_frame_are_refused_or_smoothed()
    {
        var record = new WfdbRecord("r 2 100 3\nr.dat 16x4 1 12 0 0 0 0 II\nr.dat 16 1 12 0 0 0 0 resp\n")
            .Add16("r.dat", 1, 2, 3, 4, 7, 5, 5, 5, 6, 8, 1, -32768, 1, 1, 9);

        var options = new WfdbReadOptions { VerifyChecksum = false };
        var error = record.Error(options);
        Assert.Contains("4 samples per frame of 'II' and 1 of 'resp'", error.Found, StringComparison.Ordinal);
        var smooth = record.Signal(new() { VerifyChecksum = false, SmoothFrames = true });
        Assert.Equal((100.0, 3), (smooth.SamplingRate, smooth.Length));
        Assert.Equal([2, 5, float.NaN, 7, 8, 9], smooth.Samples.ToArray());
        Assert.Equal(12, record.Signal(new() { VerifyChecksum = false, Channels = ["II"] }).Length);
    }

    [Fact]
    public void A_signal_with_a_skew_starts_later_in_the_file()
    {
        // The checksum and the initial value are those of the file's own 4 frames.
        var record = new WfdbRecord("r 2 100 4\nr.dat 16 1 12 0 1 10 0 a\nr.dat 16:2 1 12 0 11 50 0 b\n").Add16(
            "r.dat", 1, 11, 2, 12, 3, 13, 4, 14);

        Assert.Equal([1, 2, 3, 4, 13, 14, float.NaN, float.NaN], record.Signal().Samples.ToArray());
        Assert.Equal([3, float.NaN], record.Signal(new() { From = 2, To = 3 }).Samples.ToArray());
        Assert.Equal([float.NaN], record.Signal(new() { From = 3, Channels = ["b"] }).Samples.ToArray());
        Assert.Equal([14, WfdbRecording.InvalidSample], record.Digital(new() { From = 1, To = 3, Channels = ["b"] }).Signals[0].Samples);
    }

    [Fact]
    public void Frames_behind_the_stated_length_serve_signals_with_a_skew() =>
        Assert.Equal([1, 2, 13, 14],
            new WfdbRecord("r 2 100 2\nr.dat 16 1\nr.dat 16:2 1\n").Add16("r.dat", 1, 11, 2, 12, 3, 13, 4, 14).Signal().Samples.ToArray());

    [Fact]
    public void Without_a_stated_length_the_shortest_file_decides() =>
        Assert.Equal([1, 2, 11, 12],
            new WfdbRecord("r 2 100\na.dat 16 1\nb.dat 16 1\n").Add16("a.dat", 1, 2, 3).Add16("b.dat", 11, 12).Signal().Samples.ToArray());

    [Fact]
    public void Packed_samples_run_on_over_frames_and_chunks()
    {
        // Five signals in format 212: a frame ends within a byte. Long enough for several chunks.
        const int Frames = 100_001, Signals = 5;
        var values = Enumerable.Range(0, Frames * Signals).Select(i => i * 7 % 4001 - 2000).ToArray();
        var bytes = new List<byte>();
        for (var i = 0; i < values.Length; i += 2)
        {
            var (first, second) = (values[i] & 0xFFF, i + 1 < values.Length ? values[i + 1] & 0xFFF : 0);
            bytes.AddRange([(byte)first, (byte)(first >> 8 | second >> 8 << 4), (byte)second]);
        }
        var record = new WfdbRecord($"r {Signals} 100 {Frames}\n" + string.Concat(Enumerable.Repeat("r.dat 212 1\n", Signals))).Add(
            "r.dat", [.. bytes]);

        foreach (var (from, to) in new[] { (0, Frames), (77_777, 77_778), (12_345, 99_999) })
        {
            var signals = record.Digital(new() { From = from, To = to }).Signals;
            for (var signal = 0; signal < Signals; signal++)
                Assert.Equal(Enumerable.Range(from, to - from).Select(t => values[t * Signals + signal]), signals[signal].Samples);
        }
    }

    [Fact]
    public void A_wrong_checksum_or_initial_value_is_named_unless_told_otherwise()
    {
        const string Header = "r 2 100 2\nr.dat 16 1 12 0 1 4 0 II\nr.dat 16 1 12 0 2 6 0 V1\n";
        Assert.Equal([1, 3, 2, 4], new WfdbRecord(Header).Add16("r.dat", 1, 2, 3, 4).Signal().Samples.ToArray());

        var checksum = new WfdbRecord(Header).Add16("r.dat", 1, 2, 3, 5);
        var initial = new WfdbRecord(Header).Add16("r.dat", 2, 2, 2, 4);

        Assert.Equal(("r.dat", "signal 1 (V1)", "checksum 7", "6, as the header states"), Facts(checksum.Error()));
        Assert.Equal(("r.dat", "signal 0 (II)", "initial value 2", "1, as the header states"), Facts(initial.Error()));
        Assert.Equal([1, 3, 2, 5], checksum.Signal(new() { VerifyChecksum = false }).Samples.ToArray());
        // Neither a part nor the other signal contradicts the header.
        Assert.Equal([2, 5], checksum.Signal(new() { To = 1, Channels = ["V1"] }).Samples.ToArray().Append(5f));
        Assert.Equal([1, 3], checksum.Signal(new() { Channels = ["II"] }).Samples.ToArray());
    }

    [Fact]
    public void Checksums_count_all_samples_of_a_frame_and_wrap_at_16_bits() =>
        Assert.Equal(4,
            new WfdbRecord("r 1 100 2\nr.dat 16x2 1 16 0 30000 -11072 0 x\n").Add16("r.dat", 30000, 30000, 30000, 30000).Signal().Length);

    [Theory]
    [InlineData("r 1 100 5\nr.dat 16\n", 9, "byte 9", "after 4 samples")]
    [InlineData("r 1 100 1000000000000\nr.dat 16\n", 10, "byte 10", "after 5 samples")]
    [InlineData("r 1 100 5\nr.dat 212\n", 7, "byte 7", "after 4 samples")]
    [InlineData("r 1 100 5\nr.dat 311\n", 6, "byte 6", "after 4 samples")]
    [InlineData("r 1 100 5\nr.dat 16+11\n", 10, "byte 10", "the end of the file")]
    [InlineData("r 1 100\nr.dat 16+9223372036854775807\n", 10, "byte 10", "the end of the file")]
    [InlineData("r 1 100 5\nr.dat 16x60000\n", 10, "byte 10", "after 0 samples")]
    public void A_truncated_file_is_named_with_its_offset(string header, int length, string position, string found)
    {
        var error = new WfdbRecord(header).Add("r.dat", new byte[length]).Error(new() { MaxValues = long.MaxValue });

        Assert.Equal("r.dat", error.File);
        Assert.Equal(position, error.Position);
        Assert.Contains(found, error.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r 0 100 5\n", "0 signals")]
    [InlineData("r 1 100\nr.dat 16\n", "no samples")]
    [InlineData("r 1 100\n~ 0\n", "no samples")]
    [InlineData("r 1 100 1000000000000\n~ 0\n", "1000000000000 values")]
    [InlineData("r 1 100 9223372036854775807\n~ 0\n", "9223372036854775807 values")]
    [InlineData("r 2 100 5\nr.dat 16\nr.dat 212\n", "formats 16 and 212")]
    [InlineData("r 2 100 5\nr.dat 16+2\nr.dat 16+4\n", "byte offsets 2 and 4")]
    [InlineData("r 3 100 5\nr.dat 16\ns.dat 16\nr.dat 16\n", "another file's between")]
    [InlineData("r 2 100 5\nr.dat 16x40000\nr.dat 16x40000\n", "80000 samples per frame")]
    [InlineData("r 1 100 5\nmissing.dat 16\n", "no such file")]
    [InlineData("r 1 100 5\n~ 16\n", "without a file")]
    [InlineData("r 1 100 5\nr.dat 16 1/mmHg\n", "mmHg")]
    public void What_cannot_be_is_refused(string header, string found) =>
        Assert.Contains(found, new WfdbRecord(header).Add("r.dat").Error().Found, StringComparison.Ordinal);

    [Fact]
    public void A_range_that_leaves_the_recording_is_refused()
    {
        var record = new WfdbRecord("r 1 100 5\nr.dat 16\n").Add("r.dat", new byte[10]);

        Assert.Contains("5 samples", record.Error(new() { To = 6 }).Found, StringComparison.Ordinal);
        Assert.Contains("5 samples", record.Error(new() { From = 5 }).Found, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => record.Signal(new() { From = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => record.Signal(new() { From = 3, To = 3 }));
    }

    [Fact]
    public void Files_that_are_not_there_or_lead_elsewhere_are_named()
    {
        using var folder = TestData.Folder();
        using var elsewhere = TestData.Folder();
        File.WriteAllText(folder["r.hea"], "r 1 100 1\nr.dat 16\n");
        File.WriteAllBytes(elsewhere["secret"], new byte[2]);

        Assert.Equal(folder["gone.hea"], Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["gone"])).File);
        Assert.Equal(folder["r.dat"], Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"])).File);
        File.CreateSymbolicLink(folder["r.dat"], elsewhere["secret"]);
        Assert.Contains(
            "link", Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"])).Found, StringComparison.Ordinal);
        File.Delete(folder["r.dat"]);
        File.WriteAllBytes(folder["real"], new byte[2]);
        File.CreateSymbolicLink(folder["r.dat"], "real");
        Assert.Equal(1, WfdbReader.ReadSignal(folder["r"]).Length);
        File.Delete(folder["r.dat"]);
        Directory.CreateDirectory(folder["r.dat"]);
        Assert.Equal(folder["r.dat"], Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(folder["r"])).File);
    }

    [Fact]
    public async Task A_cancelled_read_stops()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "r", new EcgSignal(new float[10], new SignalLayout(["I"], 10, 100)));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => WfdbReader.ReadSignalAsync(folder["r"], null, new CancellationToken(canceled: true)));
    }

    private static (string File, string? Position, string Found, string Expected) Facts(EcgFormatException e) =>
        (e.File, e.Position, e.Found, e.Expected);
}
