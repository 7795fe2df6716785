using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Datasets;
using SignalCam.Core.Plugins;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;
using SignalCam.Reporting;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`overview`: what is in a dataset, before anything is trained.</summary>
internal static class OverviewCommand
{
    private const int Most = 6;

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (options, report, json) = (new DatasetOptions(services), CommonOptions.Report(), CommonOptions.Json());
        var (figures, form) = (CommonOptions.Figures(), new FigureOptions());
        var command = new Command("overview",
            "Classes per split, several labels, missing values, devices, ages, sexes, patients, quality: as text, JSON and pictures")
            {
                report, figures, json,
            };
        options.AddTo(command);
        form.AddTo(command);
        var quality = new Option<bool>("--quality")
        {
            Description = "Read and check every recording: how many have which finding, and pictures of the unusable ones in the report",
        };
        command.Add(quality);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json), parsed.GetValue(report));
            var terminal = output.Terminal(parsed.GetValue(json));
            var dataset = services.GetRequiredService<ManagedComponents>().Datasets.Create(options.Of(parsed));
            var (overview, document) = dataset is PtbXlDataset ptbXl
                ? Show(terminal, ptbXl)
                : Show(terminal, dataset, options.NameOf(parsed));
            var census = parsed.GetValue(quality) ? await TakeCensusAsync(services, dataset, terminal, cancellationToken) : null;
            output.Write(parsed.GetValue(json), census is null ? overview : new { overview, quality = QualityReport.Json(census) });
            var (path, folder) = (parsed.GetValue(report), parsed.GetValue(figures));
            if (census is not null && (path is not null || folder is not null))
                QualityReport.Add(document.Section("Findings"), census,
                    await QualityReport.PicturesAsync(dataset, census, cancellationToken));
            if (path is not null)
                CommandOutput.WriteFile(path, document.Render());
            if (folder is not null)
                form.Of(parsed).WriteAll(folder, document);
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static (object Overview, HtmlReport Document) Show(IAnsiConsole terminal, PtbXlDataset dataset)
    {
        var overview = PtbXlOverview.Of(dataset);
        Print(terminal, overview);
        return (overview, OverviewReport.Document(dataset, overview));
    }

    private static (object Overview, HtmlReport Document) Show(IAnsiConsole terminal, IEcgDataset dataset, string name)
    {
        var overview = DatasetOverview.Of(dataset);
        DatasetOverviewReport.Print(terminal, overview);
        return (overview, DatasetOverviewReport.Document(name, overview));
    }

    private static async Task<FindingCensus> TakeCensusAsync(
        IServiceProvider services, IEcgDataset dataset, IAnsiConsole terminal, CancellationToken cancellationToken)
    {
        var checks = BuiltInChecks.CreateAll(services.GetRequiredService<ManagedComponents>().Checks);
        var census = await Terminal.Progress(terminal, "checking", bar => FindingCensus.TakeAsync(
            dataset, dataset.Entries, checks, new DirectProgress<RecordingProgress>(p => bar.Show(p.Done, p.Total)), cancellationToken));
        QualityReport.Print(terminal, census);
        return census;
    }

    private static void Print(IAnsiConsole terminal, PtbXlOverview overview)
    {
        terminal.Line($"{Format.Count(overview.Recordings)} recordings of {Format.Count(overview.Patients)} patients; no patient is in ",
            $"two parts of the official split");
        var splits = new Table().AddColumn("split").AddColumn("recordings").AddColumn("patients");
        foreach (var name in overview.Splits[^1].Classes.Keys)
            splits.AddColumn(name);
        splits.AddColumns("exactly NORM", "several classes", "no class");
        foreach (var column in splits.Columns.Skip(1))
            column.RightAligned();
        foreach (var split in overview.Splits)
            splits.Row([split.Name, Format.Count(split.Recordings), Format.Count(
                split.Patients), .. split.Classes.Values.Select(v => Format.Count(v)),
                Format.Count(split.ExactlyNormal), Format.Count(split.SeveralClasses), Format.Count(split.Unlabelled)]);
        terminal.Write(splits);
        var lists = new Table().AddColumns("", "recordings");
        foreach (var (name, counts) in OverviewReport.Lists(overview))
            lists.Row(name, string.Join(", ", counts.Take(Most).Select(c => $"{c.Name} {Format.Count(c.Count)}"))
                + (counts.Count > Most ? $", and {counts.Count - Most} more" : ""));
        lists.Row("age", $"median {Format.Number(overview.Age.Median, 0)}, {Format.Number(overview.Age.Minimum, 0)} to "
            + $"{Format.Number(overview.Age.Maximum, 0)} years; over 89: {Format.Count(overview.Over89)}");
        terminal.Write(lists);
    }
}
