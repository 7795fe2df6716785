using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>Reads files in any available format. The formats are in assemblies that depend on this one, so the composing host passes them
/// in.</summary>
/// <remarks>Implementations are thread-safe.</remarks>
internal interface IRecordingFileReader
{
    /// <summary>Whether a file is a recording. A file that cannot be opened is not.</summary>
    bool Recognizes(string path);

    /// <summary>Reads a recording.</summary>
    /// <exception cref="EcgFormatException">The file is missing, corrupt, or not a recording.</exception>
    EcgRecording Read(string path, EcgReadOptions options, CancellationToken cancellationToken);
}
