using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>Reads files of the formats there are. The formats are in rooms that know this one, so whoever composes both passes them
/// in.</summary>
/// <remarks>Implementations are thread-safe.</remarks>
internal interface IRecordingFileReader
{
    /// <summary>Whether a file is a recording. A file that cannot be opened is none.</summary>
    bool Recognizes(string path);

    /// <summary>Reads a recording.</summary>
    /// <exception cref="EcgFormatException">The file is missing, corrupt, or no recording.</exception>
    EcgRecording Read(string path, EcgReadOptions options, CancellationToken cancellationToken);
}
