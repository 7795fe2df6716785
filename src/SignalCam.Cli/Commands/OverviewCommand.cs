using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Datasets;
using SignalCam.Core.Plugins;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;
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
            "Classes per split, several labels, missing values, devices, ages, sexes, patients, quality: as text, JSON and pictures") { report, figures, json };
        options.AddTo(command);
        form.AddTo(command);
        var quality = new Option<bool>("--quality") { Description = "Read and check every recording: how many have which finding, and pictures of the unusable ones in the report" };
        command.Add(quality);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json), parsed.GetValue(report));
            var any = services.GetRequiredService<ManagedComponents>().Datasets.Create(options.Of(parsed));
            if (any is not PtbXlDataset dataset)
                return Other(any);
            var overview = PtbXlOverview.Of(dataset);
            Print(output.Terminal(parsed.GetValue(json)), overview);
            var census = parsed.GetValue(quality)
                ? await TakeCensusAsync(services, dataset, output.Terminal(parsed.GetValue(json)), cancellationToken)
                : null;
            output.Write<object>(parsed.GetValue(json), census is null ? overview : new { overview, quality = QualityReport.Json(census) });
            var pictures = census is null ? null : await QualityReport.PicturesAsync(dataset, census, cancellationToken);
            var document = OverviewReport.Document(dataset, overview, pictures, census);
            if (parsed.GetValue(report) is { } path)
                CommandOutput.WriteFile(path, document.Render());
            if (parsed.GetValue(figures) is { } folder)
                form.Of(parsed).WriteAll(folder, document);
            return SignalCamTool.Ok;

            int Other(IEcgDataset dataset)
            {
                var overview = DatasetOverview.Of(dataset);
                DatasetOverviewReport.Print(output.Terminal(parsed.GetValue(json)), overview);
                output.Write(parsed.GetValue(json), overview);
                if (parsed.GetValue(report) is { } path)
                    CommandOutput.WriteFile(path, DatasetOverviewReport.Document(options.NameOf(parsed), overview));
                return SignalCamTool.Ok;
            }
        });
        return command;
    }

    private static async Task<FindingCensus> TakeCensusAsync(
        IServiceProvider services, PtbXlDataset dataset, IAnsiConsole terminal, CancellationToken cancellationToken)
    {
        var registry = services.GetRequiredService<ManagedComponents>().Checks;
        IRecordingCheck[] checks = [.. registry.Names.Select(name => registry.Create(new ComponentSpec(name)))];
        var census = await Terminal.Progress(terminal, "checking", bar => FindingCensus.TakeAsync(
            dataset, dataset.Entries, checks, new DirectProgress<RecordingProgress>(p => bar.Show(p.Done, p.Total)), cancellationToken));
        QualityReport.Print(terminal, census);
        return census;
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
