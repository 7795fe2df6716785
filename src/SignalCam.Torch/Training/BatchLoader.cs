using System.Collections.Concurrent;
using SignalCam.Abstractions;

namespace SignalCam.Torch.Training;

/// <summary>Samples and targets of one step.</summary>
internal sealed record Batch(float[] Samples, float[] Targets, int[] Records)
{
    public int Count => Records.Length;
}

/// <summary>
/// Prepares the batches of an epoch on other threads than the one that steps: order, copy, augmentation.
/// What a batch holds depends on the seed, the epoch and the record alone, never on the number of threads.
/// </summary>
internal sealed class BatchLoader(LabeledRecordings recordings, int batchSize, IAugmentation? augmentation, long seed, int threads)
{
    private const int Ahead = 3;
    private readonly ConcurrentBag<float[]> _buffers = [];

    public SignalLayout Layout => recordings.Layout;

    public int ClassCount => recordings.ClassCount;

    public int Steps => (recordings.Count + batchSize - 1) / batchSize;

    /// <summary>
    /// The shuffled, augmented batches of an epoch from a step on (0 for all). Give each back with <see cref="Return"/> when its samples are
    /// no longer needed.
    /// </summary>
    public IEnumerable<Batch> Epoch(int epoch, int fromStep, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ready = new BlockingCollection<Batch>(Ahead);
        var producer = Task.Factory.StartNew(() => Produce(epoch, fromStep, ready, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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
        if (batch.Count == batchSize)
            _buffers.Add(batch.Samples);
    }

    private void Produce(int epoch, int fromStep, BlockingCollection<Batch> ready, CancellationToken cancellationToken)
    {
        try
        {
            var order = Enumerable.Range(0, recordings.Count).ToArray();
            new EcgRandom(EcgRandom.SeedFor((ulong)seed, epoch, -1)).Shuffle(order.AsSpan());
            for (var start = fromStep * batchSize; start < order.Length; start += batchSize)
                ready.Add(Fill(order[start..Math.Min(start + batchSize, order.Length)], epoch, cancellationToken), cancellationToken);
        }
        finally
        {
            ready.CompleteAdding();
        }
    }

    private Batch Fill(int[] records, int epoch, CancellationToken cancellationToken)
    {
        var (size, classes) = (recordings.SamplesPerRecording, recordings.ClassCount);
        var samples = records.Length == batchSize && _buffers.TryTake(out var used) ? used : new float[records.Length * size];
        var targets = new float[records.Length * classes];

        void One(int i)
        {
            var place = samples.AsSpan(i * size, size);
            recordings.Samples(records[i]).CopyTo(place);
            recordings.Targets(records[i]).CopyTo(targets.AsSpan(i * classes));
            augmentation?.Apply(place, recordings.Layout, EcgRandom.For((ulong)seed, epoch, records[i]));
        }

        if (threads == 1)
            for (var i = 0; i < records.Length; i++)
                One(i);
        else
            Parallel.For(0, records.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, One);
        return new Batch(samples, targets, records);
    }
}
