using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Scoring;

/// <summary>What came of a recording: an answer or an error.</summary>
internal readonly record struct ScoringOutcome(EcgClassification? Answer, Exception? Error, AdaptedRecording? Seen = null)
{
    public EcgClassification Get()
    {
        if (Error is not null)
            ExceptionDispatchInfo.Throw(Error);
        return Answer!;
    }
}

/// <summary>Takes recordings through the steps of scoring. Stateless but for what the model is; safe for concurrent callers.</summary>
internal sealed class RecordingScorer
{
    private readonly ScoringModel _model;
    private readonly IScoringBackend _backend;
    private readonly ClassRules _rules;
    private readonly ScoringOptions _options;
    private readonly int _step;
    private readonly int _size;

    public RecordingScorer(ScoringModel model, IScoringBackend backend, ClassRules rules, ScoringOptions options)
    {
        (_model, _backend, _rules, _options) = (model, backend, rules, options);
        _size = model.Input.LeadCount * model.Input.Length;
        if (options.WindowStep is { } seconds && !(seconds > 0 && seconds <= model.Input.Length / model.Input.SamplingRate))
            throw new PluginException(string.Create(CultureInfo.InvariantCulture,
                $"the options of model '{model.Name}' do not fit: WindowStep is {seconds} s: allowed are numbers "
                + $"above 0 up to the model's window of {model.Input.Length / model.Input.SamplingRate} s."));
        _step = options.WindowStep is { } step
            ? Math.Max(1, (int)Math.Round(step * model.Input.SamplingRate))
            : Math.Max(1, model.Input.Length / 2);
    }

    /// <summary>A recording in the model's leads and rate, with the windows that are looked at.</summary>
    public AdaptedRecording Adapt(EcgSignal recording) => AdaptedRecording.Of(recording, _model.Input, _options.Length, _step);

    /// <summary>Scores recordings, in as few passes as the backend likes.</summary>
    /// <returns>One for each recording; an error is that recording's alone.</returns>
    public ScoringOutcome[] Score(ReadOnlySpan<EcgRecording> recordings, MapPlan? maps, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var outcomes = new ScoringOutcome[recordings.Length];
        var jobs = new List<Job>(recordings.Length);
        for (var i = 0; i < recordings.Length; i++)
        {
            try
            {
                jobs.Add(Take(i, recordings[i]));
            }
            catch (Exception e) when (e is SignalCamException or ArgumentException)
            {
                outcomes[i] = new ScoringOutcome(null, e);
            }
        }
        // Where the backend likes single recordings nothing is gained by keeping several.
        if (_backend.TakesBatches)
            ScoreTogether(jobs, maps, outcomes, cancellationToken);
        else
            foreach (var job in CollectionsMarshal.AsSpan(jobs))
                ScoreTogether([job], maps, outcomes, cancellationToken);
        return outcomes;
    }

    private void ScoreTogether(List<Job> jobs, MapPlan? maps, ScoringOutcome[] outcomes, CancellationToken cancellationToken)
    {
        var prepared = new PreparedWindows(this, maps?.Explainer is not null);
        foreach (var job in jobs)
        {
            try
            {
                job.First = prepared.Run(job.Adapted, maps?.Cam, cancellationToken);
            }
            catch (SignalCamException e)
            {
                (job.Failed, outcomes[job.Index]) = (true, new ScoringOutcome(null, e));
            }
        }
        prepared.Flush(maps?.Cam);
        foreach (var job in jobs.Where(j => !j.Failed))
        {
            try
            {
                outcomes[job.Index] = new ScoringOutcome(Answer(job, prepared, maps, cancellationToken), null, job.Adapted);
            }
            catch (SignalCamException e)
            {
                outcomes[job.Index] = new ScoringOutcome(null, e);
            }
        }
    }

