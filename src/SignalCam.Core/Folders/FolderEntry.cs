using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>A recording of a folder with what its table or its header says.</summary>
internal sealed record FolderEntry : EcgEntry
{
    /// <summary>The file, as a full path.</summary>
    public required string File { get; init; }

    /// <summary>Codes of which it is not known whether they apply: blank fields of the table.</summary>
    public IReadOnlyList<string> UnknownCodes { get; init; } = [];
}
