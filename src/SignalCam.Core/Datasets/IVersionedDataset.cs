using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>A dataset that can tell whether what it holds has changed, so that a cache of it can be trusted.</summary>
public interface IVersionedDataset : IEcgDataset
{
    /// <summary>
    /// A text that becomes another one when a recording or the list of them changes. Meant to be much cheaper than reading all recordings.
    /// </summary>
    string FindVersion();

    /// <summary>
    /// The dataset as it is when its recordings come from a cache. A dataset that knows more than <see cref="IEcgDataset"/> says, such as
    /// what its statements mean, returns one that knows it too; by default it is the cache itself.
    /// </summary>
    /// <param name="cached">The same entries, with recordings from the cache. Disposing the returned dataset disposes it.</param>
    IEcgDataset FromCache(IEcgDataset cached) => cached;
}
