using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Torch.Training.Data;

/// <summary>Preprocessed recordings with their targets, held in one block of memory.</summary>
/// <remarks>17,418 recordings of 12 leads x 1000 samples take 836 MB. Safe for concurrent readers.</remarks>
internal sealed class LabeledRecordings
{
    private readonly ReadOnlyMemory<float> _samples;
    private readonly float[] _targets;

    /// <summary>Wraps arrays without copying them.</summary>
    /// <param name="entries">The entries of the recordings.</param>
    /// <param name="layout">The shape that all have.</param>
    /// <param name="samples">Preprocessed samples (recording, lead, time).</param>
    /// <param name="targets">Targets (recording, class).</param>
    /// <param name="classCount">Number of classes.</param>
    /// <exception cref="ArgumentException">The arrays do not have these shapes.</exception>
    public LabeledRecordings(
        IReadOnlyList<EcgEntry> entries, SignalLayout layout, ReadOnlyMemory<float> samples, float[] targets, int classCount)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(targets);
        Entries = entries;
        Layout = layout;
        ClassCount = classCount;
        if (samples.Length != (long)entries.Count * SamplesPerRecording)
            throw new ArgumentException($"expected {entries.Count} recordings of {layout}, found {samples.Length} values", nameof(samples));
        if (targets.LongLength != (long)entries.Count * classCount)
            throw new ArgumentException(
                $"expected {entries.Count} recordings x {classCount} classes, found {targets.LongLength} values", nameof(targets));
        _samples = samples;
        _targets = targets;
    }

    /// <summary>Reads, labels and preprocesses the entries that have a label for the task.</summary>
    /// <param name="dataset">Where the recordings are.</param>
    /// <param name="entries">Which of them; those without a label for the task are left out.</param>
    /// <param name="task">The task that defines the targets.</param>
    /// <param name="preprocessor">The preprocessing.</param>
    /// <param name="options">How a bad recording is handled, and how many are read at once.</param>
    /// <param name="progress">Receives progress as recordings arrive.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EcgFormatException">A recording is missing or corrupt and bad recordings are not skipped, or has another shape
    /// than the others.</exception>
    /// <exception cref="TrainingException">No entry has a label for the task.</exception>
    public static async Task<LabeledRecordings> LoadAsync(
        IEcgDataset dataset,
        IReadOnlyList<EcgEntry> entries,
        IEcgTask task,
        Preprocessor preprocessor,
        RecordingReaderOptions? options = null,
        IProgress<RecordingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(preprocessor);
        var classes = task.Classes.Count;
        var target = new float[classes];
        var labelled = entries.Where(entry => task.TryGetTarget(entry, target)).ToArray();
        if (labelled.Length == 0)
            throw new TrainingException($"none of {entries.Count} entries of {dataset.Name} has a label for task '{task.Name}'");
        var block = await new RecordingReader(dataset, [preprocessor], options)
            .ReadBlockAsync(labelled, null, progress, cancellationToken).ConfigureAwait(false);
        var targets = new float[block.Count * classes];
        for (var i = 0; i < block.Count; i++)
            task.TryGetTarget(block.Entries[i], targets.AsSpan(i * classes, classes));
        return new LabeledRecordings(block.Entries, block.Layout, block.Samples, targets, classes) { Skipped = block.Skipped };
    }

    /// <summary>The same recordings with other targets (recording, class); the samples are shared.</summary>
    internal LabeledRecordings WithTargets(float[] targets) => new(Entries, Layout, _samples, targets, ClassCount) { Skipped = Skipped };

    /// <summary>Missing or corrupt recordings that were left out.</summary>
    public IReadOnlyList<SkippedRecording> Skipped { get; private init; } = [];

    /// <summary>The entries of the recordings.</summary>
    public IReadOnlyList<EcgEntry> Entries { get; }

    /// <summary>The shape that all recordings have.</summary>
    public SignalLayout Layout { get; }

    /// <summary>Number of recordings.</summary>
    public int Count => Entries.Count;

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Leads x samples per lead.</summary>
    public int SamplesPerRecording => Layout.LeadCount * Layout.Length;

    /// <summary>The preprocessed samples of a recording, lead-major.</summary>
    public ReadOnlySpan<float> Samples(int recording) => _samples.Span.Slice(recording * SamplesPerRecording, SamplesPerRecording);

    /// <summary>The samples of a run of recordings: (recording, lead, time).</summary>
    public ReadOnlySpan<float> Samples(int recording, int count) =>
        _samples.Span.Slice(recording * SamplesPerRecording, count * SamplesPerRecording);

    /// <summary>The targets of a recording, one value per class.</summary>
    public ReadOnlySpan<float> Targets(int recording) => _targets.AsSpan(recording * ClassCount, ClassCount);

    /// <summary>The targets of all recordings: (recording, class).</summary>
    public ReadOnlySpan<float> AllTargets => _targets;

    /// <summary>"17418 of sha256:1f0c...": the SHA-256 of layout, ids, targets and samples. A gigabyte takes about a second.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Layout.SamplingRate:R} {Layout.Length} {string.Join(' ', Layout.Leads)} {ClassCount}\n")));
        foreach (var entry in Entries)
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Id + "\n"));
        hash.AppendData(MemoryMarshal.AsBytes<float>(_targets));
        for (var i = 0; i < Count; i++)
            hash.AppendData(MemoryMarshal.AsBytes(Samples(i)));
        return string.Create(CultureInfo.InvariantCulture, $"{Count} of sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }
}
