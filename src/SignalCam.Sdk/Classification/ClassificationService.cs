using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;
using SignalCam.Formats;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;

namespace SignalCam.Sdk.Classification;

internal sealed partial class ClassificationService(
    ManagedComponents components, EcgFileReader reader, ModelLoader loader, Telemetry telemetry, ILogger<ClassificationService> logger)
    : IClassificationService
{
    public IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(ClassificationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var ofDataset = request.Dataset is not null && request.Ids.Count > 0;
        var hasFiles = !request.Files.TryGetNonEnumeratedCount(out var files) || files > 0;
        if (ofDataset == hasFiles)
            throw new ArgumentException(
                $"give either {nameof(request.Dataset)} with {nameof(request.Ids)}, or {nameof(request.Files)}", nameof(request));
        return RunAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<EcgStreamAnswer> RunAsync(
        ClassificationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = new ModelSource(request.ModelPath, request.Pretrained);
        using var activity = telemetry.Start(
            request.Options.Explain ? "explain" : "classify many", SignalCamTelemetry.ModelTag, source.ToString());
        var (count, failed) = (0, 0);
        var answers = Open(request, source, activity, out var model);
        using (model)
        {
            request.OnModel?.Invoke(model.File.Manifest);
            await foreach (var answer in model.ClassifyAsync(answers.ToAsyncEnumerable(), request.Options, cancellationToken)
                .ConfigureAwait(false))
            {
                count++;
                if (answer.Error is { } error)
                {
                    failed++;
                    Telemetry.Fail(activity, error);
                }
                yield return answer;
            }
        }
        LogDone(count - failed, source, failed);
    }

    private IEnumerable<EcgStreamItem> Open(
        ClassificationRequest request, ModelSource source, System.Diagnostics.Activity? activity, out ScoringModel model)
    {
        try
        {
            var items = request.Ids.Count > 0
                ? FromDataset(components.Datasets.Create(request.Dataset!), request.Ids)
                : RecordingSource.FromFiles(request.Files, request.Reading, reader);
            model = loader.Load(
                source,
                new ScoringOptions
                {
                    Name = source.Name, Length = request.Length, WindowStep = request.WindowStep,
                    Combine = request.Combine, Backend = request.Backend, Quality = request.Quality,
                },
                request.Device);
            return items;
        }
        catch (Exception e)
        {
            Telemetry.Fail(activity, e);
            throw;
        }
    }

    private IEnumerable<EcgStreamItem> FromDataset(IEcgDataset dataset, IReadOnlyList<string> ids)
    {
        var entries = dataset.Entries.ToDictionary(e => e.Id);
        return RecordingSource.FromDataset(new MeasuredDataset(dataset, telemetry),
            [.. ids.Select(id => entries.TryGetValue(id, out var entry)
                ? entry
                : throw new PluginException($"dataset '{dataset.Name}' has no recording '{id}'"))]);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} recordings classified with {Model}, {Failed} failed")]
    private partial void LogDone(int count, ModelSource model, int failed);
}
