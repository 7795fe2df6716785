using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>A dataset with information beyond its entries.</summary>
internal interface IDescribedDataset : IEcgDataset
{
    /// <summary>Remarks for the user, one sentence each: labels without a recording, codes that are not
    /// mapped.</summary>
    IReadOnlyList<string> Remarks { get; }

    /// <summary>The classes in the order in which a table has them; null if they have none.</summary>
    IReadOnlyList<string>? ClassOrder { get; }

    /// <summary>Whether the folds were drawn, so that a run should keep them.</summary>
    bool HasDrawnFolds { get; }

    /// <summary>Whether recordings may differ in leads, rate and length, so that training must convert them to one layout.</summary>
    bool HasMixedLayouts { get; }

    /// <summary>Codes of an entry for which it is unknown whether they apply.</summary>
    IReadOnlyList<string> UnknownCodesOf(EcgEntry entry);
}
