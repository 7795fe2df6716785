using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>What a model file says of the folds that it has seen; null for what it does not say.</summary>
/// <param name="Dataset">The dataset it was trained on.</param>
/// <param name="Train">Folds that the weights were learned from.</param>
/// <param name="Validation">Folds that the training was validated on.</param>
/// <param name="Test">Folds that its authors keep for reporting.</param>
/// <param name="Calibration">Folds that the calibration was fitted on.</param>
/// <param name="Thresholds">Folds that the thresholds were fitted on.</param>
internal sealed record ModelProvenance(
    string? Dataset, FoldSet? Train, FoldSet? Validation, FoldSet? Test, FoldSet? Calibration, FoldSet? Thresholds)
{
    /// <summary>Folds that the epoch was chosen on: those of validation, unless the last epoch was kept whatever they said.</summary>
    public FoldSet? Selection { get; init; }

    /// <summary>Reads the member `training` of a manifest.</summary>
    /// <exception cref="DatasetSplitException">Folds are written as none can be.</exception>
    public static ModelProvenance Of(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var training = manifest.Training;
        return new ModelProvenance(
            Text(training?["dataset"]), Folds(training?["train_folds"]), Folds(training?["valid_folds"]), Folds(training?["test_folds"]),
            Folds((training?["calibration"] as JsonObject)?["folds"]), Folds((training?["thresholds"] as JsonObject)?["folds"]))
        {
            Selection = Text((training?["options"] as JsonObject)?["selection"]) == "last-epoch" ? null : Folds(training?["valid_folds"]),
        };
    }

    /// <summary>Whether the folds named here are those of this dataset.</summary>
    public bool IsOf(IEcgDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return string.Equals(Dataset, dataset.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Refuses folds that calibration and thresholds must not be fitted on.</summary>
    /// <param name="dataset">The dataset whose folds are meant.</param>
    /// <param name="folds">The folds to fit on.</param>
    /// <exception cref="CalibrationException">
    /// One of them is for testing, or the weights were learned from it, or from recordings of the same patients.
    /// </exception>
    public void EnsureMayFit(IEcgDataset dataset, FoldSet folds)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(folds);
        if (dataset.Name.Equals(BuiltInDatasets.PtbXl, StringComparison.OrdinalIgnoreCase))
            Refuse(DatasetSplit.OfficialTestFolds, $"the test fold of {dataset.Name}: a figure on recordings that calibration or "
                + "thresholds were fitted on says nothing about new patients");
        if (!IsOf(dataset))
            return;
        if (Test is not null)
            Refuse(Test, "a test fold by the model file: a figure on recordings that calibration or thresholds were fitted on says "
                + "nothing about new patients");
        if (Train is null)
            return;
        Refuse(
            Train, $"one of the folds that the weights were learned from ({Train}): the model is too sure of recordings that it has seen");
        try
        {
            DatasetSplit.EnsurePatientsApart(Train.Filter(dataset.Entries), folds.Filter(dataset.Entries));
        }
        catch (DatasetSplitException e)
        {
            throw new CalibrationException(
                $"will not fit on folds {folds}: the weights were learned from recordings of the same patients: {e.Message}", e);
        }

        void Refuse(FoldSet forbidden, string why)
        {
            foreach (var fold in folds.Folds)
                if (forbidden.Contains(fold))
                    throw new CalibrationException($"will not fit on fold {fold}, {why}; use {Advised()}");
        }

        string Advised() => Validation is null || Test?.Folds.Intersect(Validation.Folds).Any() == true
            ? "a validation fold"
            : $"the validation fold ({Validation})";
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static FoldSet? Folds(JsonNode? node) => Text(node) is { } text ? FoldSet.Parse(text) : null;
}
