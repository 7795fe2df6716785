using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Evaluation;
using SignalCam.Torch;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Audit;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Explanation;

internal sealed partial class AuditService(
    SignalCamComponents components, IOptions<SignalCamOptions> options, Telemetry telemetry, ILogger<AuditService> logger) : IAuditService
{
    public async Task<AuditOutcome> AuditAsync(AuditRequest request, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Records, 1);
        TorchRuntime.EnsureUsable();
        var weights = new ModelSource(request.ModelPath, request.Pretrained);
        using var activity = telemetry.Start("audit", SignalCamTelemetry.ModelTag, weights.ToString());
        using var model = weights.Load(components, options.Value.DeviceFor(request.Device));
        var explainers = (request.Explainers ?? Every(model)).Select(spec => new AuditedExplainer(NameOf(spec), components.Explainers.Create(spec))).ToArray();
        var dataset = components.Datasets.Create(request.Dataset);
        var entries = request.Folds?.Select(dataset.Entries) ?? dataset.Entries;
        var source = new AdaptedDataset(new MeasuredDataset(dataset, telemetry), model.Input);
        var predictions = await Predictions.ComputeAsync(model, source, entries, request.Reading, null, cancellationToken).ConfigureAwait(false);
        var chosen = Choose(model, predictions, request.Records);
        if (chosen.Length == 0)
            throw new PluginException($"of {predictions.Entries.Count} recordings of dataset '{dataset.Name}' the model calls no class present, so there is nothing to explain");
        var recordings = new List<AuditedRecording>(chosen.Length);
        var truth = TruthOf(dataset);
        foreach (var (entry, className) in chosen)
        {
            var signal = await source.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
            recordings.Add(new AuditedRecording(
                entry.Id, entry.PatientId ?? entry.Id, className, model.Prepare(signal).Samples.ToArray(),
                truth is null ? null : TruthMask.Of(truth(entry), className, model.Input), EcgDelineation.Of(signal)));
        }
        var result = await Task.Run(
            () => ExplanationAudit.Run(model, components, explainers, recordings, request.Options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        LogAudited(explainers.Length, recordings.Count, dataset.Name, weights);
        return new AuditOutcome(model.Manifest, result, predictions.Entries.Count, predictions.Skipped);
    }

    private IEnumerable<ComponentSpec> Every(EcgModel model)
    {
        foreach (var name in components.Explainers.Names)
        {
            yield return new ComponentSpec(name);
            if (name == CamExplainer.ExplainerName && model.Network.Backbone is ILastConvolution)
                yield return new ComponentSpec(name, new JsonObject { ["kind"] = "paper" });
        }
    }

    private static string NameOf(ComponentSpec spec) => string.Join(' ', [spec.Name, .. (spec.Options ?? []).Select(option => $"{option.Key}={(option.Value is JsonArray list ? string.Join('+', list) : option.Value)}")]);

    private static (EcgEntry Entry, string Class)[] Choose(EcgModel model, Predictions predictions, int most)
    {
        var classes = predictions.Classes;
        var present = new List<(EcgEntry, string)>();
        for (var i = 0; i < predictions.Entries.Count; i++)
        {
            var probabilities = predictions.Probabilities.AsSpan(i * classes.Count, classes.Count).ToArray();
            var decision = CalibratedScores.Decide(model.Manifest, probabilities);
            if (decision.Contains(true))
                present.Add((predictions.Entries[i], classes[Enumerable.Range(0, classes.Count).Where(c => decision[c]).MaxBy(c => probabilities[c])]));
        }
        var count = Math.Min(most, present.Count);
        return [.. Enumerable.Range(0, count).Select(i => present[(int)((long)i * present.Count / count)])];
    }

    private static Func<EcgEntry, IReadOnlyList<SyntheticFinding>>? TruthOf(IEcgDataset dataset)
    {
        if (dataset is SyntheticEcgDataset synthetic)
            return synthetic.FindingsOf;
        if (dataset is not PtbXlDataset { Folder: var folder } || !File.Exists(Path.Combine(folder, SyntheticGroundTruth.FileName)))
            return null;
        var findings = SyntheticGroundTruth.Read(folder);
        return entry => findings.GetValueOrDefault(entry.Id, []);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Explainers} explainers measured on {Recordings} recordings of {Dataset} with {Model}")]
    private partial void LogAudited(int explainers, int recordings, string dataset, ModelSource model);
}
