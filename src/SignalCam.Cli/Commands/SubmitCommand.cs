using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Submitting;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`submit`: makes jobs of recordings.</summary>
internal static class SubmitCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (broker, model, dataset, skipBad, json) = (new BrokerOption(), new ModelOption(), new DatasetOptions(services),
            CommonOptions.SkipBad(), CommonOptions.Json());
        var folds = new Option<string?>("--folds") { Description = "Folds of --data, such as 9 or 1-8 [all]" };
        var folder = new Option<string?>("--folder")
        {
            Description = "A folder of WFDB recordings, those below it included",
            HelpName = "DIR",
        };
        var uris = new Option<string?>("--uris")
        {
            Description = "Where workers find the same folder, such as file:///data/ecg/ [the recordings are sent along]",
            HelpName = "URI",
        };
        var explain = new Option<bool>("--explain") { Description = "Class activation maps as well as scores" };
        var journal = new Option<string?>("--journal")
        {
            Description = "Keep in this file how far it has come, and go on there",
            HelpName = "FILE",
        };
        var perMessage = new Option<int>("--per-message") { Description = "Recordings in one message", DefaultValueFactory = _ => 32 };
        var command = new Command("submit", "Sends recordings to a RabbitMQ broker as jobs for `signalcam worker`; safe to run twice")
        {
            folds, folder, uris, model.Model, model.Task, explain, journal, perMessage, skipBad, json,
        };
        dataset.AddTo(command);
        broker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandOutput.Prepare(parsed.GetValue(json));
            var (chosen, connection) = (model.Of(parsed), broker.Of(parsed));
            var request = new SubmissionRequest
            {
                Task = new ScoringTask(chosen.Path is { } path ? Path.GetFileNameWithoutExtension(path) : chosen.Pretrained, chosen.Sha256,
                    parsed.GetValue(explain) ? CamExplainer.ExplainerName : ExplainerNames.None),
                Recordings = Sources(services, dataset.IsGiven(parsed) ? dataset.Of(parsed) : null, parsed.GetValue(folds),
                    parsed.GetValue(folder), parsed.GetValue(uris)),
                JournalPath = parsed.GetValue(journal),
                RecordingsPerMessage = parsed.GetValue(perMessage) is >= 1 and <= 4096 and var count
                    ? count
                    : throw new UsageException($"{perMessage.Name}: expected 1 to 4096"),
                OnBadRecording = DatasetAccess.Reading(parsed.GetValue(skipBad)).OnBadRecording,
            };
            var sending = new ServiceCollection();
            sending.AddSignalCam().AddBroker(connection);
            await using var provider = sending.BuildServiceProvider();
            var terminal = output.Terminal(parsed.GetValue(json));
            var end = await provider.GetRequiredService<IJobSubmitter>().SubmitAsync(request, cancellationToken: cancellationToken);
            var before = end.Resumed > 0 ? $", {Format.Count(end.Resumed)} of them before" : "";
            var skipped = end.Skipped > 0 ? $", {Format.Count(end.Skipped)} skipped (first: {end.FirstProblem})" : "";
            terminal.Line($"{Format.Count(end.Done)} recordings submitted{before}{skipped}");
            output.Write(parsed.GetValue(json), end);
            return SignalCamTool.Ok;
        });
        return command;
    }

    private static IEnumerable<JobSource> Sources(IServiceProvider services, ComponentSpec? data, string? folds, string? folder,
        string? uris)
    {
        if (data is null == folder is null)
            throw new UsageException("give either --data or --folder");
        if (folder is not null)
        {
            if (!Directory.Exists(folder))
                throw new UsageException($"--folder: there is no folder {folder}");
            return folds is null
                ? JobSource.FromFolder(folder, uris is null ? null : ToUri(uris))
                : throw new UsageException("--folds: a folder has none; give --data");
        }
        if (uris is not null)
            throw new UsageException("--uris: the recordings of --data are sent along; give --folder");
        var dataset = services.GetRequiredService<SignalCamComponents>().Datasets.Create(data!);
        return JobSource.FromDataset(dataset, folds is null ? null : DatasetAccess.Folds("--folds", folds));
    }

    private static Uri ToUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? uri
            : throw new UsageException($"--uris: found {text}, expected an absolute URI");
}
