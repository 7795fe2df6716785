using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Datasets;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Runs;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>Overview, training, evaluation, explanations and one report, on a synthetic set or on PTB-XL.</summary>
internal sealed class Demo(IServiceProvider services, IAnsiConsole terminal, string folder, string device)
{
    private readonly SignalCamComponents _components = services.GetRequiredService<SignalCamComponents>();

    private const int SyntheticRecords = 2000;
    private const int SyntheticEpochs = 15;

    public async Task<object> RunAsync(string? data, int? epochs, CancellationToken cancellationToken)
    {
        var isSynthetic = data is null;
        data ??= await SynthesizeAsync(cancellationToken);
        var dataset = PtbXlDataset.Open(data);
        var report = new HtmlReport("SignalCam demo", isSynthetic
            ? $"{Format.Count(SyntheticRecords)} synthetic 12-lead ECGs with planted abnormalities: the figures show that the system "
                + "works and say nothing about patients"
            : dataset.Folder);
        report.Section("In short").Paragraph(
            "Recordings are detrended and scaled, a CNN of 22,273 parameters learns to distinguish normal from abnormal, and the forward "
            + "pass that computes the probability "
            + "also gives a class activation map: which parts of the signal drove the decision. Research use, not a medical device.");

        Step(1, "overview");
        OverviewReport.Add(report.Section("Recordings"), dataset, PtbXlOverview.Of(dataset));
        await AddSignalsAsync(report.Section("Preprocessing and augmentation"), dataset, cancellationToken);

        Step(2, "train");
        var options = TrainingPresets.Recommended();
        options.Device = device;
        options.Epochs = epochs ?? (isSynthetic ? SyntheticEpochs : options.Epochs);
        var model = Path.Combine(folder, "model.safetensors");
        // The demo always starts from the beginning, whatever an earlier one left.
        if (RunFolder.Beside(model) is var run && Directory.Exists(run.FolderPath))
            File.Delete(run.CheckpointPath);
        var request = new TrainingRequest { ModelPath = model, Dataset = PtbXl(data), Options = options };
        var training = await TrainingTerminal.RunAsync(
            services.GetRequiredService<ITrainingService>(), request, terminal, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        TrainingReport.Add(report.Section("Training"), options, training.Result);

        Step(3, "evaluate");
        var fold = await TestFoldAsync(dataset, cancellationToken);
        var evaluation = await EvaluateCommand.RunAsync(
            services.GetRequiredService<IEvaluationService>(),
            new EvaluationRequest { ModelPath = model, Dataset = PtbXl(data), Folds = fold, Device = device }, terminal, cancellationToken);
        var evaluated = report.Section($"Evaluation on fold {fold}");
        if (fold.Equals(DatasetSplit.OfficialValidationFolds))
            evaluated.Paragraph(
                "Fold 10 has no signals here, so this is the fold on which the best epoch was selected: the figures are slightly "
                    + "optimistic.");
        EvaluationReport.Add(evaluated.Subsection, evaluation);

        Step(4, "explain");
        using var loaded = EcgModel.Load(model, _components, device);
        await ExplainAsync(report.Section("Explanations"), data, model, evaluation, cancellationToken);

        Step(5, "report");
        AddCost(report.Section("Cost"), loaded);
        var path = Path.Combine(folder, "report.html");
        report.Save(path);
        terminal.Line($"report: {path}");
        return new { report = path, model, data, folds = fold.ToString(), evaluation = evaluation.Figures };
    }

    private static ComponentSpec PtbXl(string folder) => new(BuiltInDatasets.PtbXl,
        PluginOptions.Write(new PtbXlFolderOptions { Folder = folder }));

    private void Step(int number, string name) => terminal.Line($"[bold]{number}/5 {name}[/]");

    private async Task<string> SynthesizeAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(folder, "data");
        await SyntheticDataset.WriteAsync(data, new SyntheticDatasetOptions { Records = SyntheticRecords }, null, cancellationToken);
        terminal.Line($"{Format.Count(SyntheticRecords)} synthetic recordings in {data}");
        return data;
    }

    /// <summary>Fold 10 where its signals are there, otherwise the validation fold.</summary>
    private static async Task<FoldSet> TestFoldAsync(PtbXlDataset dataset, CancellationToken cancellationToken)
    {
        var first = dataset.Entries.FirstOrDefault(e => DatasetSplit.OfficialTestFolds.Contains(e.Fold));
        if (first is null)
            return DatasetSplit.OfficialValidationFolds;
        try
        {
            await dataset.ReadAsync(first, cancellationToken);
            return DatasetSplit.OfficialTestFolds;
        }
        catch (EcgFormatException) when (!File.Exists(Path.Combine(dataset.Folder, first.FilenameLr + ".hea")))
        {
            return DatasetSplit.OfficialValidationFolds;
        }
    }

