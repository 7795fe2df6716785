using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Measurements;
using SignalCam.Reporting;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>A row of what `explain` wrote.</summary>
internal sealed record ExplanationFile(string Recording, string Class, double Probability, double Logit, string Picture);

/// <summary>Writes a picture and the answer of each recording into a folder.</summary>
internal sealed class ExplanationWriter(
    string folder, FigureForm figure, Func<EcgSignal, EcgClassification, CamPlotOptions?, string> draw, CamPlotOptions options)
{
    private readonly List<ExplanationFile> _written = [];
    private readonly List<EcgStreamAnswer> _failed = [];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<ExplanationFile> Written => _written;

    /// <summary>The recordings that could not be explained.</summary>
    public IReadOnlyList<EcgStreamAnswer> Failed => _failed;

    public void Write(EcgStreamAnswer result)
    {
        if (result.Answer is not { } answer)
        {
            _failed.Add(result with { Recording = null });
            return;
        }
        var name = OutputFile.Distinct(NameOf(result.Id), _taken);
        var picture = Path.Combine(folder, $"{name}.{figure.Name}");
        var (signal, titled) = (result.Recording!.Signal, options with { Title = $"Recording {name}" });
        if (figure.Name == "html")
            CommandOutput.WriteFile(picture, AnswerPicture.RenderPage(signal, answer, titled));
        else
            figure.Write(picture, titled.Title, draw(signal, answer, titled));
        // The answer as it is everywhere, and one member more.
        var json = JsonSerializer.SerializeToNode(answer, EcgAnswerJson.Options)!.AsObject();
        json["measurements"] = JsonNode.Parse(CommandOutput.ToJson(MeasurementOutput.ToJson(EcgMeasurements.Of(signal))));
        CommandOutput.WriteFile(Path.Combine(folder, name + ".json"), CommandOutput.ToJson(json));
        _written.AddRange(answer.Scores.Where(s => s.HeatMap is not null)
            .Select(s => new ExplanationFile(result.Id, s.Class, s.Probability, s.Logit, picture)));
    }

    public void Print(IAnsiConsole terminal, TextWriter errors)
    {
        var table = new Table().AddColumns("recording", "class", "probability", "logit", "picture");
        foreach (var row in _written)
            table.Row(row.Recording, row.Class, Format.Number(row.Probability), Format.Number(row.Logit), row.Picture);
        if (table.Rows.Count > 0)
            terminal.Write(table);
        Answers.PrintErrors(errors, _failed);
    }

    /// <summary>The file's name. Only the extension of a header is removed, because a record's name may contain dots.</summary>
    private static string NameOf(string id) =>
        OutputFile.NameOf(Path.GetFileName(id.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) ? id[..^4] : id));
}
