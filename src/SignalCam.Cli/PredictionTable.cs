using System.Globalization;
using CsvHelper;
using SignalCam.Sdk.Evaluation;

namespace SignalCam.Cli;

/// <summary>
/// What `evaluate --predictions` writes: one row a recording, with its id, patient and fold, and for each class the target, the logit, the
/// (calibrated) probability and whether it was called present.
/// </summary>
/// <remarks>Ids and class names come from elsewhere: one that a spreadsheet would run as a formula gets an apostrophe in front of
/// it.</remarks>
internal static class PredictionTable
{
    public static void Write(string path, ModelEvaluation evaluation)
    {
        var (predictions, scores) = (evaluation.Predictions, evaluation.Scores);
        OutputFile.Prepare(path);
        using var csv = CsvWriter.ToFile(path, new CsvWriterOptions { NewLine = "\n", Injection = CsvInjection.Escape });
        csv.WriteRecord(
        [
            "id", "patient", "fold",
            .. scores.Classes.SelectMany(name => (string[])[$"{name}_target", $"{name}_logit", $"{name}_probability", $"{name}_called"]),
        ]);
        for (var r = 0; r < scores.Count; r++)
        {
            var entry = predictions.Entries[r];
            csv.WriteField(entry.Id);
            csv.WriteField(entry.PatientId ?? "");
            csv.WriteField(entry.Fold?.ToString(CultureInfo.InvariantCulture) ?? "");
            for (var c = 0; c < scores.Classes.Count; c++)
            {
                var i = r * scores.Classes.Count + c;
                // As numbers, whose sign begins no formula.
                csv.WriteField(scores.Targets[i]);
                csv.WriteField(predictions.Logits[i]);
                csv.WriteField(scores.Probabilities[i]);
                csv.WriteField(scores.IsCalled(r, c) ? "1" : "0");
            }
            csv.EndRecord();
        }
    }
}
