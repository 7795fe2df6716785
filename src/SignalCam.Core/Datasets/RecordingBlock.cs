using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>Recordings of one layout, one after the other.</summary>
internal sealed class RecordingBlock
{
    private readonly float[] _samples;

    internal RecordingBlock(IReadOnlyList<EcgEntry> entries, float[] samples, SignalLayout layout, IReadOnlyList<SkippedRecording> skipped)
    {
        Entries = entries;
        Layout = layout;
        Skipped = skipped;
        _samples = samples;
    }

    /// <summary>The entries of the recordings, in order.</summary>
    public IReadOnlyList<EcgEntry> Entries { get; }

    /// <summary>Leads, samples per lead and sampling rate of every recording.</summary>
    public SignalLayout Layout { get; }

    /// <summary>The entries that could not be read.</summary>
    public IReadOnlyList<SkippedRecording> Skipped { get; }

    /// <summary>Number of recordings.</summary>
    public int Count => Entries.Count;

    /// <summary>All samples: (recording, lead, time), <see cref="Count"/> x leads x length values.</summary>
    public Memory<float> Samples => _samples.AsMemory(0, Count * RecordingSize);

    /// <summary>Samples of one recording: (lead, time).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such recording.</exception>
    public Span<float> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _samples.AsSpan(index * RecordingSize, RecordingSize);
        }
    }

    private int RecordingSize => Layout.LeadCount * Layout.Length;
}

/// <summary>A recording that could not be read and was left out.</summary>
/// <param name="Index">Its index among the requested entries.</param>
/// <param name="Entry">Its entry.</param>
/// <param name="Error">The error.</param>
public sealed record SkippedRecording(int Index, EcgEntry Entry, EcgFormatException Error);

/// <summary>The progress of reading many recordings.</summary>
/// <param name="Done">Recordings that were read or skipped.</param>
/// <param name="Total">Recordings to read.</param>
/// <param name="Skipped">Recordings that were skipped.</param>
internal readonly record struct RecordingProgress(int Done, int Total, int Skipped);
