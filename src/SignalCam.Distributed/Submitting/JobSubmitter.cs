using RabbitMQ.Client;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Submitting;

/// <summary>
/// Reads recordings one after the other, and keeps a bounded number of messages on their way; what is confirmed in order is written down.
/// </summary>
internal sealed class JobSubmitter(BrokerClient broker) : IJobSubmitter
{
    public async Task<SubmissionProgress> SubmitAsync(
        SubmissionRequest request, IProgress<SubmissionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckedOptions.Require(request);
        var journal = SubmissionJournal.Open(request.JournalPath, request.Task);
        using var submission = new Submission(request, journal, progress);
        try
        {
            await broker.RunAsync("submitter", new ConnectionState(), (connection, token) => SessionAsync(connection, submission, token),
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            journal.Write();
        }
        return submission.Progress;
    }

    private async Task SessionAsync(IConnection connection, Submission submission, CancellationToken cancellationToken)
    {
        var hash = submission.Request.Task.ModelSha256;
        var channel = await BrokerClient.CreateChannelAsync(connection, cancellationToken).ConfigureAwait(false);
        await using var _ = channel.ConfigureAwait(false);
        await broker.Queues.DeclareJobsAsync(channel, hash, cancellationToken).ConfigureAwait(false);
        await broker.Queues.DeclareSubmittedAsync(channel, hash, cancellationToken).ConfigureAwait(false);
        var queue = broker.Queues.Jobs(hash);
        // In the order of sending, with the messages of the session before that were not confirmed first.
        var onTheirWay = new Queue<(Message Message, Task Confirmed)>(
            submission.Unconfirmed.Select(message => (message, SendAsync(message))));
        while (true)
        {
            if (onTheirWay.Count < submission.Request.MaxInFlight
                && await submission.NextAsync(cancellationToken).ConfigureAwait(false) is { } next)
                onTheirWay.Enqueue((next, SendAsync(next)));
            else if (onTheirWay.TryDequeue(out var oldest))
            {
                await oldest.Confirmed.ConfigureAwait(false);
                submission.Confirm(oldest.Message);
            }
            else
                return;
        }

        Task SendAsync(Message message) => BrokerClient.PublishAsync(channel, queue, message.Body, null, cancellationToken).AsTask();
    }

    /// <summary>A message and where it leads.</summary>
    internal sealed record Message(ReadOnlyMemory<byte> Body, long Done, string LastId);

    /// <summary>A submission over all its connections.</summary>
    private sealed class Submission : IDisposable
    {
        private readonly SubmissionJournal _journal;
        private readonly IProgress<SubmissionProgress>? _report;
        private readonly IEnumerator<JobSource> _sources;
        private readonly Queue<Message> _unconfirmed = [];
        private readonly long _resumed;
        private long _read;
        private long _skipped;
        private string? _firstProblem;

        public Submission(SubmissionRequest request, SubmissionJournal journal, IProgress<SubmissionProgress>? report)
        {
            Request = request;
            _journal = journal;
            _report = report;
            _sources = request.Recordings.GetEnumerator();
            _resumed = journal.Position.Done;
            for (; _read < _resumed; _read++)
                if (!_sources.MoveNext())
                    throw new EcgFormatException(
                        request.JournalPath!, null, $"a journal of {_resumed} recordings", $"one of at most the {_read} that there are");
            if (_resumed > 0 && _sources.Current.RecordingId != journal.Position.LastId)
                throw new EcgFormatException(
                    request.JournalPath!, null, "a journal of other recordings, or of another order", "one of these");
        }

        public SubmissionRequest Request { get; }

        public IReadOnlyCollection<Message> Unconfirmed => _unconfirmed;

        public SubmissionProgress Progress => new(_journal.Position.Done, _skipped, _firstProblem, _resumed);

        /// <summary>Reads the recordings of the next message; null behind the last.</summary>
        public async ValueTask<Message?> NextAsync(CancellationToken cancellationToken)
        {
            var (jobs, bytes, last) = (new List<ScoringJob>(Request.RecordingsPerMessage), 0L, "");
            while (jobs.Count < Request.RecordingsPerMessage && bytes < MessageLimits.SampleBytes && _sources.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = _sources.Current.RecordingId;
                try
                {
                    var job = await ReadAsync(_sources.Current, cancellationToken).ConfigureAwait(false);
                    bytes += SizeOf(job);
                    jobs.Add(job);
                }
                catch (EcgFormatException e) when (Request.OnBadRecording == OnBadRecording.Skip)
                {
                    _skipped++;
                    _firstProblem ??= e.Message;
                }
                _read++;
            }
            if (last.Length == 0)
                return null;
            // Without a job too, so that the journal goes on behind recordings that were all left out.
            var message = new Message(JobBatch.Write(Request.Task, jobs), _read, last);
            _unconfirmed.Enqueue(message);
            return message;
        }

        private static async ValueTask<ScoringJob> ReadAsync(JobSource source, CancellationToken cancellationToken)
        {
            var id = source.RecordingId;
            if (!MessageLimits.IsRecordingId(id))
                throw new EcgFormatException(id.Length > MessageLimits.Name ? id[..MessageLimits.Name] + "..." : id, null,
                    $"a name of {id.Length} characters", MessageLimits.RecordingIdRule);
            var job = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            return SizeOf(job) <= MessageLimits.SampleBytes
                ? job
                : throw new EcgFormatException(id, null, $"samples of {SizeOf(job)} bytes",
                    $"at most {MessageLimits.SampleBytes} in a job; workers can read the recording at a URI");
        }

        private static long SizeOf(ScoringJob job) =>
            job.Recording is { Layout: var layout } ? (long)layout.LeadCount * layout.Length * sizeof(float) : 0;

        public void Confirm(Message message)
        {
            _unconfirmed.Dequeue();
            _journal.Advance(message.Done, message.LastId);
            _report?.Report(Progress);
        }

        public void Dispose() => _sources.Dispose();
    }
}
