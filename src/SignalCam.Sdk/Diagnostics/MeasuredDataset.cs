using SignalCam.Abstractions;

namespace SignalCam.Sdk.Diagnostics;

/// <summary>Counts what is read from a dataset.</summary>
internal sealed class MeasuredDataset(IEcgDataset inner, Telemetry telemetry) : IEcgDataset
{
    public string Name => inner.Name;

    public IReadOnlyList<EcgEntry> Entries => inner.Entries;

    public async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        try
        {
            var signal = await inner.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
            telemetry.RecordingRead(inner.Name, ok: true);
            return signal;
        }
        catch (EcgFormatException)
        {
            telemetry.RecordingRead(inner.Name, ok: false);
            throw;
        }
    }
}
