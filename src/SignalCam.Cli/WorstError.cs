using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Sdk.Evaluation;

namespace SignalCam.Cli;

/// <summary>A sure decision that the label contradicts.</summary>
/// <param name="Entry">The recording.</param>
/// <param name="Class">The class that is wrongly called or wrongly not.</param>
/// <param name="Applies">Whether the label says that it applies.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Truth">Every class that the label says, in words.</param>
internal sealed record WorstError(EcgEntry Entry, string Class, bool Applies, float Probability, string Truth)
{
    private const int Most = 6;

    public string Statements => Entry.Statements.Count == 0 ? "none" : string.Join(", ", Entry.Statements.Select(s => s.Code));

    public string Decision => Applies ? $"{Class} not called" : $"{Class} called";

    public static IReadOnlyList<WorstError> Of(ModelEvaluation evaluation)
    {
        var scores = evaluation.Scores;
        var classes = scores.Classes;
        return [.. WrongDecision.Surest(scores, Most).Select(wrong =>
        {
            var start = wrong.Recording * classes.Count;
            var truth = string.Join(", ", classes.Where((_, c) => scores.Targets[start + c] == 1));
            return new WorstError(
                evaluation.Predictions.Entries[wrong.Recording], classes[wrong.Class], scores.Targets[start + wrong.Class] == 1,
                scores.Probabilities[start + wrong.Class], truth.Length > 0 ? truth : classes.Count == 1 ? $"not {classes[0]}" : "none");
        })];
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Entry.Id,
        ["class"] = Class,
        ["target"] = Applies ? 1 : 0,
        ["probability"] = Probability,
    };
}
