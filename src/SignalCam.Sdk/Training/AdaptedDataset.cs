using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Sdk.Training;

/// <summary>A dataset whose recordings are brought to one layout as they are read. One that has it already stays unchanged.</summary>
internal sealed class AdaptedDataset(IEcgDataset inner, SignalAdapter adapter) : IEcgDataset
{
    public string Name => inner.Name;

    public IReadOnlyList<EcgEntry> Entries => inner.Entries;

    public async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        var signal = await inner.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
        try
        {
            return adapter.Adapt(signal);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new EcgFormatException($"{inner.Name} recording {entry.Id}", null, $"{signal.Layout}",
                $"a recording that becomes {adapter.Wanted}", e);
        }
    }
}
