using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.PtbXl;

namespace SignalCam.Cli.Commands;

/// <summary>What commands on a PTB-XL folder have in common.</summary>
internal static class DatasetAccess
{
    /// <summary>The dataset "ptb-xl" in a folder.</summary>
    public static ComponentSpec Spec(string folder) => new(BuiltInDatasets.PtbXl, PluginOptions.Write(new PtbXlFolderOptions { Folder = folder }));

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
