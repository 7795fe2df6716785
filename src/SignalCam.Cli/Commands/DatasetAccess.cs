using SignalCam.Core.Datasets;

namespace SignalCam.Cli.Commands;

/// <summary>Shared parts of commands on datasets.</summary>
internal static class DatasetAccess
{
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
