using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>The labels of a recording: a row of a label table, or the comments of a header.</summary>
internal sealed record LabelRow
{
    /// <summary>The recording's name.</summary>
    public required string Recording { get; init; }

    /// <summary>The file's name if stated separately; null if the recording's name identifies it.</summary>
    public string? File { get; init; }

    public string? Patient { get; init; }

    public int? Fold { get; init; }

    public double? Age { get; init; }

    public Sex? Sex { get; init; }

    /// <summary>Codes that apply, each once, in the source's order.</summary>
    public IReadOnlyList<string> Codes { get; init; } = [];

    /// <summary>Codes for which it is unknown whether they apply.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Whether any codes are known. A row whose labels are all blank is a recording without a label.</summary>
    public required bool IsLabelled { get; init; }

    /// <summary>Its position, for messages: "line 3".</summary>
    public string? Position { get; init; }
}
