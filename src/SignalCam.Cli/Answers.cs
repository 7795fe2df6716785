using SignalCam.Abstractions;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>Answers in the forms that commands show them in.</summary>
internal static class Answers
{
    /// <summary>A table of what was answered, and what speaks against the recordings.</summary>
    public static void Print(IAnsiConsole terminal, IReadOnlyList<EcgStreamAnswer> results)
    {
        var table = new Table().AddColumns("recording", "class", "probability", "logit", "decision", "quality");
        foreach (var (id, answer) in results.Where(r => r.Answer is not null).Select(r => (r.Id, r.Answer!)))
            foreach (var score in answer.Scores)
                table.Row(id, score.Class, Format.Number(score.Probability), Format.Number(score.Logit), Decision(score), Quality(answer));
        if (table.Rows.Count > 0)
            terminal.Write(table);
        foreach (var (id, answer) in results.Where(r => r.Answer is not null).Select(r => (r.Id, r.Answer!)))
            foreach (var finding in answer.Findings.Where(f => f.Severity != FindingSeverity.Info))
                terminal.Line($"[yellow]{id}: {finding.Sentence}[/]");
        PrintSummary(terminal, [.. results.Select(r => r.Answer).OfType<EcgClassification>()]);
    }

    /// <summary>A line for each recording without an answer.</summary>
    public static void PrintErrors(TextWriter errors, IEnumerable<EcgStreamAnswer> results)
    {
        foreach (var result in results)
        {
            if (result.Error is not { } error)
                continue;
            var message = OptionNames.Message(error);
            var isNamed = message.Contains(result.Id, StringComparison.Ordinal);
            errors.WriteLine(TerminalText.Shown(isNamed ? message : $"{result.Id}: {message}"));
        }
    }

    /// <summary>How many recordings cannot be believed, or only with care; nothing where there is none.</summary>
    private static void PrintSummary(IAnsiConsole terminal, IReadOnlyList<EcgClassification> answers)
    {
        var (unusable, warned) = (answers.Count(a => Quality(a) == "unusable"), answers.Count(a => Quality(a) == "warning"));
        if (unusable + warned > 0)
            terminal.Line($"{Format.Count(answers.Count)} {(answers.Count == 1 ? "recording" : "recordings")}: {Format.Count(unusable)} ",
                $"unusable, {Format.Count(warned)} with a warning");
    }

    private static string Quality(EcgClassification answer) => answer.Findings.Count == 0 ? "" : answer.Findings.Max(f => f.Severity) switch
    {
        FindingSeverity.Unusable => "unusable",
        FindingSeverity.Warning => "warning",
        _ => "",
    };

    private static string Decision(ClassScore score) => score.Decision switch
    {
        ClassDecision.Present => score.Class,
        ClassDecision.Absent => "not " + score.Class,
        _ => "not decided",
    };
}
