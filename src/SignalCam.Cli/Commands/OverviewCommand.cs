using System.CommandLine;
using SignalCam.Cli.Reports;
using SignalCam.Core.PtbXl;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`overview`: what is in a dataset, before anything is trained.</summary>
internal static class OverviewCommand
{
    private const int Most = 6;

    public static Command Create(CommandOutput output)
    {
        var (data, report, json) = (CommonOptions.Data(), CommonOptions.Report(), CommonOptions.Json());
        var (figures, form) = (CommonOptions.Figures(), new FigureOptions());
        var command = new Command("overview", "Classes per split, several labels, missing values, devices, ages, sexes, patients, quality: as text, JSON and pictures") { data, report, figures, json };
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            CommandOutput.Prepare(parsed.GetValue(json), parsed.GetValue(report));
            var dataset = PtbXlDataset.Open(parsed.GetRequiredValue(data));
            var overview = PtbXlOverview.Of(dataset);
            Print(output.Terminal(parsed.GetValue(json)), overview);
            output.Write(parsed.GetValue(json), overview);
            var document = OverviewReport.Document(dataset, overview);
            if (parsed.GetValue(report) is { } path)
                CommandOutput.WriteFile(path, document.Render());
            if (parsed.GetValue(figures) is { } folder)
                form.Of(parsed).WriteAll(folder, document);
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static void Print(IAnsiConsole terminal, PtbXlOverview overview)
    {
        terminal.Line($"{Format.Count(overview.Recordings)} recordings of {Format.Count(overview.Patients)} patients; no patient is in two parts of the official split");
        var splits = new Table().AddColumn("split").AddColumn("recordings").AddColumn("patients");
        foreach (var name in overview.Splits[^1].Classes.Keys)
            splits.AddColumn(name);
        splits.AddColumns("exactly NORM", "several classes", "no class");
        foreach (var column in splits.Columns.Skip(1))
            column.RightAligned();
        foreach (var split in overview.Splits)
            splits.Row([split.Name, Format.Count(split.Recordings), Format.Count(split.Patients), .. split.Classes.Values.Select(v => Format.Count(v)),
                Format.Count(split.ExactlyNormal), Format.Count(split.SeveralClasses), Format.Count(split.Unlabelled)]);
        terminal.Write(splits);
        var lists = new Table().AddColumns("", "recordings");
        foreach (var (name, counts) in OverviewReport.Lists(overview))
            lists.Row(name, string.Join(", ", counts.Take(Most).Select(c => $"{c.Name} {Format.Count(c.Count)}")) + (counts.Count > Most ? $", and {counts.Count - Most} more" : ""));
        lists.Row("age", $"median {Format.Number(overview.Age.Median, 0)}, {Format.Number(overview.Age.Minimum, 0)} to {Format.Number(overview.Age.Maximum, 0)} years; over 89: {Format.Count(overview.Over89)}");
        terminal.Write(lists);
    }
}
