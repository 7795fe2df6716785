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

/// <summary>The severity of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; not an objection to the recording.</summary>
    Info,

    /// <summary>The answer may be less accurate than the model's figures.</summary>
    Warning,

    /// <summary>The recording is unusable: no class is decided.</summary>
    Unusable,
}

/// <summary>A problem that a check found in a recording.</summary>
/// <param name="Code">What was found, for programs: lower case, words joined by '-', such as "lead-off".</param>
/// <param name="Severity">How serious it is.</param>
/// <param name="Sentence">The same for people, in one sentence.</param>
public sealed record EcgFinding(string Code, FindingSeverity Severity, string Sentence)
{
    /// <summary>The leads that it was found in; empty for the recording as a whole.</summary>
    public IReadOnlyList<string> Leads { get; init; } = [];

    /// <summary>The stretch in which it was found; null for the whole recording.</summary>
    public EcgStretch? Stretch { get; init; }

    /// <summary>The measured value; its unit is the check's. Null if nothing is measured.</summary>
    public double? Value { get; init; }
}

/// <summary>Decides whether a recording can be trusted: the plug-in kind "check".</summary>
/// <remarks>Implementations are stateless and thread-safe.</remarks>
public interface IRecordingCheck
{
    /// <summary>The name it is looked up by (case-insensitive), such as "mains-hum".</summary>
    string Name { get; }

    /// <summary>Checks a recording as it was read, before it is adapted to a model: its own rate, all its leads.</summary>
    /// <param name="recording">Samples in millivolts; a missing one is NaN.</param>
    /// <returns>The findings; empty if there are none.</returns>
    IReadOnlyList<EcgFinding> Check(EcgRecording recording);
}
