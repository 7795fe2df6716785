using System.Text.Json.Serialization;

namespace SignalCam.Abstractions;

/// <summary>A part of a recording along time.</summary>
/// <param name="Start">Seconds from the recording's first sample.</param>
/// <param name="Duration">Seconds.</param>
public readonly record struct EcgStretch(double Start, double Duration)
{
    /// <summary>Seconds from the recording's first sample to the stretch's end.</summary>
    [JsonIgnore]
    public double End => Start + Duration;
}

/// <summary>How much a finding says against a recording.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; says nothing against the recording.</summary>
    Info,

    /// <summary>The answer may be worse than the model's figures say.</summary>
    Warning,

    /// <summary>The recording cannot be trusted: no class is decided.</summary>
    Unusable,
}

/// <summary>What a check has to say against a recording.</summary>
/// <param name="Code">What was found, for programs: lower case, words joined by '-', such as "lead-off".</param>
/// <param name="Severity">How much it says against the recording.</param>
/// <param name="Sentence">The same for people, in one sentence.</param>
public sealed record EcgFinding(string Code, FindingSeverity Severity, string Sentence)
{
    /// <summary>The leads that it was found in; empty for the recording as a whole.</summary>
    public IReadOnlyList<string> Leads { get; init; } = [];

    /// <summary>Where it was found; null for the whole recording.</summary>
    public EcgStretch? Stretch { get; init; }

    /// <summary>The measured value; its unit is the check's. Null if nothing is measured.</summary>
    public double? Value { get; init; }
}

/// <summary>Says whether a recording can be trusted: the plug-in kind "check".</summary>
/// <remarks>Implementations are stateless and thread-safe.</remarks>
public interface IRecordingCheck
{
    /// <summary>The name it is looked up by (case-insensitive), such as "mains-hum".</summary>
    string Name { get; }

    /// <summary>Checks a recording as it was read, before it is adapted to a model: its own rate, all its leads.</summary>
    /// <param name="recording">Samples in millivolts; a missing one is NaN.</param>
    /// <returns>What was found; empty if there are none.</returns>
    IReadOnlyList<EcgFinding> Check(EcgRecording recording);
}
