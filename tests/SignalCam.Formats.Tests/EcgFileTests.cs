using System.Diagnostics;
using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Formats.Tests;

public class EcgFileTests
{
    [Fact]
    public void The_example_of_the_docs_prints_what_they_say_it_prints()
    {
        using var folder = TestData.Folder();
        var path = folder["ecg"];
        File.WriteAllBytes(path, DicomSamples.File(new DicomGroupSpec()));
        var Console = new StringWriter();
        var recording = EcgFile.Read(path);
        Console.WriteLine($"{recording.Format}: {recording.Signal.Layout}");
        Assert.Equal("dicom: 2 leads x 4 samples at 500 Hz\n", Console.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void An_unknown_file_is_refused_with_the_list_of_formats()
    {
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(new MemoryStream([0x7F, 0x45, 0x4C, 0x46]), "prog"));
        Assert.StartsWith("prog: found a file that starts with bytes 7F454C46, expected a file of a known format: dicom", error.Message);
        foreach (var format in EcgFile.Formats)
            Assert.Contains(format.Name, error.Message);
    }

    [Fact]
    public void The_name_of_a_file_does_not_matter()
    {
        using var folder = TestData.Folder();
        File.WriteAllBytes(folder["ecg.txt"], DicomSamples.File(new DicomGroupSpec()));
        File.WriteAllBytes(folder["noextension"], ScpSamples.Plain().ToArray());
        Assert.Equal("dicom", EcgFile.Read(folder["ecg.txt"]).Format);
        Assert.Equal("scp-ecg", EcgFile.Read(folder["noextension"]).Format);
    }

    [Fact]
    public async Task A_stream_is_read_from_its_position_and_stays_open()
    {
        byte[] bytes = [1, 2, 3, .. ScpSamples.Plain().ToArray()];
        foreach (var isAsync in new[] { false, true })
        {
            using var stream = new MemoryStream(bytes) { Position = 3 };
            var recording = isAsync ? await EcgFile.ReadAsync(stream) : EcgFile.Read(stream);
            Assert.Equal(["I", "II"], recording.Signal.Leads);
            Assert.True(stream.CanRead);
        }
        using var folder = TestData.Folder();
        File.WriteAllBytes(folder["x"], bytes[3..]);
        Assert.Equal(500, (await EcgFile.ReadAsync(folder["x"])).Signal.SamplingRate);
    }

    [Fact]
    public void A_stream_without_length_is_read_to_its_end_and_no_further_than_the_limit()
    {
        var bytes = ScpSamples.Plain().ToArray();
        Assert.Equal(4, EcgFile.Read(new Dripping(bytes, 1000), "drip").Signal.Length);
        var error = Assert.Throws<EcgFormatException>(() =>
            EcgFile.Read(new Dripping(bytes, int.MaxValue), "endless", new EcgReadOptions { MaxBytes = 1 << 20 }));
        Assert.Contains("more than 1048576 bytes", error.Message);
    }

    [Fact]
    public void A_file_over_the_limit_is_refused_without_being_read()
    {
        using var folder = TestData.Folder();
        using (var file = File.Create(folder["big"]))
        {
            file.Write(ScpSamples.Plain().ToArray());
            file.SetLength(3L << 30);
        }
        var error = Assert.Throws<EcgFormatException>(() => EcgFile.Read(folder["big"]));
        Assert.Contains("found 3221225472 bytes, expected at most 1073741824", error.Message);
    }

    [SkippableTheory]
    [InlineData("pipe", "a FIFO (named pipe)")]
    [InlineData("linked", "a FIFO (named pipe)")]
    [InlineData("/dev/zero", "a character device")]
    [InlineData("/dev/null", "a character device")]
    public void A_pipe_or_device_is_refused_by_its_kind_and_does_not_hang(string name, string kind)
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes and devices have no path of this kind");
        using var folder = TestData.Folder();
        Process.Start("mkfifo", folder["pipe"]).WaitForExit();
        File.CreateSymbolicLink(folder["linked"], folder["pipe"]);
        var path = name.StartsWith('/') ? name : folder[name];
        var reading = Task.Run(() => EcgFile.Read(path));
        Assert.True(Task.WaitAny([reading], TimeSpan.FromSeconds(30)) == 0, "still reading");
        Assert.StartsWith($"{path}: found {kind}, expected a regular file", reading.Exception!.InnerException!.Message);
    }

    [Fact]
    public void A_folder_and_a_missing_file_are_refused_by_name()
    {
        using var folder = TestData.Folder();
        Assert.Equal($"{folder.Path}: found a folder, expected a regular file",
            Assert.Throws<EcgFormatException>(() => EcgFile.Read(folder.Path)).Message);
        Assert.Equal($"{folder["no"]}: found no such file, expected a file of a recording",
            Assert.Throws<EcgFormatException>(() => EcgFile.Read(folder["no"])).Message);
    }

