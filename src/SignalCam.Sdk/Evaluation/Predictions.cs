using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Diagnostics;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Scores of a model for many recordings of a dataset.</summary>
/// <param name="Entries">The recordings, in the order they were asked for.</param>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Logits">(recording, class).</param>
/// <param name="Probabilities">(recording, class); calibrated where the model file has a calibration.</param>
/// <param name="Skipped">Recordings that were left out because they are missing or corrupt.</param>
public sealed record Predictions(
    IReadOnlyList<EcgEntry> Entries,
    IReadOnlyList<string> Classes,
    float[] Logits,
    float[] Probabilities,
    IReadOnlyList<SkippedRecording> Skipped)
{
    /// <summary>What was found against each recording; empty where recordings were not checked.</summary>
    public IReadOnlyList<IReadOnlyList<EcgFinding>> Findings { get; init; } = [];

    /// <summary>Reads and scores recordings; memory grows with the scores alone.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Where the recordings are.</param>
    /// <param name="entries">Which of them.</param>
    /// <param name="options">What becomes of a bad recording.</param>
    /// <param name="telemetry">Counts what is read.</param>
    /// <param name="progress">Receives the number of recordings done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be turned into the model's input, and is not to be skipped.
    /// </exception>
    internal static async Task<Predictions> ComputeAsync(
        ScoringModel model, IEcgDataset dataset, IReadOnlyList<EcgEntry> entries, RecordingReaderOptions options, Telemetry telemetry,
        IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        var (done, logits, probabilities, skipped) = (
            new List<EcgEntry>(entries.Count), new List<float>(), new List<float>(), new List<SkippedRecording>());
        var items = RecordingSource.FromDataset(new MeasuredDataset(dataset, telemetry), entries).ToAsyncEnumerable();
        var (next, findings) = (0, new List<IReadOnlyList<EcgFinding>>());
        await foreach (var result in model.ClassifyAsync(items, null, cancellationToken).ConfigureAwait(false))
        {
            var entry = entries[next];
            if (result.Answer is { } answer)
            {
                done.Add(entry);
                findings.Add(answer.Findings);
                foreach (var score in answer.Scores)
                {
                    logits.Add((float)score.Logit);
                    probabilities.Add((float)score.Probability);
                }
            }
            else if (result.Error is RecordingRefusedException refused)
                skipped.Add(new SkippedRecording(next, entry, Unreadable(dataset, entry, model.Input, refused)));
            else if (Bad(result.Error!, dataset, entry, model.Input) is not { } bad)
                result.GetAnswer();
            else if (options.OnBadRecording == OnBadRecording.Skip)
                skipped.Add(new SkippedRecording(next, entry, bad));
            else
                throw bad;
            next++;
            if (next % ReportEvery(entries.Count) == 0 || next == entries.Count)
                progress?.Report(new EvaluationProgress(next, entries.Count));
        }
        return new Predictions(done, model.Classes, [.. logits], [.. probabilities], skipped) { Findings = findings };
    }

    /// <summary>The error of a bad recording; null for one that is the model's fault.</summary>
    private static EcgFormatException? Bad(Exception error, IEcgDataset dataset, EcgEntry entry, SignalLayout input) => error switch
    {
        EcgFormatException format => format,
        NonFiniteScoreException or not SignalCamException => null,
        _ => Unreadable(dataset, entry, input, error),
    };

    private static EcgFormatException Unreadable(IEcgDataset dataset, EcgEntry entry, SignalLayout input, Exception error) =>
        new($"{dataset.Name} recording {entry.Id}", null, error.Message, $"a recording that becomes {input}", error);

    private static int ReportEvery(int count) => Math.Max(1, count / 200);
}
