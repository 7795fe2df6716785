using SignalCam.Abstractions;

namespace SignalCam.Core.PtbXl;

/// <summary>A dataset whose entries carry statements of PTB-XL's vocabulary, so that the seven PTB-XL tasks can be trained on it.</summary>
public interface IStatementDataset : IEcgDataset
{
    /// <summary>The meaning of the codes.</summary>
    PtbXlStatementTable Statements { get; }
}
