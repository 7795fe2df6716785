using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Native;

namespace SignalCam.Sdk.Explanation;

internal sealed partial class ExplanationService(
    SignalCamComponents components, IOptions<SignalCamOptions> options, Telemetry telemetry, ILogger<ExplanationService> logger) : IExplanationService
{
    // Recordings in one forward pass.
    private const int Batch = 64;

    public IAsyncEnumerable<RecordingExplanation> ExplainAsync(ExplanationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var ofDataset = request.Dataset is not null && request.Ids.Count > 0;
        if (ofDataset == request.Files.Count > 0)
            throw new ArgumentException($"give either {nameof(request.Dataset)} with {nameof(request.Ids)}, or {nameof(request.Files)}", nameof(request));
        return RunAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<RecordingExplanation> RunAsync(ExplanationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TorchRuntime.EnsureUsable();
        var source = new ModelSource(request.ModelPath, request.Pretrained);
        using var activity = telemetry.Start("explain", SignalCamTelemetry.ModelTag, source.ToString());
        var explainer = components.Explainers.Create(request.Explainer);
        var sources = request.Dataset is { } dataset && request.Ids.Count > 0 ? FromDataset(components.Datasets.Create(dataset), request.Ids) : FromFiles(request.Files);
        using var model = source.Load(components, options.Value.DeviceFor(request.Device));
        var adapter = new SignalAdapter(model.Input);
        var count = 0;
        foreach (var batch in sources.Chunk(Batch))
        {
            var recordings = new EcgSignal[batch.Length];
            for (var i = 0; i < batch.Length; i++)
                recordings[i] = adapter.Adapt(await batch[i].Read(cancellationToken).ConfigureAwait(false));
            cancellationToken.ThrowIfCancellationRequested();
            var explanations = explainer.Explain(model, recordings, request.Classes);
            for (var i = 0; i < batch.Length; i++)
                yield return new RecordingExplanation(batch[i].Id, recordings[i], explanations[i], model.Manifest);
            count += batch.Length;
        }
        LogExplained(count, source, explainer.Name);
    }

    private IEnumerable<Source> FromDataset(IEcgDataset dataset, IReadOnlyList<string> ids)
    {
        var entries = dataset.Entries.ToDictionary(e => e.Id);
        var measured = new MeasuredDataset(dataset, telemetry);
        return [.. ids.Select(id => entries.TryGetValue(id, out var entry)
            ? new Source(id, token => measured.ReadAsync(entry, token))
            : throw new PluginException($"dataset '{dataset.Name}' has no recording '{id}'"))];
    }

    private static IEnumerable<Source> FromFiles(IReadOnlyList<string> files) =>
        files.Select(file => new Source(
            NameOf(file),
            async token => await WfdbReader.ReadSignalAsync(file, cancellationToken: token).ConfigureAwait(false)));

    // Only the extension of a header: a record's name may have dots of its own.
    private static string NameOf(string file) => Path.GetFileName(file.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) ? file[..^4] : file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} recordings explained with {Model} by {Explainer}")]
    private partial void LogExplained(int count, ModelSource model, string explainer);

    private sealed record Source(string Id, Func<CancellationToken, ValueTask<EcgSignal>> Read);
}
