using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Brings each recording to the leads, rate and length of a model as it is read.</summary>
internal sealed class AdaptedDataset(IEcgDataset inner, SignalLayout wanted) : IEcgDataset
{
    private readonly SignalAdapter _adapter = new(wanted);

    public string Name => inner.Name;

    public IReadOnlyList<EcgEntry> Entries => inner.Entries;

    /// <exception cref="EcgFormatException">Also when the recording cannot be mapped: it is then a bad recording like a corrupt one.</exception>
    public async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        var signal = await inner.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
        try
        {
            return _adapter.Adapt(signal);
        }
        catch (SignalMismatchException e)
        {
            throw new EcgFormatException($"{inner.Name} recording {entry.Id}", null, $"{signal.Layout} ({e.Message})", wanted.ToString(), e);
        }
    }
}
