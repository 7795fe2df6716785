using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Whether a model has seen the recordings that it is evaluated on, as far as its model file says.</summary>
/// <param name="TrainFolds">
/// Folds that the weights were learned from; null where the model file does not say, or says it of another dataset.
/// </param>
/// <param name="Patients">Patients of the evaluated recordings.</param>
/// <param name="WithoutPatient">Evaluated recordings whose patient is not known: nothing can be checked of them.</param>
/// <param name="SharedPatients">Patients who are in the training folds too; null where these are not known.</param>
/// <param name="Remarks">
/// What to keep in mind, such as that the epoch was chosen, or the thresholds fitted, on these very recordings; empty when all is well.
/// </param>
public sealed record HeldOutCheck(FoldSet? TrainFolds, int Patients, int WithoutPatient, int? SharedPatients, IReadOnlyList<string> Remarks)
{
    internal static HeldOutCheck Of(ModelManifest model, IEcgDataset dataset, IReadOnlyList<EcgEntry> evaluated)
    {
        var provenance = ModelProvenance.Of(model);
        var remarks = new List<string>();
        var patients = evaluated.Select(e => e.PatientId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var withoutPatient = evaluated.Count(e => e.PatientId is null);
        var isOf = provenance.IsOf(dataset);
        var train = isOf ? provenance.Train : null;
        if (provenance.Dataset is not null && !isOf)
            remarks.Add($"the model was trained on dataset {provenance.Dataset}, whose patients are not known here");
        else if (train is null)
            remarks.Add("the model file does not say which folds the weights were learned from: whether patients are shared is not known");
        var shared = train is null
            ? (int?)null
            : dataset.Entries.Where(e => train.Contains(e.Fold)).Select(e => e.PatientId).OfType<string>()
                .Distinct(StringComparer.Ordinal).Count(patients.Contains);
        if (shared > 0)
            remarks.Add(
                $"{shared} of {patients.Count} patients are in training folds {train} too: the figures say little about new patients");
        if (withoutPatient > 0 && train is not null && evaluated.Count(e => e.PatientId is null
            && train.Contains(e.Fold)) is > 0 and var seen)
            remarks.Add($"{seen} recordings are in training folds {train}: the figures say little about new recordings");
        if (withoutPatient > 0)
            remarks.Add($"{withoutPatient} recordings have no patient id: they count as a patient each");
        if (isOf)
            Touched(provenance.Selection, "the epoch was chosen on");
        if (isOf || provenance.Dataset is null)
        {
            Touched(provenance.Calibration, "the calibration was fitted on");
            Touched(provenance.Thresholds, "the thresholds were fitted on");
        }
        return new HeldOutCheck(train, patients.Count, withoutPatient, shared, remarks);

        void Touched(FoldSet? folds, string what)
        {
            int[] both = [.. (folds?.Folds ?? []).Where(fold => evaluated.Any(e => e.Fold == fold))];
            if (both.Length > 0)
                remarks.Add($"{what} fold {new FoldSet(both)}, which is evaluated here: the figures are a little too good");
        }
    }
}
