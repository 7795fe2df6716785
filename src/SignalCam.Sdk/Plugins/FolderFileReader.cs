using SignalCam.Abstractions;
using SignalCam.Core.Folders;
using SignalCam.Formats;

namespace SignalCam.Sdk.Plugins;

/// <summary>Reads the files of the dataset "folder" by their content.</summary>
internal sealed class FolderFileReader(EcgFileReader formats) : IRecordingFileReader
{
    public bool Recognizes(string path)
    {
        try
        {
            return formats.Find(path) is not null;
        }
        catch (EcgFormatException)
        {
            // A file that cannot be opened, such as a pipe, is not one of the folder's recordings.
            return false;
        }
    }

    public EcgRecording Read(string path, EcgReadOptions options, CancellationToken cancellationToken) => formats.Read(path, options);
}
