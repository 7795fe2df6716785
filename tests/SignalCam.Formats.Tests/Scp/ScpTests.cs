using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests;

public class ScpTests
{
    [SkippableFact]
    public void A_device_file_gives_start_device_and_what_was_measured()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("scp-ecg/hl7-example.scp"));
        Assert.Equal("2002-11-22T09:10:00", recording.Start?.ToString());
        Assert.Equal(("ELI250", "2.0", "2500"),
            (recording.Metadata["model"], recording.Metadata["version"], recording.Metadata["resolution_nv"]));
        Assert.Empty(recording.Patient);
        // As the aECG twin states them.
        Assert.Equal("102 ms", recording.Annotations.Single(a => a.Text == "P duration").Value);
        Assert.Equal("148 ms", recording.Annotations.Single(a => a.Text == "PR interval").Value);
        Assert.Equal("120 ms", recording.Annotations.Single(a => a.Text == "QRS duration").Value);
        Assert.Equal("420 ms", recording.Annotations.Single(a => a.Text == "QT interval").Value);
        Assert.Equal("443 ms", recording.Annotations.Single(a => a.Text == "corrected QT interval").Value);
        Assert.DoesNotContain(recording.Annotations, a => a.Text == "RR interval");
    }

    [SkippableFact]
    public void Patient_fields_come_only_when_they_are_asked_for()
    {
        var patient = EcgFile.Read(SharedFormats.Sample("scp-ecg/hl7-example.scp"), new EcgReadOptions { IncludePatient = true }).Patient;
        Assert.Equal(("Clark", "SBJ-123", "1953-05-08", "M"), (patient["last_name"], patient["id"], patient["birth_date"], patient["sex"]));
        Assert.False(patient.ContainsKey("first_name"));
        Assert.False(patient.ContainsKey("age"));
    }

    [SkippableTheory]
    [InlineData("reference-beat.scp")]
    [InlineData("no-compression.scp")]
    [InlineData("explicit-huffman-table.scp")]
    public void However_it_is_packed_the_samples_are_the_same_to_the_bit(string file)
    {
        var signal = EcgFile.Read(SharedFormats.Sample("scp-ecg/" + file)).Signal;
        Assert.True(EcgFile.Read(SharedFormats.Sample("scp-ecg/hl7-example.scp")).Signal.Samples.Span.SequenceEqual(signal.Samples.Span));
    }

    [SkippableFact]
    public void A_wrong_checksum_is_refused_by_section_and_is_a_warning_where_that_is_asked_for()
    {
        var path = SharedFormats.Sample("scp-ecg/bad-crc.scp");
        Assert.Contains("a wrong CRC of section 6 and of the record", Assert.Throws<EcgFormatException>(() => EcgFile.Read(path)).Message);
        Assert.Contains("section 6", Assert.Single(EcgFile.Read(path, new EcgReadOptions { Lenient = true }).Warnings));
    }

    [SkippableFact]
    public void A_record_that_does_not_conform_is_refused_whatever_the_options_say()
    {
        var path = SharedFormats.Sample("scp-ecg/healforce-62.scp");
        foreach (var isLenient in new[] { false, true })
            Assert.Contains("no conforming SCP-ECG record",
                Assert.Throws<EcgFormatException>(() => EcgFile.Read(path, new EcgReadOptions { Lenient = isLenient })).Message);
    }

    [Fact]
    public void Plain_samples_texts_and_measurements_are_read()
    {
        var recording = Read(ScpSamples.Plain(), new EcgReadOptions { IncludePatient = true });
        Assert.Equal([0.0025f, 0.005f, 0.0075f, 0.01f, -0.0025f, -0.005f, -0.0075f, -0.01f], recording.Signal.Samples.ToArray());
        Assert.Equal((500d, "2020-01-02T03:04:05+02:00"), (recording.Signal.SamplingRate, recording.Start?.ToString()));
        Assert.Equal("Doe", recording.Patient["last_name"]);
        Assert.Equal(
            ["RR interval=800 ms", "P duration=100 ms", "PR interval=160 ms", "QRS duration=90 ms", "QT interval=340 ms", "P axis=44 deg",
                "QRS axis=-61 deg",
                "ventricular rate=75 /min", "corrected QT interval=443 ms", "Sinus="],
            recording.Annotations.Select(a => $"{a.Text}={a.Value}"));
    }

    [Fact]
    public void The_default_Huffman_table_and_second_differences_are_undone()
    {
        // Annex C: 0, +1, -1, then an 8-bit value of -128; second differences start from two plain samples.
        var record = ScpSamples.Plain().Section(2, ScpBuilder.U16(19999))
            .Section(6, ScpBuilder.Waveform(1000, 2000, 2, 0, ScpBuilder.Bits("0 100 101 1111111110 10000000"),
                ScpBuilder.Bits("1111111100 1111111101 0 0")));
        var signal = Read(record).Signal;
        Assert.Equal([0, 0.001f, 0.001f, -0.127f], signal.Lead("I").ToArray());
        Assert.Equal([0.008f, -0.008f, -0.024f, -0.04f], signal.Lead("II").ToArray());
    }

    [Fact]
    public void Tables_of_the_record_are_used_and_switched()
    {
        // Table 1: "0" is 5, "1" switches to table 2; table 2: "0" and 8 bits of a value. First differences.
        var record = ScpSamples.All().ElementAt(2);
        Assert.Equal([0.0125f, 0.025f, 0.0425f, 0.04f], EcgFile.Read(new MemoryStream(record)).Signal.Lead("I").ToArray());
    }

    [Fact]
    public void The_reference_beat_is_added_where_it_was_subtracted()
    {
        var recording = Read(ScpSamples.Subtracted());
        Assert.Equal([1, 1, 1, 11, 21, 31, 1, 1, 1, 1, 1, 21], recording.Signal.Lead("I").ToArray().Select(v => (int)Math.Round(v * 1000)));
        Assert.Equal([0.01f, 0.02f, 0.03f], recording.MedianBeat!.Lead("I").ToArray());
    }

    [Fact]
    public void Bimodal_compression_is_refused_by_name()
    {
        var record = ScpSamples.Plain()
            .Section(6, ScpBuilder.Waveform(1000, 2000, 0, 1, ScpBuilder.Plain(1, 2, 3, 4), ScpBuilder.Plain(1, 2, 3, 4)));
        Assert.Contains("bimodal compression", Assert.Throws<EcgFormatException>(() => Read(record)).Message);
    }

    [Fact]
    public void A_lead_longer_than_its_byte_count_can_say_is_read_whole()
    {
        var samples = Enumerable.Range(0, 40000).Select(i => i % 1000).ToArray();
        var plain = ScpBuilder.Plain(samples);
        byte[] section = [.. ScpBuilder.U16(1000), .. ScpBuilder.U16(2000), 0, 0, .. ScpBuilder.U16(plain.Length), .. plain];
        var recording = Read(new ScpBuilder().Section(3, ScpBuilder.Leads(4, 40000, 1)).Section(6, section));
        Assert.Equal(40000, recording.Signal.Length);
        Assert.Equal(0.999f, recording.Signal.Lead("I")[39999]);
        Assert.Contains(recording.Warnings, w => w.Contains("16 bits of their byte counts", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lead_that_ends_early_is_refused_by_name()
    {
        var record = ScpSamples.Plain().Section(2, ScpBuilder.U16(19999))
            .Section(6, ScpBuilder.Waveform(1000, 2000, 0, 0, ScpBuilder.Bits("0000"), ScpBuilder.Bits("00 11111111")));
        Assert.Contains("2 samples of lead II", Assert.Throws<EcgFormatException>(() => Read(record)).Message);
    }

    [Fact]
    public void Leads_that_were_recorded_one_after_another_keep_their_times()
    {
        byte[] leads = [2, 0, .. ScpBuilder.U32(1), .. ScpBuilder.U32(2), 1, .. ScpBuilder.U32(3), .. ScpBuilder.U32(4), 2];
        var record = new ScpBuilder().Section(3, leads)
            .Section(6, ScpBuilder.Waveform(1000, 2000, 0, 0, ScpBuilder.Plain(1, 2), ScpBuilder.Plain(3, 4)));
        var signal = Read(record).Signal;
        Assert.Equal([0.001f, 0.002f, float.NaN, float.NaN, float.NaN, float.NaN, 0.003f, 0.004f], signal.Samples.ToArray());
    }

    [Fact]
    public void A_length_that_the_bytes_cannot_hold_is_refused_before_memory_is_reserved()
    {
        var record = new ScpBuilder().Section(3, ScpBuilder.Leads(0, 100_000_000, 1))
            .Section(6, ScpBuilder.Waveform(1000, 2000, 0, 0, ScpBuilder.Plain(1, 2)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EcgFormatException>(() => Read(record));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void A_pointer_out_of_the_record_is_refused()
    {
        var bytes = ScpSamples.Plain().ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(22 + 10 + 6), 0xFFFFFF00);
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(new MemoryStream(ScpBuilder.Repair(bytes))));
        Assert.Contains("for section 1", error.Message);
    }

    private static EcgRecording Read(ScpBuilder record, EcgReadOptions? options = null) =>
        EcgFile.Read(new MemoryStream(record.ToArray()), "test", options);
}
