using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Cli.Batch;
using SignalCam.Cli.Reports;
using SignalCam.Core.Scoring;
using SignalCam.Formats;
using SignalCam.Sdk.Classification;

namespace SignalCam.Cli.Commands;

/// <summary>`predict`: probabilities of single recordings or whole folders.</summary>
internal static class PredictCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, backend, length, json, report) = (
            new ModelOption(), CommonOptions.Device(), BackendOption.Create(), new LengthOptions(), CommonOptions.Json(),
            CommonOptions.Report());
        var (recordings, batch, quality) = (
            new RecordingOptions(), new BatchOptions(), QualityOption.Create(QualityPolicy.Report));
        var command = new Command("predict", "Classify recordings: one, a folder, or millions")
        {
            model.Model, model.Task, device, backend, quality, json, report,
        };
        batch.AddTo(command);
        recordings.AddTo(command, withPatient: false);
        length.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json), parsed.GetValue(report));
            var chosen = model.Of(parsed);
            var (policy, step, combine) = length.Of(parsed);
            var request = new ClassificationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Reading = recordings.ReadingOf(parsed),
                Length = policy,
                WindowStep = step,
                Combine = combine,
                Backend = parsed.GetValue(backend),
                Quality = parsed.GetValue(quality),
                Device = parsed.GetRequiredValue(device),
            };
            var files = recordings.FilesOf(parsed, services.GetRequiredService<EcgFileReader>());
            var service = services.GetRequiredService<IClassificationService>();
            var settings = batch.Of(parsed, chosen);
            using var run = new BatchRun(service, request, settings, OpenJson(parsed.GetValue(json), output));
            var terminal = output.Terminal(parsed.GetValue(json));
            await Terminal.Progress(terminal, "scoring", bar => run.RunAsync(files, bar, cancellationToken));
            run.Print(terminal, output.Error);
            if (parsed.GetValue(report) is { } path)
            {
                var pictures = await BatchPictures.RenderAsync(service, request, run.Summary, cancellationToken);
                CommandOutput.WriteFile(path, BatchReport.Document(chosen.ToString(), run.Summary, pictures));
            }
            return run.Summary.Failed > 0 ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    private static TextWriter? OpenJson(string? json, CommandOutput output) => json switch
    {
        null => null,
        "-" => output.Out,
        _ => new StreamWriter(json),
    };
}

/// <summary>`--out`, `--resume`, `--overwrite` and `--fail-fast`: where the results of many recordings go.</summary>
internal sealed class BatchOptions
{
    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write results to this file as they become available: .csv has a row for each recording and class, "
            + ".json an array of answers",
        HelpName = "FILE",
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Continue the --out file of an interrupted run" };

    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace an existing --out file" };

    private readonly Option<bool> _failFast = new("--fail-fast")
    {
        Description = "Stop at the first recording that cannot be scored instead of reporting it at the end",
    };

    public void AddTo(Command command)
    {
        Option[] options = [_out, _resume, _overwrite, _failFast];
        foreach (var option in options)
            command.Add(option);
        command.Validators.Add(result =>
        {
            var (resume, overwrite) = (result.GetValue(_resume), result.GetValue(_overwrite));
            if ((resume || overwrite) && result.GetValue(_out) is null)
                result.AddError($"{(resume ? _resume : _overwrite).Name}: give the file with {_out.Name}");
            else if (resume && overwrite)
                result.AddError($"give either {_resume.Name} or {_overwrite.Name}");
        });
    }

    public BatchSettings Of(ParseResult parsed, ModelChoice model) => new(
        parsed.GetValue(_out), parsed.GetValue(_resume) ? model.Sha256 : null, parsed.GetValue(_overwrite), parsed.GetValue(_failFast));
}