    private async Task AddSignalsAsync(HtmlSection section, PtbXlDataset dataset, CancellationToken cancellationToken)
    {
        var entry = dataset.Entries[0];
        var signal = await dataset.ReadAsync(entry, cancellationToken);
        section.Figure(
            EcgPlot.Render(
            [
                new EcgTrace("recording", signal),
                new EcgTrace("trend", new PolynomialDetrend(new PolynomialDetrendOptions()).Trend(signal)),
            ], new EcgPlotOptions { Title = $"Recording {entry.Id}" }),
            "A recording on ECG paper (25 mm/s, 10 mm/mV) and the polynomial trend that is subtracted.");
        var prepared = new Preprocessor(PreprocessingPresets.Paper, _components.Transforms).Apply(signal);
        section.Figure(
            EcgPlot.Render(prepared, new EcgPlotOptions
            {
                Title = $"Recording {entry.Id}, scaled",
                Scale = EcgScale.Fit(prepared),
                Layout = EcgLayout.ThreeRows,
            }),
            "The published scaling: each lead divided by its own largest value.");
        var augmented = prepared.Samples.ToArray();
        new AugmentationSequence(AugmentationPresets.Paper.Select(_components.Augmentations.Create)).Apply(
            augmented, prepared.Layout, new EcgRandom(7));
        section.Figure(
            EcgPlot.RenderPanels([new EcgTrace("before", prepared), new EcgTrace("after", new EcgSignal(augmented, prepared.Layout))],
                new EcgPlotOptions { Title = "Augmentation", Scale = EcgScale.Fit(prepared), Layout = EcgLayout.ThreeRows }),
            "The published augmentation, as one recording may be seen in one epoch.");
    }

    private async Task ExplainAsync(
        HtmlSection section, string data, string model, EvaluationResult result, CancellationToken cancellationToken)
    {
        section.Paragraph("Orange is evidence for the class, blue against it; the mean over the strip, plus a constant, is the logit. One "
            + "strip applies to all leads: a class activation map shows when, not in which lead.");
        var examples = Examples(result).ToArray();
        if (examples.Length == 0)
            return;
        var pictures = new Dictionary<(string, CamKind), string>();
        foreach (var kind in (CamKind[])[CamKind.Exact, CamKind.Paper])
        {
            var name = kind.ToString().ToLowerInvariant();
            var request = new ClassificationRequest
            {
                ModelPath = model,
                Dataset = PtbXl(data),
                Ids = [.. examples.Select(e => e.Entry.Id)],
                Options = new ClassifyOptions
                {
                    Explain = true,
                    Explainer = new ComponentSpec(CamExplainerOptions.ExplainerName, new JsonObject { ["kind"] = name }),
                },
                Device = device,
            };
            await foreach (var answered in services.GetRequiredService<IClassificationService>().ClassifyAsync(request, cancellationToken))
            {
                var svg = pictures[(answered.Id, kind)] = AnswerPicture.Render(
                    answered.Recording!.Signal, answered.GetAnswer(), new CamPlotOptions { Title = $"Recording {answered.Id}" });
                CommandOutput.WriteFile(Path.Combine(folder, "explanations", $"{answered.Id}-{name}.svg"), svg);
            }
        }
        foreach (var (why, entry) in examples)
        {
            section.Figure(pictures[(entry.Id, CamKind.Exact)],
                $"{why}: recording {entry.Id}, statements {string.Join(", ", entry.Statements.Select(s => s.Code))}.");
            section.Details($"Recording {entry.Id} as published", fold => fold.Figure(
                pictures[(entry.Id, CamKind.Paper)],
                "The published map: last convolution before batch norm, stretched to [0, 1] regardless of the probability."));
        }
    }

    /// <summary>The most confident correct decision of each kind and the most confident mistake.</summary>
    private static IEnumerable<(string Why, PtbXlEntry Entry)> Examples(EvaluationResult result)
    {
        var (predictions, targets) = (result.Evaluation.Predictions, result.Evaluation.Targets);
        var scored = predictions.Entries.Select(
            (entry, i) => (Entry: (PtbXlEntry)entry, P: predictions.Probabilities[i], IsAbnormal: targets[i] > 0.5f)).ToArray();
        foreach (var (why, candidates) in ((string, IEnumerable<(PtbXlEntry Entry, float P, bool IsAbnormal)>)[])[
            ("Rightly called abnormal", scored.Where(s => s.IsAbnormal && s.P > 0.5f).OrderByDescending(s => s.P)),
            ("Rightly called normal", scored.Where(s => !s.IsAbnormal && s.P <= 0.5f).OrderBy(s => s.P)),
            ("A mistake", scored.Where(s => s.IsAbnormal != s.P > 0.5f).OrderByDescending(s => Math.Abs(s.P - 0.5f)))])
            foreach (var (entry, _, _) in candidates.Take(1))
                yield return (why, entry);
    }

    private static void AddCost(HtmlSection section, EcgModel model)
    {
        var layers = LayerTable.Of(model.Network, model.Input);
        section.Figure(
            CostPlot.Render(
                [
                    .. layers.Layers.Select(l => new LayerCost(l.Name, l.MultiplyAdds ?? 0)),
                    .. layers.Cam.Select(l => new LayerCost(l.Name, l.MultiplyAdds ?? 0, ForCam: true)),
                ], new ChartOptions { Title = "Multiply-adds for one recording" }),
            "The cost of a recording, layer by layer, with and without the class activation map.");
        section.Table(
            ["layer", "kind", "output", "parameters", "multiply-adds"],
            [.. layers.Layers.Concat(layers.Cam)
                .Select(l => (IReadOnlyList<string>)
                [
                    l.Name, l.Kind, $"{l.Channels} x {l.Length}", Format.Count(l.Parameters), Format.Count(l.MultiplyAdds ?? 0),
                ])]);
    }
}
