using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Workers;

/// <summary>What came of a message of jobs.</summary>
internal sealed record ScoredBatch(ScoringTask Task, IReadOnlyList<ReadOnlyMemory<byte>> Jobs, IReadOnlyList<ScoringResult> Results, IReadOnlyList<RejectedJob> Rejected);

/// <summary>Scores the jobs of a message. One that cannot be done is rejected with its reason, and the others go on.</summary>
internal sealed class BatchScorer(WorkerModel model, WorkerOptions options) : IDisposable
{
    private readonly SemaphoreSlim _threads = new(options.Threads);
    private readonly RecordingFetcher _fetcher = new(options);
    private readonly SamplePool _samples = new();

    /// <summary>Scores.</summary>
    /// <exception cref="MessageFormatException">The message is no message of jobs.</exception>
    public async Task<ScoredBatch> ScoreAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var (task, jobs) = JobBatch.Read(message);
        var rejected = new List<RejectedJob>();
        if (Mismatch(task) is { } mismatch)
            return new ScoredBatch(task, jobs, [], [.. jobs.Select(job => new RejectedJob(job, mismatch.Kind, mismatch.Detail))]);

        var fetched = new EcgSignal?[jobs.Count];
        // What comes over a network is waited for; what is in a file is a thread's work like decoding.
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
            return new ScoredBatch(task, jobs, results, rejected);
        }
        finally
        {
            _threads.Release();
        }
    }

    public void Dispose()
    {
        _threads.Dispose();
        _fetcher.Dispose();
    }

    private (string Kind, string Detail)? Mismatch(ScoringTask task)
    {
        if (!task.ModelSha256.Equals(model.Sha256, StringComparison.OrdinalIgnoreCase))
            return (FailureKind.WrongModel, $"the job is for model {task.Model} ({task.ModelSha256}), this queue for {model.Classifier.Name} ({model.Sha256})");
        if (task.Explainer.Length > 0 && task.Explainer != model.Explainer)
            return (FailureKind.WrongExplainer, $"the job wants maps of '{task.Explainer}', this worker makes those of '{model.Explainer}'");
        return null;
    }

    /// <summary>Brings recordings that are elsewhere; those that have to be waited for, all at once.</summary>
    private async Task FetchAsync(IReadOnlyList<ReadOnlyMemory<byte>> jobs, Func<Uri, bool> which, EcgSignal?[] signals, List<RejectedJob> rejected, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        for (var i = 0; i < jobs.Count; i++)
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

    private List<Readable> ReadAll(IReadOnlyList<ReadOnlyMemory<byte>> jobs, EcgSignal?[] fetched, List<RejectedJob> rejected)
    {
        var layouts = new LayoutCache();
        var readable = new List<Readable>(jobs.Count);
        for (var i = 0; i < jobs.Count; i++)
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
    private List<ScoringResult> Classify(ScoringTask task, List<Readable> recordings, List<RejectedJob> rejected, CancellationToken cancellationToken)
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
                rejected.Add(new RejectedJob(job, e is NonFiniteScoreException ? FailureKind.NonFiniteScore : FailureKind.RefusedRecording, e.Message));
            }
        }
        return results;
    }

    private readonly record struct Readable(ReadOnlyMemory<byte> Job, string Id, EcgSignal Recording);
}
