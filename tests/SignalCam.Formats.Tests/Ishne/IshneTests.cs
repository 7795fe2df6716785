using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests;

public class IshneTests
{
    [SkippableFact]
    public void Start_and_patient_are_read()
    {
        var recording = EcgFile.Read(SharedFormats.Sample("ishne/twelve-lead.ecg"), new EcgReadOptions { IncludePatient = true });
        Assert.Equal("2020-01-02T03:04:05", recording.Start?.ToString());
        Assert.Equal(("T-1", "Test", "Patient", "F", "1970-03-03"),
            (recording.Patient["id"], recording.Patient["first_name"], recording.Patient["last_name"], recording.Patient["sex"],
                recording.Patient["birth_date"]));
        var other = EcgFile.Read(SharedFormats.Sample("ishne/three-lead-unknown.ecg"), new EcgReadOptions { IncludePatient = true });
        Assert.Equal(["variable_block"], other.Patient.Keys);
        Assert.Equal("2", other.Metadata["pacemaker_code"]);
        Assert.Empty(EcgFile.Read(SharedFormats.Sample("ishne/three-lead-unknown.ecg")).Patient);
    }

    [Fact]
    public void Samples_are_scaled_by_each_lead_s_resolution()
    {
        var recording = Read(IshneSamples.File([5, 8, 19], [1000, 2500, 500], [[1, -2], [3, 4], [5, 6]]));
        Assert.Equal(["I", "aVR", "AI"], recording.Signal.Leads);
        Assert.Equal([0.001f, -0.002f, 0.0075f, 0.01f, 0.0025f, 0.003f], recording.Signal.Samples.ToArray());
        Assert.Equal(200, recording.Signal.SamplingRate);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void The_count_may_be_that_of_one_lead_or_of_all(int stated)
    {
        var recording = Read(IshneSamples.File([5, 6, 7], [1000, 1000, 1000], [[1, 2], [3, 4], [5, 6]], stated));
        Assert.Equal(2, recording.Signal.Length);
        Assert.Empty(recording.Warnings);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_unless_asked_otherwise()
    {
        var bytes = IshneSamples.File([5, 6], [1000, 1000], [[1, 2, 3], [3, 4, 5]])[..^3];
        Assert.Contains("found 2 samples of each of 2 leads, expected 3", Assert.Throws<EcgFormatException>(() => Read(bytes)).Message,
            StringComparison.Ordinal);
        Assert.Equal(2, Read(bytes, new EcgReadOptions { Lenient = true }).Signal.Length);
    }

    [Fact]
    public void A_wrong_CRC_is_refused_unless_asked_otherwise()
    {
        var bytes = IshneSamples.File([5], [1000], [[1, 2]]);
        bytes[300] ^= 1;
        Assert.Contains("byte 8: found CRC", Assert.Throws<EcgFormatException>(() => Read(bytes)).Message, StringComparison.Ordinal);
        Assert.Contains("CRC", Assert.Single(Read(bytes, new EcgReadOptions { Lenient = true }).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_resolution_is_not_zero_volts()
    {
        var recording = Read(IshneSamples.File([5, 6], [1000, 0], [[1, 2], [30, 40]]));
        Assert.Equal(["I"], recording.Signal.Leads);
        var other = Assert.Single(recording.OtherChannels);
        Assert.Equal(("II", null), (other.Name, other.Unit));
        Assert.Equal([30f, 40], other.Samples.ToArray());
        Assert.Contains("lead II: no resolution", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        Assert.Contains("leads without a resolution", Assert.Throws<EcgFormatException>(() => Read(IshneSamples.File([5], [0], [[1, 2]])))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_that_is_none_is_a_warning()
    {
        var recording = Read(IshneSamples.File([5], [1000], [[1, 2]], date: [31, 2, 2020]));
        Assert.Null(recording.Start);
        Assert.Contains("2020-2-31", Assert.Single(recording.Warnings), StringComparison.Ordinal);
        Assert.Empty(Read(IshneSamples.File([5], [1000], [[1, 2]], date: [-9, -9, -9])).Warnings);
    }

    [Theory]
    [InlineData(156, 13, "13 leads")]
    [InlineData(156, 0, "0 leads")]
    [InlineData(272, 0, "a sampling rate of 0 Hz")]
    [InlineData(22, 7, "an ECG block at byte 7")]
    public void A_field_out_of_range_is_named(int offset, short value, string found)
    {
        var bytes = IshneSamples.File([5], [1000], [[1, 2]]);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset), value);
        Assert.Contains($"byte {offset}: found {found}", Assert.Throws<EcgFormatException>(() => Read(IshneSamples.Repair(bytes))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_beats_is_refused_by_name()
    {
        var bytes = IshneSamples.File([5], [1000], [[1, 2]]);
        "ANN  1.0"u8.CopyTo(bytes);
        Assert.Contains("a list of beats without ECG", Assert.Throws<EcgFormatException>(() => Read(bytes)).Message,
            StringComparison.Ordinal);
    }

    private static EcgRecording Read(byte[] bytes, EcgReadOptions? options = null) =>
        EcgFile.Read(new MemoryStream(bytes), "made.ecg", options);
}
