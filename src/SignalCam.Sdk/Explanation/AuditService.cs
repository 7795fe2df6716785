using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Scoring;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Evaluation;
using SignalCam.Torch;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Audit;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Explanation;

internal sealed partial class AuditService(
    SignalCamComponents components, ModelLoader loader, Telemetry telemetry, ILogger<AuditService> logger) : IAuditService
{
    public Task<AuditOutcome> AuditAsync(
        AuditRequest request, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Records, 1);
        var source = new ModelSource(request.ModelPath, request.Pretrained);
        return telemetry.RunAsync("audit", SignalCamTelemetry.ModelTag, source.ToString(), async _ =>
        {
            using var model = loader.Load(source, new ScoringOptions { Name = source.Name, Length = request.Length,
                Backend = request.Backend, Quality = QualityPolicy.Off }, request.Device);
            using var network = loader.LoadNetwork(source, request.Device);
            return await RunAsync(request, source, model, network, progress, cancellationToken).ConfigureAwait(false);
        });
    }

    private async Task<AuditOutcome> RunAsync(
        AuditRequest request, ModelSource weights, ScoringModel model, EcgModel network, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var explainers = (request.Explainers ?? Every(network))
            .Select(spec => new AuditedExplainer(NameOf(spec), components.Explainers.Create(spec))).ToArray();
        var dataset = components.Datasets.Create(request.Dataset);
        var entries = request.Folds?.Select(dataset.Entries) ?? dataset.Entries;
        var predictions = await Predictions.ComputeAsync(model, dataset, entries, request.Reading, telemetry, null, cancellationToken)
            .ConfigureAwait(false);
        var chosen = Choose(model, predictions, request.Records);
        if (chosen.Length == 0)
            throw new PluginException($"of {predictions.Entries.Count} recordings of dataset '{dataset.Name}' the model calls no class "
                + "present, so there is nothing to explain");
        var recordings = new List<AuditedRecording>(chosen.Length);
        var truth = TruthOf(dataset);
        foreach (var (entry, className) in chosen)
        {
            var seen = model.View(await dataset.ReadAsync(entry, cancellationToken).ConfigureAwait(false)).Inputs[0];
            recordings.Add(new AuditedRecording(
                entry.Id, entry.PatientId ?? entry.Id, className, seen.Prepared.Samples.ToArray(),
                truth is null ? null : TruthMask.Of(truth(entry), className, model.Input), EcgDelineation.Of(seen.Adapted)));
        }
        var result = await Task.Run(
            () => ExplanationAudit.Run(network, components, explainers, recordings, request.Options, progress, cancellationToken),
            cancellationToken).ConfigureAwait(false);
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

    private static string NameOf(
        ComponentSpec spec) =>
            string.Join(' ',
            [
                spec.Name,
                .. (spec.Options?.ToJson() ?? [])
                    .Select(option => $"{option.Key}={(option.Value is JsonArray list ? string.Join('+', list) : option.Value)}"),
            ]);

    /// <summary>Recordings of which a class is called present, each with the most probable such class.</summary>
    private static (EcgEntry Entry, string Class)[] Choose(ScoringModel model, Predictions predictions, int most)
    {
        var (classes, rules) = (predictions.Classes, new ClassRules(model.Manifest, WindowCombination.Mean, model.Name));
        var present = new List<(EcgEntry, string)>();
        for (var i = 0; i < predictions.Entries.Count; i++)
        {
            var probabilities = predictions.Probabilities.AsSpan(i * classes.Count, classes.Count).ToArray();
            var called = rules.Call(probabilities);
            if (called.Contains(true))
                present.Add((predictions.Entries[i],
                    classes[Enumerable.Range(0, classes.Count).Where(c => called[c]).MaxBy(c => probabilities[c])]));
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

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Explainers} explainers measured on {Recordings} recordings of {Dataset} with {Model}")]
    private partial void LogAudited(int explainers, int recordings, string dataset, ModelSource model);
}
