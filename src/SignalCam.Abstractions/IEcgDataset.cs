namespace SignalCam.Abstractions;

/// <summary>A set of recordings: the entries are known at once, the samples are read one recording at a time.</summary>
/// <remarks>Implementations must allow <see cref="ReadAsync"/> from several threads at once.</remarks>
public interface IEcgDataset
{
    /// <summary>The name it is looked up by (case-insensitive), such as "ptb-xl".</summary>
    string Name { get; }

    /// <summary>All entries, in the dataset's own order.</summary>
    IReadOnlyList<EcgEntry> Entries { get; }

    /// <summary>Reads one recording, in millivolts.</summary>
    /// <exception cref="EcgFormatException">The recording is missing or corrupt; the message names it.</exception>
    ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default);
}
