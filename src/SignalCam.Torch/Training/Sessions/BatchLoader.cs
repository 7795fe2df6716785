using System.Collections.Concurrent;
using SignalCam.Abstractions;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Teaching;

namespace SignalCam.Torch.Training.Sessions;

/// <summary>
/// Prepares the batches of an epoch on separate threads: order, copy, augmentation. The content of a batch depends only on the seed, the
/// epoch and the recording, never on the number of threads.
/// </summary>
/// <param name="recordings">The recordings to learn from.</param>
/// <param name="options">Batch size, seed, window, mixup and threads.</param>
/// <param name="augmentation">Applied to each recording; null for none.</param>
/// <param name="teachers">They compute the targets of the finished batch; null to keep the labels.</param>
internal sealed class BatchLoader(
    LabeledRecordings recordings, TrainingOptions options, IAugmentation? augmentation, ConsistentTeachers? teachers = null)
{
    private const int Ahead = 3;
    private readonly int _batchSize = options.BatchSize;
    private readonly ulong _seed = (ulong)options.Seed;
    private readonly ConcurrentBag<float[]> _buffers = [];

    /// <summary>The shape of a batch's recordings: whole, or a window of each.</summary>
    public SignalLayout Layout { get; } = options.Crop == 0
        ? recordings.Layout
        : new(recordings.Layout.Leads, options.Crop, recordings.Layout.SamplingRate);

    public int ClassCount => recordings.ClassCount;

    public int Steps => (recordings.Count + _batchSize - 1) / _batchSize;

    /// <summary>
    /// The shuffled, augmented batches of an epoch from a step on (0 for all). Return each with <see cref="Return"/> when its samples
    /// are no longer needed.
    /// </summary>
    public IEnumerable<Batch> Epoch(int epoch, int fromStep, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ready = new BlockingCollection<Batch>(Ahead);
        var producer = Task.Factory.StartNew(
            () => Produce(epoch, fromStep, ready, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var batch in ready.GetConsumingEnumerable(cancellationToken))
                yield return batch;
            producer.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)producer).AsyncWaitHandle.WaitOne();
        }
    }

    public string IdOf(int record) => recordings.Entries[record].Id;

    public void Return(Batch batch)
    {
        if (batch.Count == _batchSize)
            _buffers.Add(batch.Samples);
    }

    private void Produce(int epoch, int fromStep, BlockingCollection<Batch> ready, CancellationToken cancellationToken)
    {
        try
        {
            var order = Enumerable.Range(0, recordings.Count).ToArray();
            new EcgRandom(EcgRandom.SeedFor(_seed, epoch, -1)).Shuffle(order.AsSpan());
            for (var start = fromStep * _batchSize; start < order.Length; start += _batchSize)
                ready.Add(Fill(order[start..Math.Min(start + _batchSize, order.Length)], epoch, cancellationToken), cancellationToken);
        }
        finally
        {
            ready.CompleteAdding();
        }
    }

    private Batch Fill(int[] records, int epoch, CancellationToken cancellationToken)
    {
        var (size, classes) = (Layout.LeadCount * Layout.Length, recordings.ClassCount);
        var samples = records.Length == _batchSize && _buffers.TryTake(out var used) ? used : new float[records.Length * size];
        var targets = new float[records.Length * classes];

        void One(int i)
        {
            var place = samples.AsSpan(i * size, size);
            var random = EcgRandom.For(_seed, epoch, records[i]);
            CopyWindow(recordings.Samples(records[i]), place, random);
            recordings.Targets(records[i]).CopyTo(targets.AsSpan(i * classes));
            augmentation?.Apply(place, Layout, random);
        }

        if (options.LoaderThreads == 1)
            for (var i = 0; i < records.Length; i++)
                One(i);
        else
            Parallel.For(0, records.Length,
                new ParallelOptions { MaxDegreeOfParallelism = options.LoaderThreads, CancellationToken = cancellationToken }, One);
        if (options.Mixup > 0)
            // A number of its own, which is not a record's: the draw depends on the epoch and the batch alone.
            Mixup.Apply(samples.AsSpan(0, records.Length * size), targets, records.Length, options.Mixup,
                EcgRandom.For(_seed, epoch, -2 - records[0]));
        var batch = new Batch(samples, targets, records);
        return teachers?.Teach(batch, Layout) ?? batch;
    }

    private void CopyWindow(ReadOnlySpan<float> whole, Span<float> place, EcgRandom random)
    {
        var (from, to) = (recordings.Layout.Length, Layout.Length);
        if (from == to)
        {
            whole.CopyTo(place);
            return;
        }
        var start = random.Below(from - to + 1);
        for (var lead = 0; lead < Layout.LeadCount; lead++)
            whole.Slice(lead * from + start, to).CopyTo(place[(lead * to)..]);
    }
}
