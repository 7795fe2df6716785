using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;
using SignalCam.Formats;

namespace SignalCam.Distributed.Workers;

/// <summary>What came of a message of jobs.</summary>
internal sealed record ScoredBatch(
    ScoringTask Task, IReadOnlyList<ReadOnlyMemory<byte>> Jobs, IReadOnlyList<ScoringResult> Results, IReadOnlyList<RejectedJob> Rejected);

/// <summary>Scores the jobs of a message. One that cannot be done is rejected with its reason, and the others go on.</summary>
internal sealed class BatchScorer(WorkerModel model, WorkerOptions options, EcgFileReader reader) : IDisposable
{
    // Of recordings that are elsewhere: so many are in memory for each thread.
    private const int MostFetched = 16;

    private readonly SemaphoreSlim _threads = new(options.Threads);
    private readonly FetchSlots _slots = new(options.MaxFetches);
    private readonly RecordingFetcher _fetcher = new(options, reader);
    private readonly SamplePool _samples = new();

    /// <summary>Scores.</summary>
    /// <exception cref="MessageFormatException">The message is no message of jobs.</exception>
    public async Task<ScoredBatch> ScoreAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var (task, jobs) = JobBatch.Read(message);
        var rejected = new List<RejectedJob>();
        if (Mismatch(task) is { } mismatch)
            return new ScoredBatch(task, jobs, [], [.. jobs.Select(job => new RejectedJob(job, mismatch.Kind, mismatch.Detail))]);

        var results = new List<ScoringResult>(jobs.Count);
        foreach (var part in Parts(jobs))
            results.AddRange(await ScorePartAsync(task, part, rejected, cancellationToken).ConfigureAwait(false));
        return new ScoredBatch(task, jobs, results, rejected);
    }

    private async Task<IEnumerable<ScoringResult>> ScorePartAsync(
        ScoringTask task, ReadOnlyMemory<byte>[] jobs, List<RejectedJob> rejected, CancellationToken cancellationToken)
    {
        var fetched = new EcgSignal?[jobs.Length];
        // What comes over a network is waited for; what is in a file is a thread's work like decoding.
        using var slots = await _slots.TakeAsync(jobs.Count(job => JobBatch.PeekUri(job.Span) is { IsFile: false }), cancellationToken)
            .ConfigureAwait(false);
        await FetchAsync(jobs, uri => !uri.IsFile, fetched, rejected, cancellationToken).ConfigureAwait(false);
        await _threads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await FetchAsync(jobs, uri => uri.IsFile, fetched, rejected, cancellationToken).ConfigureAwait(false);
            var recordings = ReadAll(jobs, fetched, rejected);
            var results = Classify(task, recordings, rejected, cancellationToken);
            // Not after an error: whoever had the recordings may have them still.
            foreach (var recording in recordings)
                _samples.Return(recording.Recording);
            return Storable(results, recordings, rejected);
        }
        finally
        {
            _threads.Release();
        }
    }

    public void Dispose()
    {
        _threads.Dispose();
        _slots.Dispose();
        _fetcher.Dispose();
    }

    /// <summary>The jobs in runs that hold no more recordings that are elsewhere than may be in memory.</summary>
    private IEnumerable<ReadOnlyMemory<byte>[]> Parts(IReadOnlyList<ReadOnlyMemory<byte>> jobs)
    {
        var (start, elsewhere) = (0, 0);
        for (var i = 0; i < jobs.Count; i++)
        {
            if (JobBatch.PeekUri(jobs[i].Span) is null || ++elsewhere <= Math.Min(MostFetched, options.MaxFetches))
                continue;
            yield return [.. jobs.Skip(start).Take(i - start)];
            (start, elsewhere) = (i, 1);
        }
        if (start < jobs.Count)
            yield return [.. jobs.Skip(start)];
    }

    /// <summary>The results that every sink can store; the jobs of the others are rejected.</summary>
    private static List<ScoringResult> Storable(List<ScoringResult> results, List<Readable> recordings, List<RejectedJob> rejected)
    {
        var storable = new List<ScoringResult>(results.Count);
        foreach (var result in results)
            if (ResultCheck.FindProblem(result) is { } problem)
                rejected.Add(new RejectedJob(
                    recordings.First(r => r.Id == result.Key.RecordingId).Job, FailureKind.UnstorableResult, problem));
            else
                storable.Add(result);
        return storable;
    }

    private (string Kind, string Detail)? Mismatch(ScoringTask task)
    {
        if (!task.ModelSha256.Equals(model.Sha256, StringComparison.OrdinalIgnoreCase))
            return (FailureKind.WrongModel,
                $"the job is for model {task.Model} ({task.ModelSha256}), this queue for {model.Classifier.Name} ({model.Sha256})");
        if (task.Explainer.Length > 0 && task.Explainer != model.Explainer)
            return (FailureKind.WrongExplainer,
                $"the job wants maps of '{task.Explainer}', this worker makes those of '{model.Explainer}'");
        return null;
    }

    /// <summary>Brings recordings that are elsewhere; those that have to be waited for, all at once.</summary>
    private async Task FetchAsync(
        ReadOnlyMemory<byte>[] jobs, Func<Uri, bool> which, EcgSignal?[] signals, List<RejectedJob> rejected,
        CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        for (var i = 0; i < jobs.Length; i++)
            if (JobBatch.PeekUri(jobs[i].Span) is { } uri && which(uri))
                running.Add(FetchOneAsync(i, uri));
        await Task.WhenAll(running).ConfigureAwait(false);

        async Task FetchOneAsync(int index, Uri uri)
        {
            try
            {
                signals[index] = await _fetcher.FetchAsync(uri, cancellationToken).ConfigureAwait(false);
            }
            catch (JobRejectedException e)
            {
                lock (rejected)
                    rejected.Add(new RejectedJob(jobs[index], e.Kind, e.Message));
            }
        }
    }

    private List<Readable> ReadAll(ReadOnlyMemory<byte>[] jobs, EcgSignal?[] fetched, List<RejectedJob> rejected)
    {
        var layouts = new LayoutCache();
        var readable = new List<Readable>(jobs.Length);
        for (var i = 0; i < jobs.Length; i++)
        {
            try
            {
                var job = JobBatch.ReadJob(jobs[i].Span, layouts, _samples);
                // Without either, fetching it has been rejected already.
                if ((job.Recording ?? fetched[i]) is { } recording)
                    readable.Add(new Readable(jobs[i], job.RecordingId, recording));
            }
            catch (MessageFormatException e)
            {
                rejected.Add(new RejectedJob(jobs[i], FailureKind.MalformedJob, e.Message));
            }
        }
        return readable;
    }

    /// <summary>One recording after the other: messages, not recordings, are what threads are busy with at once.</summary>
    private List<ScoringResult> Classify(
        ScoringTask task, List<Readable> recordings, List<RejectedJob> rejected, CancellationToken cancellationToken)
    {
        var options = new ClassifyOptions { Explain = task.Explainer.Length > 0 };
        var results = new List<ScoringResult>(recordings.Count);
        foreach (var (job, id, recording) in recordings)
        {
            try
            {
                results.Add(ScoringResult.Of(model.Classifier.Classify(recording, options, cancellationToken), id, task.Explainer));
            }
            catch (Exception e) when (e is SignalCamException or ArgumentException)
            {
                rejected.Add(new RejectedJob(
                    job, e is NonFiniteScoreException ? FailureKind.NonFiniteScore : FailureKind.RefusedRecording, e.Message));
            }
        }
        return results;
    }

    private readonly record struct Readable(ReadOnlyMemory<byte> Job, string Id, EcgSignal Recording);
}
