using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Explainers;

namespace SignalCam.Sdk.Classification;

/// <summary>Classifies with the current model of a slot.</summary>
internal sealed class EcgClassifier(string name, int batchSize, ModelSlot slot, IEcgExplainer explainer, Telemetry telemetry) : IEcgClassifier, IDisposable
{
    public string Name => name;

    public IReadOnlyList<string> Classes => WithModel(model => model.Model.Manifest.Classes);

    public SignalLayout Input => WithModel(model => model.Model.Input);

    public ModelState State => slot.State;

    public EcgClassification Classify(EcgSignal recording, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return WithModel(model =>
        {
            using var activity = telemetry.Start("classify", SignalCamTelemetry.ModelTag, name);
            var start = Stopwatch.GetTimestamp();
            var result = CompiledFor(model, explain) is { } scorer
                ? Score(scorer, model, recording, explain)
                : Score(model, model.Prepare(recording).Samples.ToArray(), 1, explain)[0];
            telemetry.Classified(name, 1, Stopwatch.GetElapsedTime(start));
            return result;
        });
    }

    public async IAsyncEnumerable<EcgClassification> ClassifyAsync(
        IAsyncEnumerable<EcgSignal> recordings, bool explain = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        // The whole stream is one call: it ends with the model it began with.
        var model = slot.Enter();
        try
        {
            await using var source = recordings.GetAsyncEnumerator(cancellationToken);
            var batch = new List<EcgSignal>(batchSize);
            ExceptionDispatchInfo? broken = null;
            var done = 0L;
            while (true)
            {
                var more = false;
                try
                {
                    more = await source.MoveNextAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException && batch.Count > 0)
                {
                    // What came before the source broke is still given.
                    broken = ExceptionDispatchInfo.Capture(e);
                }
                if (more)
                {
                    batch.Add(source.Current);
                    if (batch.Count < batchSize)
                        continue;
                }
                if (batch.Count > 0)
                    foreach (var result in await RunAsync(model, batch, done, explain, cancellationToken).ConfigureAwait(false))
                        yield return result.Get();
                broken?.Throw();
                if (!more)
                    yield break;
                done += batch.Count;
                batch.Clear();
            }
        }
        finally
        {
            model.Leave();
        }
    }

    public void Dispose() => slot.Dispose();

    /// <summary>Runs on the pool, so that the caller's thread is free; all tensors live and die inside one synchronous call.</summary>
    private Task<List<Outcome>> RunAsync(LoadedModel model, List<EcgSignal> batch, long done, bool explain, CancellationToken cancellationToken) =>
        Task.Run(() => Run(model, batch, done, explain), cancellationToken);

    private List<Outcome> Run(LoadedModel model, List<EcgSignal> batch, long done, bool explain)
    {
        using var activity = telemetry.Start("classify", SignalCamTelemetry.ModelTag, name);
        var start = Stopwatch.GetTimestamp();
        var scorer = CompiledFor(model, explain);
        var samples = scorer is null ? new float[batch.Count * model.Size] : [];
        var outcomes = new List<Outcome>(batch.Count + 1);
        var count = 0;
        Exception? refused = null;
        while (count < batch.Count && refused is null)
        {
            try
            {
                if (scorer is null)
                    model.Prepare(batch[count]).Samples.Span.CopyTo(samples.AsSpan(count * model.Size));
                else
                    outcomes.Add(new Outcome(Score(scorer, model, batch[count], explain), null));
                count++;
            }
            catch (Exception e) when (e is SignalCamException or ArgumentException)
            {
                refused = new EcgStreamException(done + count, e);
            }
        }
        if (count > 0 && scorer is null)
        {
            // Torch takes an array of just the right length.
            Array.Resize(ref samples, count * model.Size);
            outcomes.AddRange(Score(model, samples, count, explain).Select(result => new Outcome(result, null)));
        }
        if (count > 0)
            telemetry.Classified(name, count, Stopwatch.GetElapsedTime(start));
        if (refused is not null)
            outcomes.Add(new Outcome(null, refused));
        return outcomes;
    }

    /// <summary>The compiled scorer, if the model has one and it makes the maps that are wanted.</summary>
    private CompiledScorer? CompiledFor(LoadedModel model, bool explain) => model.Scorer is { } scorer && (!explain || (explainer is CamExplainer cam && scorer.CellCount(cam.Kind) > 0))
        ? scorer
        : null;

    private EcgClassification Score(CompiledScorer scorer, LoadedModel model, EcgSignal recording, bool explain)
    {
        var samples = model.Adapt(recording).Samples.Span;
        var classes = scorer.Classes.Count;
        var (logits, probabilities) = (new float[classes], new float[classes]);
        if (!explain)
        {
            scorer.Score(samples, logits, probabilities);
            return Describe(model.Model.Manifest, logits, probabilities, null);
        }
        var kind = ((CamExplainer)explainer).Kind;
        var (count, length) = (scorer.CellCount(kind), scorer.Input.Length);
        var (cells, heatMaps) = (new float[classes * count], new float[classes * length]);
        scorer.Explain(samples, kind, logits, probabilities, cells, heatMaps);
        var maps = scorer.Classes.Select((@class, c) => new HeatMap(@class, cells[(c * count)..((c + 1) * count)], heatMaps[(c * length)..((c + 1) * length)]));
        return Describe(model.Model.Manifest, logits, probabilities, [.. maps]);
    }

    private EcgClassification[] Score(LoadedModel model, float[] samples, int count, bool explain)
    {
        var manifest = model.Model.Manifest;
        if (explain)
            return [.. explainer.Explain(model.Model, samples, count).Select(e => Describe(manifest, [.. e.Logits], [.. e.Probabilities], e.Maps))];
        var output = model.Model.Run(samples, count);
        var probabilities = CalibratedScores.Probabilities(manifest, output);
        var results = new EcgClassification[count];
        for (var i = 0; i < count; i++)
            results[i] = Describe(
                manifest,
                output.Logits.AsSpan(i * output.ClassCount, output.ClassCount),
                probabilities.AsSpan(i * output.ClassCount, output.ClassCount),
                null);
        return results;
    }

    private EcgClassification Describe(Core.Models.ModelManifest manifest, ReadOnlySpan<float> logits, ReadOnlySpan<float> probabilities, IReadOnlyList<HeatMap>? maps)
    {
        var present = CalibratedScores.Decide(manifest, probabilities);
        var thresholds = manifest.Thresholds;
        var scores = new ClassScore[probabilities.Length];
        for (var c = 0; c < scores.Length; c++)
            scores[c] = new ClassScore(manifest.Classes[c], probabilities[c], logits[c], thresholds[c], present[c], maps?[c]);
        return new EcgClassification(name, scores);
    }

    private T WithModel<T>(Func<LoadedModel, T> use)
    {
        var model = slot.Enter();
        try
        {
            return use(model);
        }
        finally
        {
            model.Leave();
        }
    }

    /// <summary>A result, or the error that stands in its place.</summary>
    private readonly record struct Outcome(EcgClassification? Result, Exception? Error)
    {
        public EcgClassification Get() => Error is null ? Result! : throw Error;
    }
}
