using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>The key of a result. A second result with the same key changes nothing.</summary>
/// <param name="RecordingId">The recording's id, as it was submitted.</param>
/// <param name="ModelSha256">SHA-256 of the model file, 64 hexadecimal digits.</param>
/// <param name="Explainer">The explainer of the maps, as <see cref="ExplainerNames"/> writes it; empty for scores only.</param>
public readonly record struct ResultKey(string RecordingId, string ModelSha256, string Explainer);

/// <summary>A model's answer for one recording.</summary>
/// <remarks>Its heat maps have only cells: `CellMaps.Resample` computes one value per sample from them.</remarks>
/// <param name="Answer">The answer; its <see cref="EcgClassification.Recording"/> is the recording's id.</param>
public sealed record ScoringResult(EcgClassification Answer)
{
    /// <summary>The key of the result.</summary>
    public ResultKey Key => new(Answer.Recording ?? "", Answer.ModelSha256, Answer.Explainer ?? ExplainerNames.None);

    /// <summary>Creates a result from a classifier's answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="recordingId">The recording's id.</param>
    /// <param name="explainer">The explainer of the maps, as the job names it; empty for scores only.</param>
    internal static ScoringResult Of(EcgClassification answer, string recordingId, string explainer) => new(answer with
    {
        Recording = recordingId,
        Explainer = explainer.Length > 0 ? explainer : null,
        Scores = [.. answer.Scores.Select(
            score => score.HeatMap is { } map ? score with { HeatMap = map with { Samples = [], LeadSamples = null } } : score)],
    });
}
