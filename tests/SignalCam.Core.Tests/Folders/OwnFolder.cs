using SignalCam.Abstractions;
using SignalCam.Core.Folders;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Folders;

/// <summary>A folder of small WFDB recordings, and the dataset over it.</summary>
internal sealed class OwnFolder(TemporaryFolder folder)
{
    public string this[string relative] => folder[relative];

    /// <summary>Writes a recording; what its header says of it are comments.</summary>
    public EcgSignal Record(string name, params string[] comments)
    {
        var path = folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var signal = SyntheticEcg.Generate(new SyntheticOptions { Seconds = 2 }, new EcgRandom((ulong)name.Length + 1)).Signal;
        WfdbWriter.Write(Path.GetDirectoryName(path)!, Path.GetFileName(path), signal, new WfdbWriteOptions { Comments = comments });
        return WfdbReader.ReadSignal(path);
    }

    public string Write(string name, params string[] lines)
    {
        File.WriteAllLines(folder[name], lines);
        return folder[name];
    }

    public IEcgDataset Open(Action<FolderDatasetOptions>? configure = null)
    {
        var options = new FolderDatasetOptions { Folder = folder.Path };
        configure?.Invoke(options);
        return FolderDataset.Open(options, new WfdbOnly());
    }

    public static string Codes(EcgEntry entry) => string.Join(' ', entry.Statements.Select(s => s.Code));

    public static IReadOnlyList<string> Remarks(IEcgDataset dataset) => ((Core.Datasets.IDescribedDataset)dataset).Remarks;

    /// <summary>Formats are in a room that this one does not know; headers are all that is needed here.</summary>
    private sealed class WfdbOnly : IRecordingFileReader
    {
        public bool Recognizes(string path) => false;

        public EcgRecording Read(string path, EcgReadOptions options, CancellationToken cancellationToken) =>
            new(WfdbReader.ReadSignal(path), "wfdb");
    }
}
