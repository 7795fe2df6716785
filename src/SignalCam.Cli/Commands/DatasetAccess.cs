using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.PtbXl;

namespace SignalCam.Cli.Commands;

/// <summary>What commands on a PTB-XL folder have in common.</summary>
internal static class DatasetAccess
{
    /// <summary>The dataset "ptb-xl" in a folder, read by way of a cache where there is to be one.</summary>
    public static ComponentSpec Spec(string folder, string? cache = null) =>
        new(BuiltInDatasets.PtbXl, PluginOptions.Write(new PtbXlFolderOptions { Folder = folder, Cache = cache is null ? null : Path.GetFullPath(cache) }));

    public static FoldSet Folds(string option, string text)
    {
        try
        {
            return FoldSet.Parse(text);
        }
        catch (DatasetSplitException e)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }

    public static RecordingReaderOptions Reading(bool skipBad) =>
        new() { OnBadRecording = skipBad ? OnBadRecording.Skip : OnBadRecording.Fail };
}
