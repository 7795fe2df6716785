using System.Collections.Concurrent;
using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>
/// Reads many recordings of any dataset in parallel and runs the preprocessing on each. Only as many are in memory at a time as are read at
/// a time; what is kept is the caller's choice.
/// </summary>
/// <remarks>Stateless; safe for concurrent callers.</remarks>
internal sealed class RecordingReader
{
    private readonly IEcgDataset _dataset;
    private readonly IReadOnlyList<ISignalTransform> _transforms;
    private readonly RecordingReaderOptions _options;

    /// <summary>Prepares to read.</summary>
    /// <param name="dataset">Where the recordings come from.</param>
    /// <param name="transforms">The preprocessing, in its order; null for none.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="PluginException">An option has a value that is not allowed.</exception>
    public RecordingReader(IEcgDataset dataset, IReadOnlyList<ISignalTransform>? transforms = null, RecordingReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _dataset = dataset;
        _transforms = transforms ?? [];
        _options = CheckedOptions.Require(options ?? new RecordingReaderOptions());
    }

    /// <summary>Hands each recording to a callback.</summary>
    /// <param name="entries">The entries to read.</param>
    /// <param name="onRecording">
    /// Takes the entry's index in <paramref name="entries"/> and its preprocessed recording. Called from several threads at once and in no
    /// order. An <see cref="EcgFormatException"/> that it or a transform throws marks the recording as bad, like one from reading.
    /// </param>
    /// <param name="progress">Receives progress about every half percent, on any thread.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>
    /// The recordings that were skipped, in the order of <paramref name="entries"/>; empty unless the options say to skip.
    /// </returns>
    /// <exception cref="EcgFormatException">A recording is missing or corrupt, and the options say to fail.</exception>
    /// <exception cref="OperationCanceledException">Reading was stopped.</exception>
    public async Task<IReadOnlyList<SkippedRecording>> ForEachAsync(
        IReadOnlyList<EcgEntry> entries,
        Action<int, EcgSignal> onRecording,
        IProgress<RecordingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(onRecording);
        var skipped = new ConcurrentBag<SkippedRecording>();
        var done = 0;
        var reportEvery = Math.Max(1, entries.Count / 200);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, entries.Count, parallel, async (index, token) =>
        {
            try
            {
                onRecording(index, await ReadAsync(entries[index], token).ConfigureAwait(false));
            }
            catch (EcgFormatException e) when (_options.OnBadRecording == OnBadRecording.Skip)
            {
                skipped.Add(new SkippedRecording(index, entries[index], e));
            }
            var finished = Interlocked.Increment(ref done);
            if (finished % reportEvery == 0 || finished == entries.Count)
                progress?.Report(new RecordingProgress(finished, entries.Count, skipped.Count));
        }).ConfigureAwait(false);
        return [.. skipped.OrderBy(s => s.Index)];
    }

    /// <summary>Reads recordings of one layout into one block, as training needs them.</summary>
    /// <param name="entries">The entries to read; at least one.</param>
    /// <param name="layout">
    /// What every recording must be like after the preprocessing; null to take it from the first that can be read.
    /// </param>
    /// <param name="progress">Receives progress about every half percent, on any thread.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The recordings in the order of <paramref name="entries"/>, without gaps where some were skipped.</returns>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or of another layout, and the options say to fail; or none could be read.
    /// </exception>
    /// <exception cref="ArgumentException">There is no entry, or there are more samples than one array can hold.</exception>
    /// <exception cref="OperationCanceledException">Reading was stopped.</exception>
    public async Task<RecordingBlock> ReadBlockAsync(
        IReadOnlyList<EcgEntry> entries,
        SignalLayout? layout = null,
        IProgress<RecordingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
            throw new ArgumentException("there is no entry to read", nameof(entries));
        layout ??= await LayoutOfFirstReadableAsync(entries, cancellationToken).ConfigureAwait(false);
        var values = (long)layout.LeadCount * layout.Length * entries.Count;
        if (values > Array.MaxLength)
            throw new ArgumentException(
                $"{entries.Count} recordings of {layout} are {values} samples; one block holds {Array.MaxLength}", nameof(entries));
        var size = layout.LeadCount * layout.Length;
        var samples = GC.AllocateUninitializedArray<float>((int)values);
        var skipped = await ForEachAsync(entries, Store, progress, cancellationToken).ConfigureAwait(false);
        if (skipped.Count == entries.Count)
            throw NoneReadable(entries.Count, skipped[0].Error);
        return new RecordingBlock(CloseGaps(entries, skipped, samples, size), samples, layout, skipped);

        void Store(int index, EcgSignal signal)
        {
            if (!signal.Layout.Equals(layout))
            {
                var sameLeads = signal.Leads.SequenceEqual(layout.Leads, StringComparer.OrdinalIgnoreCase);
                throw new EcgFormatException($"{_dataset.Name} recording {entries[index].Id}", null,
                    Describe(signal.Layout, sameLeads), Describe(layout, sameLeads));
            }
            signal.Samples.Span.CopyTo(samples.AsSpan(index * size));
        }
    }

    private static string Describe(SignalLayout layout, bool sameLeads) =>
        sameLeads ? layout.ToString() : $"{layout} ({string.Join(", ", layout.Leads)})";

    /// <summary>Moves what was read to the front, and returns the entries of that.</summary>
    private static List<EcgEntry> CloseGaps(
        IReadOnlyList<EcgEntry> entries, IReadOnlyList<SkippedRecording> skipped, float[] samples, int size)
    {
        var bad = skipped.Select(s => s.Index).ToHashSet();
        var kept = new List<EcgEntry>(entries.Count - bad.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            if (bad.Contains(i))
                continue;
            if (kept.Count < i)
                samples.AsSpan(i * size, size).CopyTo(samples.AsSpan(kept.Count * size));
            kept.Add(entries[i]);
        }
        return kept;
    }

    private async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var signal = await _dataset.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
            foreach (var transform in _transforms)
                signal = transform.Apply(signal);
            return signal;
        }
        catch (SignalCamException e) when (e is not EcgFormatException)
        {
            // What a transform refuses is a bad recording like any other, and only here is its name known.
            throw new EcgFormatException($"{_dataset.Name} recording {entry.Id}", null, e.Message, "a recording that can be prepared", e);
        }
    }

    /// <summary>Read before all others, one by one, so that which layout is right does not depend on which thread is first.</summary>
    internal async ValueTask<SignalLayout> LayoutOfFirstReadableAsync(IReadOnlyList<EcgEntry> entries, CancellationToken cancellationToken)
    {
        EcgFormatException? first = null;
        foreach (var entry in entries)
        {
            try
            {
                return (await ReadAsync(entry, cancellationToken).ConfigureAwait(false)).Layout;
            }
            catch (EcgFormatException e) when (_options.OnBadRecording == OnBadRecording.Skip)
            {
                first ??= e;
            }
        }
        throw NoneReadable(entries.Count, first!);
    }

    private EcgFormatException NoneReadable(int count, EcgFormatException first) =>
        new(_dataset.Name, null, $"{count} bad recordings of {count}, the first: {first.Message}", "at least one that can be read", first);
}
