using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Measurements;
using SignalCam.Core.Models;
using SignalCam.Formats;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;

namespace SignalCam.Cli.Commands;

/// <summary>`report`: a page for hand-over of each recording.</summary>
internal static class ReportCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (model, device, backend, length, form) = (
            new ModelOption(), CommonOptions.Device(), BackendOption.Create(), new LengthOptions(), new FigureOptions("pdf"));
        var recordings = new RecordingOptions();
        var path = new Option<string>("--out")
        {
            Description = "File to write: .pdf with a page per recording, or .png or .svg for a single recording",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("report", "Write an A4 page per recording: ECG to scale, measurements, answers, findings, evidence")
        {
            model.Model, model.Task, device, backend, path,
        };
        recordings.AddTo(command, withPatient: false);
        length.AddTo(command);
        form.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (chosen, to) = (model.Of(parsed), parsed.GetRequiredValue(path));
            string[] files = [.. recordings.FilesOf(parsed, services.GetRequiredService<EcgFileReader>()).Enumerate()];
            var figure = form.Of(parsed).For(to);
            if (figure.Name != "pdf" && files.Length > 1)
                throw new UsageException($"--out {to}: found {files.Length} recordings, expected one; a .pdf has a page for each");
            OutputFile.Prepare(to);
            var (policy, step, combine) = length.Of(parsed);
            ModelManifest? manifest = null;
            var request = new ClassificationRequest
            {
                ModelPath = chosen.Path,
                Pretrained = chosen.Pretrained,
                Files = files,
                Reading = recordings.ReadingOf(parsed),
                Options = new ClassifyOptions { Explain = true, Classes = ClassChoice.Decided },
                Length = policy,
                WindowStep = step,
                Combine = combine,
                Backend = parsed.GetValue(backend),
                Device = parsed.GetRequiredValue(device),
                OnModel = loaded => manifest = loaded,
            };
            var (pages, failed) = (new List<string>(), new List<EcgStreamAnswer>());
            await foreach (var result in services.GetRequiredService<IClassificationService>().ClassifyAsync(request, cancellationToken))
            {
                if (result.Answer is { } answer)
                    pages.Add(Page(result, answer, manifest!, figure.IsGrey));
                else
                    failed.Add(result);
            }
            if (pages.Count > 0)
            {
                figure.Write(to, files.Length == 1 ? Path.GetFileName(files[0]) : $"{files.Length} recordings", pages);
                output.Terminal(null).Line($"{to}: {pages.Count} of {files.Length} recordings");
            }
            Answers.PrintErrors(output.Error, failed);
            return failed.Count > 0 ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    private static string Page(EcgStreamAnswer result, EcgClassification answer, ModelManifest manifest, bool isGrey)
    {
        var signal = result.Recording!.Signal;
        return RecordingPage.Render(signal, answer, EcgMeasurements.Of(signal), new RecordingPageOptions
        {
            Title = $"Recording {Path.GetFileName(result.Id)}",
            Words = answer.Scores.ToDictionary(score => score.Class, score => AnswerWords.Calibration(manifest, score)),
            IsGrey = isGrey,
        });
    }
}
