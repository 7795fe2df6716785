using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Formats;

namespace SignalCam.Doors.Tests;

/// <summary>200 recordings of PTB-XL's fold 9, spread over the whole fold; skips the test where PTB-XL is not here.</summary>
internal sealed class Recordings
{
    private const int Count = 200;

    private Recordings(PtbXlDataset dataset)
    {
        Dataset = dataset;
        var fold = dataset.Entries.Where(entry => entry.Fold == 9).ToArray();
        Assert.InRange(fold.Length, Count, int.MaxValue);
        Entries = [.. Enumerable.Range(0, Count).Select(i => fold[(int)((long)i * fold.Length / Count)])];
        Paths = [.. Entries.Select(entry => Path.Combine(dataset.Folder, entry.FilenameLr!))];
    }

    public PtbXlDataset Dataset { get; }

    public IReadOnlyList<PtbXlEntry> Entries { get; }

    /// <summary>The record's path of each entry.</summary>
    public IReadOnlyList<string> Paths { get; }

    public static Recordings Open() => new(PtbXlDataset.Open(TestData.PtbXl()));

    public EcgRecording Read(int index) => EcgFile.Read(Paths[index]);
}