    private EcgClassification Answer(Job job, PreparedWindows windows, MapPlan? maps, CancellationToken cancellationToken)
    {
        var (classes, count) = (_rules.Classes.Length, job.Adapted.Starts.Length);
        var logits = windows.Of(job.First, count, classes, output => output.Logits);
        var probabilities = windows.Of(job.First, count, classes, output => output.Probabilities);
        for (var w = 0; w < count; w++)
            _rules.Calibrate(logits.Slice(w * classes, classes), probabilities.Slice(w * classes, classes));
        var (logit, probability) = _rules.Combine(logits, probabilities);
        var called = _rules.Call(probability);
        var findings = RecordingFindings.WithDistance(job.Findings, windows.Features(job.First, count), count, _model.File.Features);
        var isDecided = _options.DecideUnusable || !RecordingFindings.AreUnusable(findings);
        var scores = _rules.Scores(logit, probability, called, isDecided);
        if (maps is not null)
            foreach (var c in maps.Classes.Resolve(_rules.Classes, called, TensorPrimitives.IndexOfMax<float>(probability)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                scores[c] = scores[c] with { HeatMap = Map(job, windows, maps, c, logits) };
            }
        return new EcgClassification
        {
            Model = _model.Name,
            ModelSha256 = _model.Sha256,
            Task = _model.Manifest.Task,
            TaskKind = _model.Manifest.TaskKind,
            Backend = _backend.Name,
            Explainer = maps?.Name,
            Stretch = job.Adapted.Stretch,
            SamplingRate = _model.Input.SamplingRate,
            Scores = scores,
            Findings = findings,
            Windows = count == 1 ? [] : Windows(job, logits, probabilities, isDecided),
        };
    }

    private EcgWindow[] Windows(Job job, ReadOnlySpan<float> logits, ReadOnlySpan<float> probabilities, bool isDecided)
    {
        var (classes, windows) = (_rules.Classes.Length, new EcgWindow[job.Adapted.Starts.Length]);
        var (rate, length) = (_model.Input.SamplingRate, _model.Input.Length);
        for (var w = 0; w < windows.Length; w++)
        {
            var own = probabilities.Slice(w * classes, classes);
            windows[w] = new EcgWindow(
                new EcgStretch(job.Adapted.Stretch.Start + job.Adapted.Starts[w] / rate, length / rate),
                _rules.Scores(logits.Slice(w * classes, classes), own, _rules.Call(own), isDecided));
        }
        return windows;
    }

    private HeatMap Map(Job job, PreparedWindows windows, MapPlan maps, int c, ReadOnlySpan<float> logits)
    {
        var (classes, count) = (_rules.Classes.Length, job.Adapted.Starts.Length);
        IReadOnlyList<RawMap> raw;
        if (maps.Cam is { } kind)
        {
            var made = new RawMap[count];
            for (var w = 0; w < count; w++)
                made[w] = CamMaps.Raw(_rules.Classes[c], kind, windows.Cells(job.First + w, c, classes),
                    kind == CamKind.Exact ? _backend.Biases[c] : 0, logits[w * classes + c]);
            raw = made;
        }
        else
            raw = maps.Explainer!.Explain(windows.Samples(job.First, count), [.. Enumerable.Repeat(c, count)]);
        var map = WindowMaps.Join(maps.Steps, raw, job.Adapted, _model.Input);
        return TensorPrimitives.IsFiniteAll(map.Samples.AsSpan())
            ? map
            : throw new NonFiniteScoreException(_model.Name, map.Class, $"a value of the map by {map.Method} that is none");
    }

    private Job Take(int index, EcgRecording recording)
    {
        var findings = RecordingFindings.Of(recording, _options);
        var adapted = Adapt(recording.Signal);
        return new Job(index, RecordingFindings.WithLength(findings, recording.Signal, adapted, _model.Input, _options), adapted);
    }

    /// <summary>A recording on its way.</summary>
    private sealed class Job(int index, IReadOnlyList<EcgFinding> findings, AdaptedRecording adapted)
    {
        public int Index => index;

        public IReadOnlyList<EcgFinding> Findings => findings;

        public AdaptedRecording Adapted => adapted;

        /// <summary>The place of its first window among all.</summary>
        public int First { get; set; }

        public bool Failed { get; set; }
    }

    /// <summary>
    /// Prepares windows and runs them through the backend, as many in one pass as it likes; keeps what came out, and the inputs where an
    /// explainer needs them.
    /// </summary>
    private sealed class PreparedWindows(RecordingScorer scorer, bool keepSamples)
    {
        private readonly int _perPass = scorer._backend.TakesBatches ? scorer._options.BatchSize : 1;
        private readonly List<(BackendOutput Output, int Count)> _passes = [];
        private readonly List<float[]> _kept = [];
        private float[] _waiting = [];
        private int _waitingCount;
        private int _done;

        /// <summary>Takes the windows of a recording; gives the place of the first among all.</summary>
        public int Run(AdaptedRecording recording, CamKind? cam, CancellationToken cancellationToken)
        {
            var (size, first) = (scorer._size, _done + _waitingCount);
            var scratch = recording.Starts.Length > 1 ? ArrayPool<float>.Shared.Rent(size) : [];
            try
            {
                for (var w = 0; w < recording.Starts.Length; w++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (_waiting.Length == 0)
                        _waiting = ArrayPool<float>.Shared.Rent(_perPass * size);
                    var input = recording.Window(w, scratch.AsSpan(0, scratch.Length == 0 ? 0 : size));
                    scorer._model.Preprocessor.Apply(
                        input, scorer._model.Input, _waiting.AsSpan(_waitingCount * size, size), scorer._model.Input.Length);
                    if (keepSamples)
                        _kept.Add(_waiting.AsSpan(_waitingCount * size, size).ToArray());
                    if (++_waitingCount == _perPass)
                        Pass(cam);
                }
            }
            finally
            {
                if (scratch.Length > 0)
                    ArrayPool<float>.Shared.Return(scratch);
            }
            return first;
        }

        /// <summary>Runs what waits.</summary>
        public void Flush(CamKind? cam)
        {
            if (_waitingCount > 0)
                Pass(cam);
            if (_waiting.Length > 0)
                ArrayPool<float>.Shared.Return(_waiting);
            _waiting = [];
        }

        /// <summary>Logits or probabilities (window, class) of some windows that follow each other.</summary>
        public Span<float> Of(int first, int count, int classes, Func<BackendOutput, float[]> which)
        {
            // Most often all are of one pass, whose array then serves.
            var (pass, row) = Find(first);
            if (row + count <= _passes[pass].Count)
                return which(_passes[pass].Output).AsSpan(row * classes, count * classes);
            var values = new float[count * classes];
            for (var w = 0; w < count; w++)
            {
                (pass, row) = Find(first + w);
                which(_passes[pass].Output).AsSpan(row * classes, classes).CopyTo(values.AsSpan(w * classes));
            }
            return values;
        }

        /// <summary>The pooled features of some windows that follow each other; empty where the backend gives none.</summary>
        public ReadOnlySpan<float> Features(int first, int count)
        {
            var features = _passes[0].Output.Features.Length / _passes[0].Count;
            return features == 0 ? [] : Of(first, count, features, output => output.Features);
        }

        /// <summary>The map of a window and class.</summary>
        public ReadOnlySpan<float> Cells(int window, int c, int classes)
        {
            var (pass, row) = Find(window);
            var output = _passes[pass].Output;
            return output.Cells.AsSpan((row * classes + c) * output.CellCount, output.CellCount);
        }

        /// <summary>The prepared samples of some windows that follow each other.</summary>
        public float[] Samples(int first, int count) => count == 1 ? _kept[first] : [.. _kept.Skip(first).Take(count).SelectMany(s => s)];

        // All passes but the last are full.
        private (int Pass, int Row) Find(int window) => Math.DivRem(window, _perPass);

        private void Pass(CamKind? cam)
        {
            _passes.Add((scorer._backend.Run(_waiting.AsSpan(0, _waitingCount * scorer._size), _waitingCount, cam), _waitingCount));
            (_done, _waitingCount) = (_done + _waitingCount, 0);
        }
    }
}
