using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests.Arrays;

/// <summary>Files that h5py 3.7 wrote (Arrays/Hdf5/make.py): sample t of lead l of recording r is 1000 r + 2 t + l.</summary>
public class Hdf5Tests
{
    private const int Length = 50;

    [Theory]
    [InlineData("contiguous", 3)]
    [InlineData("gzip-shuffle-fletcher", 3)]
    [InlineData("lzf", 3)]
    [InlineData("chunked-plain-big-endian", 3)]
    [InlineData("latest-contiguous", 3)]
    [InlineData("latest-fixed-array", 3)]
    [InlineData("latest-fixed-array-plain", 3)]
    [InlineData("latest-single-chunk", 3)]
    [InlineData("resizable", 3)]
    [InlineData("user-block", 3)]
    [InlineData("named-type", 3)]
    [InlineData("many-members", 3)]
    [InlineData("compact", 1)]
    public void Every_recording_of_a_dataset_is_read_however_it_is_stored(string name, int records)
    {
        for (var record = 0; record < records; record++)
        {
            var recording = EcgFile.Read(PathOf(name), Options(record));

            Assert.Equal("hdf5", recording.Format);
            Assert.Equal(new SignalLayout(["II", "V5"], Length, 250), recording.Signal.Layout);
            for (var lead = 0; lead < 2; lead++)
                Assert.Equal(Enumerable.Range(0, Length).Select(t => (float)((1000 * record) + (2 * t) + lead)),
                    recording.Signal.Lead(lead).ToArray());
        }
        Assert.Contains($"{records} recordings", Assert.Throws<EcgFormatException>(() => EcgFile.Read(PathOf(name), Options(records)))
            .Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_is_read() =>
        Assert.Equal(Enumerable.Range(0, Length).Select(t => (float)((2000 + (2 * t) + 1) % 2048)),
            EcgFile.Read(PathOf("float16"), Options(2)).Signal.Lead(1).ToArray().Select(v => v));

    [Fact]
    public void Attributes_of_file_group_and_dataset_state_the_facts_and_links_elsewhere_are_not_followed()
    {
        var recording = EcgFile.Read(PathOf("attributes"), new EcgReadOptions { Index = 1, IncludePatient = true });

        Assert.Equal(new SignalLayout(["aVF", "V1"], Length, 400), recording.Signal.Layout);
        Assert.Equal(1.001f, recording.Signal.Lead("aVF")[0]);
        Assert.Equal(["uV", "uV"], recording.Units);
        Assert.Equal("Recorder 7", recording.Metadata["device"]);
        Assert.Equal("F", recording.Patient["sex"]);
    }

    [Fact]
    public void Datasets_state_the_facts_as_well()
    {
        var recording = EcgFile.Read(PathOf("facts-as-datasets"));
        Assert.Equal(new SignalLayout(["II", "V5"], Length, 250), recording.Signal.Layout);
        Assert.Equal(99, recording.Signal.Lead(1)[49]);
    }

    [Fact]
    public void What_is_not_stored_has_the_fill_value()
    {
        var lead = EcgFile.Read(PathOf("partly-written"), Options(1)).Signal.Lead(1).ToArray();
        Assert.Equal(Enumerable.Range(0, 20).Select(t => 1000f + (2 * t) + 1), lead[..20]);
        Assert.All(lead[20..], v => Assert.True(float.IsNaN(v)));
    }

    [Theory]
    [InlineData("latest-extensible", "chunks in an extensible array")]
    [InlineData("virtual", "a virtual dataset")]
    [InlineData("external", "dataset ecg in other files")]
    [InlineData("compound", "no array of numbers")]
    public void What_is_not_supported_is_named(string name, string found) =>
        Assert.Equal(found, Assert.Throws<EcgFormatException>(() => EcgFile.Read(PathOf(name), Options(0))).Found);

    [Fact]
    public void A_changed_byte_is_found_by_the_checksum_of_its_chunk()
    {
        var bytes = File.ReadAllBytes(PathOf("gzip-shuffle-fletcher"));
        // The last chunk ends the file.
        bytes[^8] ^= 1;
        Assert.ThrowsAny<EcgFormatException>(() => { for (var record = 0; record < 3; record++) EcgFile.Read(new MemoryStream(bytes),
            options: Options(record)); });
    }

    internal static IEnumerable<byte[]> Files() => Directory.EnumerateFiles(Folder, "*.h5").Order(StringComparer.Ordinal)
        .Select(File.ReadAllBytes);

    internal static EcgReadOptions Options(int index) => new() { SamplingRate = 250, Leads = ["II", "V5"], Unit = "mV", Index = index };

    private static string Folder => Path.Combine(TestData.Root, "tests", "SignalCam.Formats.Tests", "Arrays", "Hdf5");

    private static string PathOf(string name) => Path.Combine(Folder, name + ".h5");
}
