using SignalCam.Abstractions;

namespace SignalCam.Formats.Tests;

/// <summary>The memory of a file is used again for the next one: a recording must hold nothing of it.</summary>
public class BorrowedMemoryTests
{
    [SkippableTheory]
    [MemberData(nameof(SharedFormats.Rows), MemberType = typeof(SharedFormats))]
    public void A_recording_stays_as_it_is_when_the_memory_of_its_file_is_used_again(string folder, string file)
    {
        var path = SharedFormats.Sample($"{folder}/{file}");
        Skip.IfNot(SharedFormats.Expected(folder, file).Verdict == "read", "not read");
        var leads = folder == "matlab-hdf5-numpy" ? SignalLayout.StandardLeads : null;
        var options = new EcgReadOptions
        {
            IncludePatient = true,
            SamplingRate = leads is null ? null : 500,
            Leads = leads,
            Unit = leads is null ? null : "mV",
        };
        var expected = EcgFile.Read(path, options);

        var source = new Borrowed(path);
        var recording = new EcgFileReader(EcgFile.Formats).Read(source, options);
        source.Overwrite();
        Assert.Equal(expected.Signal.Samples.ToArray(), recording.Signal.Samples.ToArray());
        Assert.Equal(expected.MedianBeat?.Samples.ToArray(), recording.MedianBeat?.Samples.ToArray());
        Assert.Equal(expected.OtherChannels.Select(c => c.Samples.ToArray()), recording.OtherChannels.Select(c => c.Samples.ToArray()));
        Assert.Equal(expected.Metadata, recording.Metadata);
        Assert.Equal(expected.Patient, recording.Patient);
        Assert.Equal(expected.Annotations, recording.Annotations);
    }

    /// <summary>A file whose memory is overwritten when it has been read.</summary>
    private sealed class Borrowed(string path) : EcgFileSource
    {
        private readonly byte[] _content = File.ReadAllBytes(path);

        public override string Name => path;

        public override ReadOnlyMemory<byte> Head => _content.AsMemory(0, Math.Min(_content.Length, HeadLength));

        public override Stream Open() => new MemoryStream(_content, writable: false);

        public override ReadOnlyMemory<byte> ReadAll(long maxBytes) => _content;

        public override Stream? OpenSibling(string name) =>
            Path.Combine(Path.GetDirectoryName(path)!, name) is var sibling && File.Exists(sibling) ? File.OpenRead(sibling) : null;

        public void Overwrite() => Array.Fill(_content, (byte)0xCC);
    }
}
