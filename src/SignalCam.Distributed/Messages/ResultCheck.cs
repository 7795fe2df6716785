using SignalCam.Abstractions;

namespace SignalCam.Distributed.Messages;

/// <summary>
/// What every sink can store. Workers look before they publish and collectors before they write, so that all sinks of a collector hold the
/// same, and a result that one of them would refuse never stands in the way of those behind it.
/// </summary>
internal static class ResultCheck
{
    // Softmax in single precision may add up to a little more than 1.
    private const double Rounding = 1e-6;

    private const int HashDigits = 2 * MessageWriter.HashBytes;

    /// <summary>Why a result cannot be stored, with what was found and what was expected; null where it can.</summary>
    public static string? FindProblem(ScoringResult result)
    {
        var key = result.Key;
        if (!MessageLimits.IsRecordingId(key.RecordingId))
            return $"found a recording id of {key.RecordingId.Length} characters, expected {MessageLimits.RecordingIdRule}";
        if (key.ModelSha256.Length != HashDigits || !key.ModelSha256.All(char.IsAsciiHexDigit))
            return $"found a model hash of {key.ModelSha256.Length} characters, expected {HashDigits} hexadecimal digits";
        if (!MessageLimits.IsExplainer(key.Explainer))
            return $"found an explainer of {key.Explainer.Length} characters, expected {MessageLimits.ExplainerRule}";
        var (model, scores) = (result.Answer.Model, result.Answer.Scores);
        if (!MessageLimits.IsName(model))
            return $"found a model name of {model.Length} characters, expected {MessageLimits.NameRule}";
        if (scores.Count is 0 or > MessageLimits.Classes)
            return $"found {scores.Count} classes, expected 1 to {MessageLimits.Classes}";
        return scores.Select(FindProblem).FirstOrDefault(problem => problem is not null) ?? FindProblemOfMaps(scores)
            ?? result.Answer.Windows.Select(window => FindProblemOfMaps(window.Scores)).FirstOrDefault(problem => problem is not null)
            ?? FindProblemOfNumbers(result.Answer);
    }

    /// <summary>JSON has no number that is not finite: those that no other check looks at.</summary>
    private static string? FindProblemOfNumbers(EcgClassification answer)
    {
        var numbers = Numbers("sampling rate", answer.SamplingRate).Concat(Numbers("stretch", answer.Stretch))
            .Concat(
                answer.Findings.SelectMany(finding => Numbers("value of a finding", finding.Value ?? 0)
                    .Concat(Numbers("stretch of a finding", finding.Stretch ?? default))))
            .Concat(answer.Windows.SelectMany(window => Numbers("stretch of a window", window.Stretch)))
            .Concat(answer.Windows.SelectMany(window => window.Scores)
                .SelectMany(score => Numbers("score of a window", score.Probability, score.Logit, score.Threshold)))
            .Concat(answer.Scores.Concat(answer.Windows.SelectMany(window => window.Scores))
                .SelectMany(score => score.HeatMap is { } map ? Numbers(map) : []));
        foreach (var (what, value) in numbers)
            if (!double.IsFinite(value))
                return FormattableString.Invariant($"found {what} {value}, expected a finite number");
        return null;
    }

    private static IEnumerable<(string What, double Value)> Numbers(string what, params IEnumerable<double> values) =>
        values.Select(value => (what, value));

    private static IEnumerable<(string What, double Value)> Numbers(string what, EcgStretch stretch) =>
        Numbers(what, stretch.Start, stretch.Duration);

    private static IEnumerable<(string What, double Value)> Numbers(HeatMap map) =>
        Numbers("completeness error", map.CompletenessError ?? 0)
            .Concat(Numbers("value of a map",
                map.Samples.Concat(map.LeadSamples?.Values.SelectMany(samples => samples) ?? []).Select(value => (double)value)));

    private static string? FindProblem(ClassScore score, int index)
    {
        if (!MessageLimits.IsName(score.Class))
            return $"found a name of {score.Class.Length} characters for class {index}, expected {MessageLimits.NameRule}";
        if (!IsShare(score.Probability))
            return Wrong("probability", score.Probability, "a number from 0 to 1");
        if (!double.IsFinite(score.Logit))
            return Wrong("logit", score.Logit, "a finite number");
        return IsShare(score.Threshold) ? null : Wrong("threshold", score.Threshold, "a number from 0 to 1");

        string Wrong(string what, double found, string expected) =>
            FormattableString.Invariant($"found {what} {found} of class {index} ({score.Class}), expected {expected}");
    }

    /// <summary>A table has the maps of all classes in one column: those there are have one length.</summary>
    private static string? FindProblemOfMaps(IReadOnlyList<ClassScore> scores)
    {
        var (cells, first) = (0, -1);
        for (var c = 0; c < scores.Count; c++)
        {
            if (scores[c].HeatMap is not { Cells: var map })
                continue;
            if (first < 0)
                (cells, first) = (map.Length, c);
            if (map.Length != cells)
                return $"found {map.Length} cells in the map of class {c} and {cells} cells in that of class {first}, expected the "
                    + "same number";
            for (var cell = 0; cell < cells; cell++)
                if (!float.IsFinite(map[cell]))
                    return FormattableString.Invariant(
                        $"found {map[cell]} in cell {cell} of the map of class {c} ({scores[c].Class}), expected a finite number");
        }
        return (long)cells * scores.Count > MessageLimits.Cells
            ? $"found maps of {(long)cells * scores.Count} cells, expected at most {MessageLimits.Cells}"
            : null;
    }

    private static bool IsShare(double value) => value is >= -Rounding and <= 1 + Rounding;
}