    [Fact]
    public void Files_beside_a_file_are_those_of_its_folder_only()
    {
        using var folder = TestData.Folder();
        Directory.CreateDirectory(folder["inner"]);
        File.WriteAllText(folder["secret"], "s");
        File.WriteAllText(folder["inner/a"], "a");
        File.WriteAllText(folder["inner/b"], "b");
        File.CreateSymbolicLink(folder["inner/out"], folder["secret"]);
        File.CreateSymbolicLink(folder["inner/in"], folder["inner/b"]);
        var format = new Siblings();
        var reader = new EcgFileReader([format]);
        EcgFormatException Refused(string name) => Assert.Throws<EcgFormatException>(() => format.Ask(reader, folder["inner/a"], name));

        Assert.Equal("b", format.Ask(reader, folder["inner/a"], "b"));
        Assert.Equal("b", format.Ask(reader, folder["inner/a"], "in"));
        Assert.Null(format.Ask(reader, folder["inner/a"], "c"));
        Assert.Contains("leads out of the recording's folder", Refused("out").Message);
        foreach (var name in new[] { "../secret", "..", ".", "", "/etc/passwd", "x/b", @"..\secret", "C:b", "b\0" })
            Assert.Contains("as the name of a file beside it", Refused(name).Message);
    }

    [Fact]
    public void A_record_name_without_extension_opens_its_header()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["rec.hea"], "b");
        var format = new Siblings();
        Assert.Equal(folder["rec.hea"], format.NameOf(new EcgFileReader([format]), folder["rec"]));
        Directory.CreateDirectory(folder["rec"]);
        Assert.Equal(folder["rec.hea"], format.NameOf(new EcgFileReader([format]), folder["rec"]));
    }

    [Fact]
    public void Files_in_memory_see_each_other()
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { ["a"] = "a"u8.ToArray(), ["b"] = "b"u8.ToArray() };
        var format = new Siblings { Wanted = "b" };
        new EcgFileReader([format]).Read("a", files);
        Assert.Equal("b", format.Found);
        Assert.Throws<EcgFormatException>(() => new EcgFileReader([format]).Read("c", files));
    }

    [Fact]
    public void Formats_of_one_name_are_refused_when_the_reader_is_made()
    {
        var error = Assert.Throws<ArgumentException>(() => new EcgFileReader([new Siblings(), new Siblings()]));
        Assert.Contains("format 'siblings' occurs 2 times", error.Message);
    }

    [Fact]
    public void Short_gaps_are_bridged_where_that_is_asked_for_and_long_ones_stay()
    {
        var file = DicomSamples.File(new DicomGroupSpec { Length = 7, Samples = [9, 1, 2, 9, 9, 9, 8, 9, 9, 7, 10, 9, 9, 5],
            Padding = [9, 0], Sensitivity = "1000" });
        EcgRecording Read(double seconds) => EcgFile.Read(new MemoryStream(file), options: new EcgReadOptions { BridgeGaps = seconds });

        Assert.Equal([float.NaN, 2, float.NaN, 8, float.NaN, 10, float.NaN], Read(0).Signal.Lead("I").ToArray());
        var bridged = Read(0.002);
        Assert.Equal([float.NaN, 2, 5, 8, 9, 10, float.NaN], bridged.Signal.Lead("I").ToArray());
        Assert.Equal([1, float.NaN, float.NaN, float.NaN, 7, 6, 5], bridged.Signal.Lead("II").ToArray());
        Assert.Equal([1, 2.5f, 4, 5.5f, 7, 6, 5], Read(0.006).Signal.Lead("II").ToArray());
        Assert.Equal("gaps bridged by a straight line: lead I, sample 2; lead I, sample 4; lead II, sample 5",
            Assert.Single(bridged.Warnings));
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        foreach (var options in new[] { new EcgReadOptions { Index = -1 }, new() { MaxBytes = 0 }, new() { BridgeGaps = double.NaN },
            new() { SamplingRate = 0 } })
            Assert.ThrowsAny<ArgumentException>(() =>
                EcgFile.Read("no", new Dictionary<string, ReadOnlyMemory<byte>> { ["no"] = ScpSamples.Plain().ToArray() }, options));
    }

    /// <summary>Asks for a file beside the one it reads.</summary>
    private sealed class Siblings : IEcgFormat
    {
        public string? Wanted { get; set; }

        public string? Found { get; private set; }

        private string? Seen { get; set; }

        public string Name => "siblings";

        public string? Ask(EcgFileReader reader, string path, string name)
        {
            (Wanted, Found) = (name, null);
            reader.Read(path);
            return Found;
        }

        public string? NameOf(EcgFileReader reader, string path)
        {
            reader.Read(path);
            return Seen;
        }

        public bool Recognizes(EcgFileSource file) => true;

        public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
        {
            Seen = file.Name;
            if (Wanted is not null)
            {
                using var stream = file.OpenSibling(Wanted);
                Found = stream is null ? null : new StreamReader(stream).ReadToEnd();
            }
            return new EcgRecording(new EcgSignal([0], new SignalLayout(["I"], 1, 1)), Name);
        }
    }

    /// <summary>Gives a few bytes at a time, does not know its length, and goes on with zeros up to a length.</summary>
    private sealed class Dripping(byte[] content, int length) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(Math.Min(count, 777), length - _at);
            for (var i = 0; i < read; i++)
                buffer[offset + i] = _at + i < content.Length ? content[_at + i] : (byte)0;
            _at += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
