namespace SignalCam.Formats.Ishne;

/// <summary>The header's description of a lead.</summary>
/// <param name="Specification">Its code: 5 to 16 are the standard leads.</param>
/// <param name="Quality">0 unknown, 1 good, 2 to 5 with noise or disconnects.</param>
/// <param name="Nanovolts">What one unit is worth; 0 where it is not known.</param>
internal readonly record struct IshneLead(short Specification, short Quality, short Nanovolts)
{
    private static readonly string[] Names =
    [
        "unknown", "generic bipolar", "X", "Y", "Z", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6",
        "ES", "AS", "AI",
    ];

    private static readonly string[] Qualities =
        ["", "", "intermittent noise", "frequent noise", "intermittent disconnects", "frequent disconnects"];

    public string Name => Specification >= 0 && Specification < Names.Length ? Names[Specification] : $"lead specification {Specification}";

    public void AddWarnings(List<string> warnings)
    {
        if (Quality >= 2 && Quality < Qualities.Length)
            warnings.Add($"lead {Name}: {Qualities[Quality]}, says the file");
        if (Nanovolts <= 0)
            warnings.Add($"lead {Name}: no resolution is stated; it is set aside with its numbers as stored");
    }
}
