using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Evaluation;

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
    // Recordings held in memory at once: 1,024 of 12 leads x 1000 samples are 49 MB.
    private const int Chunk = 1024;
    private const int BatchSize = 128;

    /// <summary>Reads, preprocesses and scores recordings; memory does not grow with their number.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Where the recordings are.</param>
    /// <param name="entries">Which of them.</param>
    /// <param name="options">What becomes of a bad recording, and how many are read at once.</param>
    /// <param name="progress">Told the number of recordings done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EcgFormatException">A recording is missing or corrupt and is not to be skipped.</exception>
    public static async Task<Predictions> ComputeAsync(
        EcgModel model,
        IEcgDataset dataset,
        IReadOnlyList<EcgEntry> entries,
        RecordingReaderOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(entries);
        var classes = model.Manifest.Classes;
        var (done, logits, probabilities, skipped) = (new List<EcgEntry>(), new List<float>(), new List<float>(), new List<SkippedRecording>());
        var reader = new RecordingReader(dataset, [new Preparation(model)], options);
        for (var start = 0; start < entries.Count; start += Chunk)
        {
            var block = await reader.ReadBlockAsync([.. entries.Skip(start).Take(Chunk)], model.Input, null, cancellationToken).ConfigureAwait(false);
            for (var from = 0; from < block.Count; from += BatchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(BatchSize, block.Count - from);
                var size = model.Input.LeadCount * model.Input.Length;
                var output = model.Run(block.Samples.Slice(from * size, count * size).ToArray(), count);
                logits.AddRange(output.Logits);
                probabilities.AddRange(CalibratedScores.Probabilities(model.Manifest, output));
            }
            done.AddRange(block.Entries);
            skipped.AddRange(block.Skipped.Select(s => s with { Index = start + s.Index }));
            progress?.Report(start + block.Count + block.Skipped.Count);
        }
        return new Predictions(done, classes, [.. logits], [.. probabilities], skipped);
    }

    private sealed class Preparation(EcgModel model) : ISignalTransform
    {
        public string Name => "prepare";

        public EcgSignal Apply(EcgSignal signal) => model.Prepare(signal);
    }
}
