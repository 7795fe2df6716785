using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>A dataset that can tell whether what it holds has changed, so that a cache of it can be trusted.</summary>
public interface IVersionedDataset : IEcgDataset
{
    /// <summary>A text that becomes another one when a recording or the list of them changes. Meant to be much cheaper than reading all recordings.</summary>
    string FindVersion();
}
