using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>A dataset that can detect changes of its contents, so that a cache of it can be trusted.</summary>
public interface IVersionedDataset : IEcgDataset
{
    /// <summary>
    /// A string that changes when a recording or the list of recordings changes. It should be much cheaper than reading all recordings.
    /// </summary>
    string FindVersion();

    /// <summary>
    /// The dataset with its recordings from a cache. A dataset that offers more than <see cref="IEcgDataset"/>, such as the meaning of
    /// its statements, returns one that offers it too; by default, the cache itself.
    /// </summary>
    /// <param name="cached">The same entries, with recordings from the cache. Disposing the returned dataset disposes it.</param>
    IEcgDataset FromCache(IEcgDataset cached) => cached;
}
