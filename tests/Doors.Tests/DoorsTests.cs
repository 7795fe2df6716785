using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Cli;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Scoring;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Workers;
using SignalCam.Formats;
using SignalCam.Sdk;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Pretrained;
using SignalCam.Viewer;

namespace SignalCam.Doors.Tests;

/// <summary>
/// Whichever way a recording comes in, the answer is the same: command line, stream, evaluation, viewer and worker against the classifier,
/// on 200 real recordings, to the bit.
/// </summary>
public sealed class DoorsTests
{
    private const double TorchTolerance = 1e-4;

    private static readonly ClassifyOptions s_explain = new() { Explain = true };

    private static readonly Dictionary<string, EcgClassification[]> s_expected = [];

    public static TheoryData<string> Models { get; } = [PretrainedModels.NormalAbnormal, PretrainedModels.Super];

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task The_command_line_predicts_and_explains_what_the_classifier_answers(string model)
    {
        var recordings = Recordings.Open();
        var expected = Expected(model, recordings);
        var rows = (await RunAsync(["predict", "--task", model, "--device", "cpu", "--json", "-", .. recordings.Paths])).AsArray();
        Assert.Equal(expected.Length, rows.Count);
        foreach (var (index, row) in rows.Index())
        {
            var found = EcgAnswerJson.Read(row!.ToJsonString(EcgAnswerJson.Options));
            Assert.Equal(recordings.Paths[index], found.Recording);
            AnswerComparison.MustBeSame(expected[index], found, $"predict, {found.Recording}");
        }

        using var folder = TestData.Folder();
        await RunAsync(["explain", "--task", model, "--device", "cpu", "--out", folder.Path, "--json", "-", .. recordings.Paths]);
        for (var i = 0; i < expected.Length; i++)
        {
            var found = EcgAnswerJson.Read(await File.ReadAllTextAsync(folder[Path.GetFileName(recordings.Paths[i]) + ".json"]));
            Assert.All(found.Scores, score => Assert.NotNull(score.HeatMap));
            AnswerComparison.MustBeSame(expected[i], found, $"explain, {found.Recording}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task The_stream_gives_what_the_classifier_answers(string model)
    {
        var recordings = Recordings.Open();
        var expected = Expected(model, recordings);
        await using var services = Host(model, ScoringBackend.Compiled);
        var next = 0;
        await foreach (var item in Classifier(services, model).ClassifyAsync(RecordingSource.FromFiles(recordings.Paths), s_explain))
        {
            Assert.Equal(recordings.Paths[next], item.Id);
            AnswerComparison.MustBeSame(expected[next++], item.GetAnswer(), $"stream, {item.Id}");
        }
        Assert.Equal(expected.Length, next);
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task Evaluation_scores_as_the_classifier_does(string model)
    {
        var recordings = Recordings.Open();
        var expected = Expected(model, recordings);
        await using var services = Host(model, ScoringBackend.Compiled);
        var outcome = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(new EvaluationRequest
        {
            Pretrained = model,
            Dataset = new ComponentSpec(
                BuiltInDatasets.PtbXl, PluginOptions.Write(new PtbXlFolderOptions { Folder = recordings.Dataset.Folder })),
            Folds = FoldSet.Parse("9"),
            Resamples = 0,
        });
        var (found, classes) = (outcome.Evaluation.Predictions, outcome.Task.Classes.Count);
        var places = found.Entries.Index().ToDictionary(entry => entry.Item.Id, entry => entry.Index);
        var compared = 0;
        foreach (var (index, entry) in recordings.Entries.Index())
        {
            // A recording without a label for the task is not evaluated.
            if (!places.TryGetValue(entry.Id, out var at))
                continue;
            compared++;
            for (var c = 0; c < classes; c++)
            {
                var score = expected[index].Scores[c];
                Assert.Equal(((float)score.Probability, (float)score.Logit),
                    (found.Probabilities[at * classes + c], found.Logits[at * classes + c]));
                // Nothing is lost by the narrower type: the classifier's numbers are single precision.
                Assert.Equal(score.Probability, (float)score.Probability);
            }
        }
        Assert.InRange(compared, 180, recordings.Entries.Count);
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task The_viewer_shows_what_the_classifier_answers(string model)
    {
        var recordings = Recordings.Open();
        var expected = Expected(model, recordings);
        await using var app = ViewerApplication.Create(configure: builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Logging.ClearProviders();
        });
        await app.StartAsync();
        using var client = app.GetTestClient();
        for (var i = 0; i < expected.Length; i++)
        {
            using var form = new MultipartFormDataContent();
            foreach (var file in new[] { ".hea", ".dat" }.Select(extension => recordings.Paths[i] + extension))
                form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(file)), "files", Path.GetFileName(file));
            using var opened = await client.PostAsync(new Uri("/api/recordings", UriKind.Relative), form);
            var id = (string)JsonNode.Parse(await opened.Content.ReadAsStringAsync())!["recordings"]!.AsArray().Single()!["id"]!;
            // Of several classes each is asked for by some recordings.
            var scores = expected[i].Scores;
            var asked = scores[i % scores.Count].Class;
            var answer =
                JsonNode.Parse(await client.GetStringAsync(
                    new Uri($"/api/recordings/{id}/explanation?model={model}&class={asked}", UriKind.Relative)))!["answer"]!;
            var found = EcgAnswerJson.Read(answer.ToJsonString(EcgAnswerJson.Options));
            Assert.NotNull(found[asked].HeatMap);
            AnswerComparison.MustBeSame(expected[i], found, $"viewer, {recordings.Paths[i]}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task A_worker_s_results_are_what_the_classifier_answers(string model)
    {
        var recordings = Recordings.Open();
        var expected = Expected(model, recordings);
        await using var services = Host(model, ScoringBackend.Compiled);
        var options = new WorkerOptions { TrustedUris = { new Uri(recordings.Dataset.Folder + "/").AbsoluteUri } };
        var worker = WorkerModel.Load(
            services.GetRequiredService<IEcgClassifiers>(), services.GetRequiredService<IOptions<SignalCamOptions>>().Value, model);
        using var scorer = new BatchScorer(worker, options, services.GetRequiredService<EcgFileReader>());
        var task = new ScoringTask(model, worker.Sha256, worker.Explainer);
        // With the samples in the message, and with the place where a worker finds them.
        var inside = Enumerable.Range(0, expected.Length)
            .Select(i => new ScoringJob(recordings.Entries[i].Id) { Recording = recordings.Read(i).Signal });
        var elsewhere = recordings.Paths.Select((path, i) => new ScoringJob(recordings.Entries[i].Id) { Uri = new Uri(path + ".hea") });
        foreach (var jobs in new[] { inside, elsewhere })
        {
            var scored = await scorer.ScoreAsync(JobBatch.Write(task, [.. jobs]), CancellationToken.None);
            Assert.Empty(scored.Rejected);
            var found = ResultBatch.Read(ResultBatch.Write(scored.Results).Span).ToDictionary(result => result.Key.RecordingId);
            Assert.Equal(expected.Length, found.Count);
            foreach (var (i, entry) in recordings.Entries.Index())
            {
                var answer = found[entry.Id].Answer;
                Assert.All(answer.Scores, score => Assert.NotNull(score.HeatMap));
                AnswerComparison.MustBeSame(expected[i], answer, $"worker, {entry.Id}");
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task The_torch_backend_answers_the_same_within_a_ten_thousandth(string model)
    {
        var recordings = Recordings.Open();
        var expected = Expected(model, recordings);
        await using var services = Host(model, ScoringBackend.Torch);
        var next = 0;
        await foreach (var item in Classifier(services, model).ClassifyAsync(RecordingSource.FromFiles(recordings.Paths), s_explain))
        {
            var found = item.GetAnswer();
            Assert.Equal("torch cpu", found.Backend);
            AnswerComparison.MustBeClose(expected[next++], found, TorchTolerance, $"torch, {item.Id}");
        }
        Assert.Equal(expected.Length, next);
    }

    /// <summary>The classifier's answers, one call a recording, with the maps of all classes; computed once a model.</summary>
    private static EcgClassification[] Expected(string model, Recordings recordings)
    {
        lock (s_expected)
        {
            if (s_expected.TryGetValue(model, out var known))
                return known;
            using var services = Host(model, ScoringBackend.Compiled);
            var classifier = Classifier(services, model);
            EcgClassification[] answers = [.. Enumerable.Range(0, recordings.Paths.Count)
                .Select(i => classifier.Classify(recordings.Read(i), s_explain))];
            Assert.All(answers, answer => Assert.Equal("compiled", answer.Backend));
            // Answers that are all alike would agree whatever the doors do.
            Assert.Equal(answers.Length, answers.Select(answer => answer.Scores[0].Logit).Distinct().Count());
            Assert.Equal(2, answers.Select(answer => answer.Scores[0].Decision).Distinct().Count());
            return s_expected[model] = answers;
        }
    }

    private static ServiceProvider Host(string model, ScoringBackend backend)
    {
        var services = new ServiceCollection();
        services.AddSignalCam(options =>
        {
            options.Device = "cpu";
            options.Models[model] = new ModelOptions { Pretrained = model, Backend = backend };
        });
        return services.BuildServiceProvider();
    }

    private static IEcgClassifier Classifier(ServiceProvider services, string model) =>
        services.GetRequiredService<IEcgClassifiers>().GetClassifier(model);

    /// <summary>Runs the command line as its program does, and gives the JSON that it writes.</summary>
    private static async Task<JsonNode> RunAsync(string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await SignalCamTool.RunAsync(args, AppContext.BaseDirectory, configure: null, new CommandOutput(output, error));
        Assert.True(exitCode == 0, $"{args[0]} ended with {exitCode}: {error}");
        return JsonNode.Parse(output.ToString())!;
    }
}
