using SignalCam.Abstractions;

namespace SignalCam.Cli.Batch;

/// <summary>The result for one recording of a batch, without samples and maps.</summary>
/// <param name="Recording">Its id: the path as given.</param>
/// <param name="Scores">One for each class; empty if there is an error.</param>
/// <param name="Findings">The findings of the checks: code and severity.</param>
/// <param name="ModelSha256">The SHA-256 of the model that answered; null if there is an error.</param>
/// <param name="Error">Why there is no answer; null if there is one.</param>
internal sealed record BatchRow(
    string Recording, IReadOnlyList<BatchScore> Scores, IReadOnlyList<BatchFinding> Findings, string? ModelSha256, string? Error)
{
    public static BatchRow Of(EcgStreamAnswer result) => result.Answer is { } answer
        ? Of(result.Id, answer)
        : new BatchRow(result.Id, [], [], null, OptionNames.Message(result.Error!));

    public static BatchRow Of(string recording, EcgClassification answer) => new(
        recording,
        [.. answer.Scores.Select(s => new BatchScore(
            s.Class, s.Probability, answer.TaskKind == TaskKind.Multiclass ? null : s.Threshold, s.Decision))],
        [.. answer.Findings.Select(f => new BatchFinding(f.Code, f.Severity))],
        answer.ModelSha256,
        null);
}

/// <summary>A model's answer for one class.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="Threshold">The probability above which the class is called present; null for a multiclass model.</param>
/// <param name="Decision">Whether the class is called present.</param>
internal readonly record struct BatchScore(string Class, double Probability, double? Threshold, ClassDecision Decision);

/// <summary>A finding, for programs.</summary>
internal readonly record struct BatchFinding(string Code, FindingSeverity Severity);
