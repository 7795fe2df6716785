using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>One recording to score. Exactly one of <see cref="Recording"/> and <see cref="Uri"/> is set.</summary>
/// <param name="RecordingId">The key under which the result is stored; the same recording must always have the same id.</param>
internal sealed record ScoringJob(string RecordingId)
{
    /// <summary>The samples themselves, in millivolts.</summary>
    public EcgSignal? Recording { get; init; }

    /// <summary>
    /// The address of the WFDB header for workers: file, http or https. Workers read only from trusted locations.
    /// </summary>
    public Uri? Uri { get; init; }
}

/// <summary>The common data of the jobs in one message.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="ModelSha256">SHA-256 of the model file, 64 hexadecimal digits.</param>
/// <param name="Explainer">The explainer of the maps, as <see cref="ExplainerNames"/> writes it; empty for scores only.</param>
public sealed record ScoringTask(string Model, string ModelSha256, string Explainer);
