namespace SignalCam.Core.Wfdb;

/// <summary>What to read from a recording, and how strictly.</summary>
public sealed class WfdbReadOptions
{
    /// <summary>
    /// The signals to read, by name or zero-based index, in the requested order; null (default) for all in the header's order.
    /// </summary>
    /// <example><code>new WfdbReadOptions { Channels = ["II", "V5"] }</code></example>
    public IReadOnlyList<WfdbChannel>? Channels { get; init; }

    /// <summary>The first frame to read; default 0. A frame is a sample, except for signals with several samples per frame.</summary>
    public long From { get; init; }

    /// <summary>The frame after the last one to read; null (default) for the recording's end.</summary>
    public long? To { get; init; }

    /// <summary>
    /// Whether a signal (or segment) that is read completely must have the checksum and the initial value that the header states,
    /// where it states them; default true.
    /// </summary>
    public bool VerifyChecksum { get; init; } = true;

    /// <summary>
    /// Whether the samples of a frame are averaged to one, so that every signal has the frame rate; default false.
    /// Otherwise all signals of an <see cref="Abstractions.EcgSignal"/> must have the same number of samples per frame.
    /// <see cref="WfdbReader.ReadDigital(string, WfdbReadOptions?)"/> always gives all samples.
    /// </summary>
    public bool SmoothFrames { get; init; }

    /// <summary>
    /// The maximum number of values (signals x samples) to read; default 2^27, which is 512 MB.
    /// It bounds the memory that a header can claim for gaps, for which no bytes are stored.
    /// </summary>
    public long MaxValues { get; init; } = DefaultMaxValues;

    internal const long DefaultMaxValues = 1L << 27;

    /// <summary>Whether everything is read, checked and unchanged.</summary>
    internal bool IsPlain => Channels is null && From == 0 && To is null && VerifyChecksum && !SmoothFrames;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(From);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(To ?? long.MaxValue, From, nameof(To));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxValues, 1);
        if (Channels is { Count: 0 })
            throw new ArgumentException("name at least one channel, or leave Channels null to read all", nameof(Channels));
    }
}

/// <summary>Names a signal by its description or lead name (case-insensitive) or by its zero-based index in the header.</summary>
public readonly record struct WfdbChannel
{
    private WfdbChannel(string? name, int index) => (Name, Index) = (name, index);

    /// <summary>The name, or null if <see cref="Index"/> is used.</summary>
    public string? Name { get; }

    /// <summary>The index, if there is no name.</summary>
    public int Index { get; }

    /// <summary>A signal by name.</summary>
    public static implicit operator WfdbChannel(string name) => FromName(name);

    /// <summary>A signal by zero-based index.</summary>
    public static implicit operator WfdbChannel(int index) => FromIndex(index);

    /// <summary>A signal by name.</summary>
    public static WfdbChannel FromName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new WfdbChannel(name, 0);
    }

    /// <summary>A signal by zero-based index.</summary>
    public static WfdbChannel FromIndex(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new WfdbChannel(null, index);
    }

    /// <summary>For messages.</summary>
    public override string ToString() => Name ?? $"signal {Index}";
}
