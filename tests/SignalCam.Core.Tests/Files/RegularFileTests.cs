using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Tests.PtbXl;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Files;

public sealed class RegularFileTests
{
    private const string Fifo = "a FIFO (named pipe)";
    private const string Device = "a character device";

    [SkippableFact]
    public async Task What_is_no_regular_file_is_refused_by_its_kind_and_never_waited_for()
    {
        using var folder = TestData.Folder();
        using var socket = SpecialFiles.Socket(folder["s"]);
        File.CreateSymbolicLink(folder["link"], SpecialFiles.Fifo(folder["fifo"]));
        foreach (var (path, kind) in new[]
        {
            (folder["fifo"], Fifo), (folder["link"], Fifo), (folder["s"], "a socket"), (SpecialFiles.Endless(), Device),
            (folder.Path, "a folder"),
        })
        {
            var error =
                await SpecialFiles.WithoutWaiting(() => Assert.Throws<FileRefusedException>(() => RegularFile.ReadAllBytes(path, 1000)));
            Assert.Equal($"{path}: found {kind}, expected a regular file", error.Message);
            Assert.Contains(
                kind, Assert.Throws<FileRefusedException>(() => RegularFile.RequireWritable(path)).Message, StringComparison.Ordinal);
        }
        RegularFile.RequireWritable(folder["nothing"]);
    }

    [Fact]
    public void Bytes_text_and_streams_are_what_is_in_the_file_and_no_more_than_asked()
    {
        using var folder = TestData.Folder();
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
        File.WriteAllBytes(folder["data"], bytes);
        Assert.Equal(bytes, RegularFile.ReadAllBytes(folder["data"], bytes.Length));
        Assert.Contains("found 300000 bytes, expected at most 299999",
            Assert.Throws<FileRefusedException>(() => RegularFile.ReadAllBytes(folder["data"], 299_999)).Message, StringComparison.Ordinal);
        Assert.Throws<FileRefusedException>(() => RegularFile.OpenBounded(folder["data"], 299_999));
        using (var stream = RegularFile.OpenRead(folder["data"]))
        {
            stream.Position = 299_990;
            Assert.Equal((300_000, bytes[299_990]), (stream.Length, stream.ReadByte()));
        }
        File.WriteAllText(folder["text"], "\uFEFFµV");
        Assert.Equal("µV", RegularFile.ReadAllText(folder["text"], 100));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenHandle(folder["nothing"]));
        Assert.Throws<DirectoryNotFoundException>(() => RegularFile.OpenHandle(folder["data/below"]));
        Assert.Throws<FileRefusedException>(() => RegularFile.OpenHandle("a\0b"));
    }

    [Fact]
    public void A_file_that_grows_is_read_up_to_its_length_at_the_beginning()
    {
        using var folder = TestData.Folder();
        File.WriteAllBytes(folder["growing"], new byte[5000]);
        using var stream = RegularFile.OpenBounded(folder["growing"], 10_000);
        using var writer = new FileStream(folder["growing"], FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        var (buffer, read) = (new byte[512], 0);
        for (int step; (step = stream.Read(buffer)) > 0; read += step)
            writer.Write(buffer);
        Assert.Equal(5000, read);
    }

    [SkippableFact]
    public void A_file_without_a_length_that_has_bytes_is_refused()
    {
        Skip.IfNot(File.Exists("/proc/version"), "there is no /proc");
        Assert.Contains("more than its 0 bytes",
            Assert.Throws<FileRefusedException>(() => RegularFile.ReadAllBytes("/proc/version", 1000)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Readers_name_a_FIFO_or_a_device_in_the_place_of_any_of_their_files()
    {
        using var folder = TestData.Folder();
        SpecialFiles.Fifo(folder["x.dat"]);
        await File.WriteAllTextAsync(folder["x.hea"], "x 1 100 1000\nx.dat 16 200 16 0 0 0 0 II\n");
        SpecialFiles.Fifo(folder["h.hea"]);
        SpecialFiles.Fifo(folder["ground_truth.json"]);
        File.CreateSymbolicLink(folder["d.hea"], SpecialFiles.Endless());

        await Refused<EcgFormatException>("x.dat", Fifo, () => WfdbReader.ReadSignal(folder["x"]));
        await Refused<EcgFormatException>("x.dat", Fifo, () => WfdbReader.ReadSignalAsync(folder["x"]).GetAwaiter().GetResult());
        await Refused<EcgFormatException>("x.dat", Fifo, () => WfdbReader.ReadDigital(folder["x"]));
        await Refused<EcgFormatException>("h.hea", Fifo, () => WfdbReader.ReadSignal(folder["h"]));
        await Refused<EcgFormatException>("d.hea", Device, () => WfdbHeader.Read(folder["d.hea"]));
        await Refused<EcgFormatException>("ground_truth.json", Fifo, () => SyntheticGroundTruth.Read(folder.Path));
        await Refused<ModelFormatException>("h.hea", Fifo, () => ModelFile.Load(folder["h.hea"]));
        await Refused<ModelFormatException>("d.hea", Device, () => PyTorchCheckpoint.Load(folder["d.hea"]));
        foreach (var table in new[] { "ptbxl_database.csv", "scp_statements.csv" })
        {
            using var dataset = PtbXlFolder.WithRecordings(1);
            File.Delete(Path.Combine(dataset.Path, table));
            SpecialFiles.Fifo(Path.Combine(dataset.Path, table));
            await Refused<EcgFormatException>(table, Fifo, () => PtbXlDataset.Open(dataset.Path));
        }

        static async Task Refused<T>(string file, string kind, Func<object> read)
            where T : FileFormatException
        {
            var error = await SpecialFiles.WithoutWaiting(() => Assert.Throws<T>(read));
            Assert.Equal((file, kind, "a regular file"), (Path.GetFileName(error.File), error.Found, error.Expected));
        }
    }

    [SkippableFact]
    public async Task A_model_is_not_written_in_the_place_of_a_device_or_a_FIFO()
    {
        using var folder = TestData.Folder();
        File.CreateSymbolicLink(folder["null"], "/dev/null");
        SpecialFiles.Fifo(folder["fifo"]);
        foreach (var name in new[] { "null", "fifo" })
            await SpecialFiles.WithoutWaiting(() => Assert.Throws<FileRefusedException>(() => WholeFile.WriteText(folder[name], "text")));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }
}
