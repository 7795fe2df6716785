using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>What a result is stored under. A second result of the same key changes nothing.</summary>
/// <param name="RecordingId">The recording's id, as it was submitted.</param>
/// <param name="ModelSha256">SHA-256 of the model file, 64 hexadecimal digits.</param>
/// <param name="Explainer">What made the maps, as <see cref="ExplainerNames"/> writes it; empty for scores alone.</param>
public readonly record struct ResultKey(string RecordingId, string ModelSha256, string Explainer);

/// <summary>What a model says of one recording.</summary>
/// <remarks>Its heat maps have cells alone: `CellMaps.Resample` makes one value per sample of them.</remarks>
/// <param name="Answer">The answer; its <see cref="EcgClassification.Recording"/> is the recording's id.</param>
public sealed record ScoringResult(EcgClassification Answer)
{
    /// <summary>What it is stored under.</summary>
    public ResultKey Key => new(Answer.Recording ?? "", Answer.ModelSha256, Answer.Explainer ?? ExplainerNames.None);

    /// <summary>A classifier's answer as it is sent.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="recordingId">The recording's id.</param>
    /// <param name="explainer">What made the maps, as the job names it; empty for scores alone.</param>
    internal static ScoringResult Of(EcgClassification answer, string recordingId, string explainer) => new(answer with
    {
        Recording = recordingId,
        Explainer = explainer.Length > 0 ? explainer : null,
        Scores = [.. answer.Scores.Select(
            score => score.HeatMap is { } map ? score with { HeatMap = map with { Samples = [], LeadSamples = null } } : score)],
    });
}
