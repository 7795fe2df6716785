using SignalCam.Abstractions;

namespace SignalCam.Core.PtbXl;

/// <summary>PTB-XL with its recordings from a cache, and still with what statements mean.</summary>
internal sealed class CachedPtbXl(IEcgDataset cached, PtbXlStatementTable statements) : IStatementDataset, IDisposable
{
    public string Name => cached.Name;

    public IReadOnlyList<EcgEntry> Entries => cached.Entries;

    public PtbXlStatementTable Statements => statements;

    public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
        cached.ReadAsync(entry, cancellationToken);

    public void Dispose() => (cached as IDisposable)?.Dispose();
}
