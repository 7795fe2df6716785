using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Formats;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;

namespace SignalCam.Cli.Commands;

/// <summary>`explain`: a picture and the numbers behind it for each recording.</summary>
internal static class ExplainCommand
{
    private const int MostColumns = 100;
    private const string Strip = "strip";

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, backend, length, json, dataset) = (
            new ModelOption(), CommonOptions.Device(), BackendOption.Create(), new LengthOptions(), CommonOptions.Json(),
            new DatasetOptions(services));
        var recordings = new RecordingOptions(canBeNone: true);
        var ids = new Option<string?>("--ids")
        {
            Description = "Recordings of --data or --dataset by their ids (PTB-XL: ecg_id): 1,2",
            HelpName = "IDS",
        };
        var explainer = new Option<string>("--explainer") { Description = "How", DefaultValueFactory = _ => CamExplainer.ExplainerName };
        explainer.AcceptOnlyFromAmong([.. services.GetRequiredService<SignalCamComponents>().Explainers.Names]);
        var cam = new Option<string>("--cam")
        {
            Description = "Of explainer cam. exact: adds up to the logit; paper: as published",
            DefaultValueFactory = _ => "exact",
        };
        cam.AcceptOnlyFromAmong("exact", "paper");
        var classes = new Option<string>("--classes")
        {
            Description = "all, decided (called present, or else the most probable), or names: MI,CD",
            DefaultValueFactory = _ => "all",
            HelpName = "NAMES",
        };
        var layout = new Option<string>("--layout")
        {
            Description = "12x1: each lead over the whole recording; 3x4: three rows of four leads each and a rhythm strip; "
                + "6x2: six rows of two leads each; strip: an overview of a long recording and its rhythm lead",
            DefaultValueFactory = _ => "12x1",
        };
        layout.AcceptOnlyFromAmong("12x1", "3x4", "6x2", Strip);
        var form = new FigureOptions("svg", "html");
        var columns = new Option<int>("--columns")
        {
            Description = "Of a picture: classes side by side before the next row begins",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var post = new Option<string?>("--post")
        {
            Description = "What is done to a map's values, in this order: relu, minMax, symmetric, smooth "
                + "[what the method's publication does]",
            HelpName = "STEPS",
        };
        var folder = new Option<string>("--out")
        {
            Description = "Folder for one picture and one JSON a recording",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Command("explain", "Which parts of a recording made the decision: one picture and one JSON a recording")
        {
            model.Model, model.Task, ids, explainer, cam, post, classes, layout, columns, folder, device, backend, json,
        };
        dataset.AddTo(command);
        recordings.AddTo(command, withPatient: false);
        length.AddTo(command);
        form.AddTo(command);
        command.Validators.Add(result =>
        {
            var (named, given) = (result.GetValue(ids) is not null, recordings.HasAny(result));
            if (named == given || (named && !dataset.IsGiven(result)))
                result.AddError("give either --data with --ids, or RECORD...");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var isOfDataset = parsed.GetValue(ids) is not null;
            var chosen = model.Of(parsed);
            var (policy, step, combine) = length.Of(parsed);
            var request = new ClassificationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Dataset = isOfDataset ? dataset.Of(parsed) : null,
                Ids = Names(parsed.GetValue(ids)),
                Files = isOfDataset ? [] : recordings.FilesOf(parsed, services.GetRequiredService<EcgFileReader>()).Enumerate(),
                Reading = recordings.ReadingOf(parsed),
                Options = new ClassifyOptions
                {
                    Explain = true,
                    Explainer = Explainer(parsed.GetRequiredValue(explainer), parsed.GetRequiredValue(cam), Names(parsed.GetValue(post))),
                    Classes = Classes(parsed.GetRequiredValue(classes)),
                },
                Length = policy,
                WindowStep = step,
                Combine = combine,
                Backend = parsed.GetValue(backend),
                Device = parsed.GetRequiredValue(device),
            };
            var side = parsed.GetValue(columns) is > 0 and <= MostColumns and var number
                ? number
                : throw new UsageException($"{columns.Name}: found {parsed.GetValue(columns)}, expected a number from 1 to {MostColumns}");
            var (figure, arrangement) = (form.Of(parsed), parsed.GetRequiredValue(layout));
            if (figure.Name == "html" && arrangement == Strip)
                throw new UsageException($"{layout.Name} {Strip}: found --format html, expected svg, png or pdf");
            var options = new CamPlotOptions { Layout = LayoutOf(arrangement), Columns = side, IsGrey = figure.IsGrey };
            var writer = new ExplanationWriter(
                Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName, figure,
                arrangement == Strip ? StripPlot.Render : AnswerPicture.Render, options);
            await foreach (var result in services.GetRequiredService<IClassificationService>().ClassifyAsync(request, cancellationToken))
                writer.Write(result);
            writer.Print(output.Terminal(parsed.GetValue(json)), output.Error);
            output.Write(parsed.GetValue(json), writer.Written);
            return writer.Failed.Count > 0 ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    private static ComponentSpec Explainer(string name, string cam, string[] post)
    {
        var options = new JsonObject();
        if (string.Equals(name, CamExplainer.ExplainerName, StringComparison.OrdinalIgnoreCase))
            options["kind"] = cam;
        if (post.Length > 0)
            options["postProcessing"] = new JsonArray([.. post.Select(step => JsonValue.Create(PostProcessing(step)))]);
        return new ComponentSpec(name, options);
    }

    private static string PostProcessing(string step) => Enum.TryParse<MapPostProcessing>(step, ignoreCase: true, out var known)
        && Enum.GetNames<MapPostProcessing>().Contains(step, StringComparer.OrdinalIgnoreCase)
            ? JsonNamingPolicy.KebabCaseLower.ConvertName(known.ToString())
            : throw new UsageException($"--post: found {step}, expected {string.Join(", ", Enum.GetNames<MapPostProcessing>())}");
    private static EcgLayout LayoutOf(string text) => text switch
    {
        "3x4" => EcgLayout.ThreeRows,
        "6x2" => EcgLayout.SixRows,
        _ => EcgLayout.Stacked,
    };

    private static ClassChoice Classes(string text) => text switch
    {
        "all" => ClassChoice.All,
        "decided" => ClassChoice.Decided,
        _ => Names(text) is { Length: > 0 } names
            ? ClassChoice.Of(names)
            : throw new UsageException("--classes: expected all, decided or names"),
    };

    private static string[] Names(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
