using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>A recording of a folder with its labels from a table or header.</summary>
internal sealed record FolderEntry : EcgEntry
{
    /// <summary>The file, as a full path.</summary>
    public required string File { get; init; }

    /// <summary>Codes for which it is unknown whether they apply: blank fields of the table.</summary>
    public IReadOnlyList<string> UnknownCodes { get; init; } = [];
}
