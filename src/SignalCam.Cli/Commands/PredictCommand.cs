using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Classification;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`predict`: probabilities of single recordings.</summary>
internal static class PredictCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, backend, length, json) = (new ModelOption(), CommonOptions.Device(), BackendOption.Create(), new LengthOptions(), CommonOptions.Json());
        var (records, quality) = (CommonOptions.Records(required: true), QualityOption.Create(QualityPolicy.Report));
        var command = new Command("predict", "Probabilities of single recordings") { model.Model, model.Task, device, backend, quality, json, records };
        length.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var chosen = model.Of(parsed);
            var (policy, step, combine) = length.Of(parsed);
            var request = new ClassificationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Files = parsed.GetRequiredValue(records),
                Length = policy,
                WindowStep = step,
                Combine = combine,
                Backend = parsed.GetValue(backend),
                Quality = parsed.GetValue(quality),
                Device = parsed.GetRequiredValue(device),
            };
            var results = new List<EcgStreamAnswer>();
            await foreach (var result in services.GetRequiredService<IClassificationService>().ClassifyAsync(request, cancellationToken))
                results.Add(result with { Recording = null, Seen = null });
            Answers.Print(output.Terminal(parsed.GetValue(json)), output.Error, results);
            output.Write(parsed.GetValue(json), results.Select(Answers.Row));
            return results.Any(r => r.Error is not null) ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }
}

/// <summary>Answers in the forms that commands show them in.</summary>
internal static class Answers
{
    /// <summary>A table of what was answered, and a line for each recording that could not be.</summary>
    public static void Print(IAnsiConsole terminal, TextWriter errors, IReadOnlyList<EcgStreamAnswer> results)
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
        PrintSummary(terminal, [.. results.Where(r => r.Answer is not null).Select(r => r.Answer!)]);
        PrintErrors(errors, results);
    }

    /// <summary>A line for each recording without an answer.</summary>
    public static void PrintErrors(TextWriter errors, IEnumerable<EcgStreamAnswer> results)
    {
        foreach (var result in results)
            if (result.Error is { } error)
                errors.WriteLine(TerminalText.Shown(error.Message.Contains(result.Id, StringComparison.Ordinal) ? error.Message : $"{result.Id}: {error.Message}"));
    }

    /// <summary>The answer, or the recording with what is wrong with it.</summary>
    public static object Row(EcgStreamAnswer result) => result.Answer is { } answer ? answer : new { recording = result.Id, error = result.Error!.Message };

    /// <summary>How many recordings can be believed; nothing where there is nothing to say.</summary>
    private static void PrintSummary(IAnsiConsole terminal, IReadOnlyList<EcgClassification> answers)
    {
        var (unusable, warned) = (answers.Count(a => Quality(a) == "unusable"), answers.Count(a => Quality(a) == "warning"));
        if (unusable + warned > 0)
            terminal.Line($"{Format.Count(answers.Count)} recordings: {Format.Count(unusable)} unusable, {Format.Count(warned)} with a warning");
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
