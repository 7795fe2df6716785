using SignalCam.Core.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.PtbXl;

/// <summary>The real PTB-XL tables, read once for all tests.</summary>
internal static class RealPtbXl
{
    private static readonly Lazy<PtbXlDataset> Opened = new(() => PtbXlDataset.Open(TestData.PtbXl()));

    /// <summary>PTB-XL 1.0.3, or skips the test.</summary>
    public static PtbXlDataset Open()
    {
        TestData.PtbXl();
        return Opened.Value;
    }

    /// <summary>The entries of a fold, or skips the test: a copy may lack the test fold.</summary>
    public static IReadOnlyList<PtbXlEntry> Fold(int fold)
    {
        PtbXlEntry[] entries = [.. Open().Entries.Where(e => e.Fold == fold)];
        Skip.If(entries.Length == 0, $"this copy of PTB-XL has no fold {fold}");
        return entries;
    }
}
