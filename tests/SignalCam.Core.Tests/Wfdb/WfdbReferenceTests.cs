using System.Globalization;
using System.IO.Compression;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Wfdb;

/// <summary>Against recordings that others made and values that the WFDB tools read from them.</summary>
public class WfdbReferenceTests
{
    private static readonly string[] Blanks = [" ", "\t"];

    [SkippableFact]
    public void Every_format_reads_the_values_that_the_wfdb_tools_read()
    {
        var folder = TestData.Shared("wfdb");
        using var compressed = new GZipStream(File.OpenRead(Path.Combine(folder, "record-1f.gz")), CompressionMode.Decompress);
        var expected = Columns(new StreamReader(compressed), int.Parse);

        var recording = WfdbReader.ReadDigital(Path.Combine(folder, "binformats"));

        Assert.Equal(
            [
                WfdbFormat.Format8, WfdbFormat.Format16, WfdbFormat.Format61, WfdbFormat.Format80, WfdbFormat.Format160,
                WfdbFormat.Format212, WfdbFormat.Format310, WfdbFormat.Format311, WfdbFormat.Format24, WfdbFormat.Format32,
            ],
            recording.Signals.Select(s => s.Spec.Format));
        for (var signal = 0; signal < expected.Length; signal++)
            Assert.Equal(expected[signal], recording.Signals[signal].Samples);
    }

    [SkippableTheory]
    [InlineData(1, 2)]
    [InlineData(2, 499)]
    [InlineData(7, 23)]
    [InlineData(300, 301)]
    public void A_range_of_every_format_is_that_part_of_the_whole(int from, int to)
    {
        var record = Path.Combine(TestData.Shared("wfdb"), "binformats");
        var whole = WfdbReader.ReadDigital(record);

        var part = WfdbReader.ReadDigital(record, new WfdbReadOptions { From = from, To = to });

        for (var signal = 0; signal < whole.Signals.Count; signal++)
            Assert.Equal(whole.Signals[signal].Samples[from..to], part.Signals[signal].Samples);
    }

    [SkippableFact]
    public void Half_an_hour_in_format_212_reads_as_expected()
    {
        var folder = TestData.Shared("wfdb");
        var expected = Columns(new StreamReader(Path.Combine(folder, "record-2b")), int.Parse)[0];

        var recording = WfdbReader.ReadDigital(
            Path.Combine(folder, "100"), new WfdbReadOptions { Channels = ["V5"], From = 1, To = 10800 });

        Assert.Equal(expected, Assert.Single(recording.Signals).Samples);
        // The complete read verifies the checksums of 650000 samples.
        var whole = WfdbReader.ReadSignal(Path.Combine(folder, "100.hea"));
        Assert.Equal(["MLII", "V5"], whole.Leads);
        Assert.Equal(650000, whole.Length);
        Assert.Equal((expected[0] - 1024) / 200f, whole.Lead("V5")[1]);
    }

    [SkippableFact]
    public void A_byte_offset_channels_by_index_and_other_units_read_as_expected()
    {
        var record = Path.Combine(TestData.Shared("wfdb"), "a103l");
        var digital = Columns(new StreamReader(Path.Combine(TestData.Shared("wfdb"), "record-1c")), int.Parse);
        var physical = Columns(new StreamReader(Path.Combine(TestData.Shared("wfdb"), "record-1b")),
            s => double.Parse(s, CultureInfo.InvariantCulture));

        var two = WfdbReader.ReadDigital(record, new WfdbReadOptions { Channels = [0, 1], From = 20000 });
        var range = WfdbReader.ReadDigital(record, new WfdbReadOptions { Channels = ["PLETH", "ii"], From = 12500, To = 40000 });

        Assert.Equal(digital[0], two.Signals[0].Samples);
        Assert.Equal(digital[1], two.Signals[1].Samples);
        // The expected values are printed with eight decimals.
        for (var signal = 0; signal < 2; signal++)
            Assert.All(range.Signals[signal].ToPhysical().Zip(physical[signal]), pair => Assert.Equal(pair.Second, pair.First, 6e-9));
    }

    [SkippableFact]
    public void A_channel_that_is_no_voltage_is_refused_unless_others_are_selected()
    {
        var record = Path.Combine(TestData.Shared("wfdb"), "a103l");

        var error = Assert.Throws<EcgFormatException>(() => WfdbReader.ReadSignal(record));
        var signal = WfdbReader.ReadSignal(record, new WfdbReadOptions { Channels = ["V", "II"] });

        Assert.Contains("NU", error.Found, StringComparison.Ordinal);
        Assert.Contains("PLETH", error.Found, StringComparison.Ordinal);
        Assert.Equal(["V", "II"], signal.Leads);
        Assert.Equal(9127 / 1.052e+04f, signal.Lead(0)[0]);
        Assert.Equal(-171 / 7247f, signal.Lead(1)[0]);
    }

    [SkippableFact]
    public async Task Real_ptb_xl_reads_with_its_checksums_the_same_in_every_way()
    {
        var folder = Path.Combine(TestData.PtbXl(), "records100", "00000");
        foreach (var header in Directory.EnumerateFiles(folder, "*.hea").Order(StringComparer.Ordinal).Take(200))
        {
            var signal = WfdbReader.ReadSignal(header);
            var awaited = await WfdbReader.ReadSignalAsync(header);
            var streamed = WfdbReader.ReadSignal(
                WfdbHeader.Read(header), name => new UnseekableStream(File.ReadAllBytes(Path.Combine(folder, name))));

            Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, 1000, 100), signal.Layout);
            Assert.Equal(SignalLayout.StandardLeads, signal.Leads);
            Assert.True(signal.Samples.Span.SequenceEqual(awaited.Samples.Span));
            Assert.True(signal.Samples.Span.SequenceEqual(streamed.Samples.Span));
        }
    }

    [SkippableFact]
    public void The_first_recording_of_ptb_xl_starts_with_the_values_that_its_header_states()
    {
        var signal = WfdbReader.ReadSignal(Path.Combine(TestData.PtbXl(), "records100", "00000", "00001_lr"));

        float[] expected = [-0.119f, -0.055f, 0.064f, 0.086f, -0.091f, 0.004f, -0.069f, -0.031f, 0, -0.026f, -0.039f, -0.079f];
        Assert.Equal(expected, Enumerable.Range(0, 12).Select(lead => signal.Lead(lead)[0]));
    }

    [SkippableFact]
    public void Real_recordings_read_as_the_reference_software_read_them()
    {
        var expected = SafetensorsFile.Load(TestData.Shared("golden/preprocess.safetensors"));
        var folder = Path.Combine(TestData.PtbXl(), "records100");
        var (ids, values, time, leads) = (expected["ecg_id"].ToInt64s(), expected["raw_mV"].ToDoubles(), 1000, 12);

        for (var record = 0; record < ids.Length; record++)
        {
            var signal = WfdbReader.ReadSignal(Path.Combine(folder, $"{ids[record] / 1000 * 1000:D5}", $"{ids[record]:D5}_lr"));
            for (var lead = 0; lead < leads; lead++)
                for (var t = 0; t < time; t++)
                    Assert.Equal((float)values[(record * time + t) * leads + lead], signal.Lead(lead)[t]);
        }
    }

    private static T[][] Columns<T>(TextReader reader, Func<string, T> parse)
    {
        using (reader)
        {
            var rows = new List<T[]>();
            while (reader.ReadLine() is { } line)
                rows.Add([.. line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Select(parse)]);
            return [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Select(row => row[column]).ToArray())];
        }
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }
}
