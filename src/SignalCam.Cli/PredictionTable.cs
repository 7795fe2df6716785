using System.Globalization;
using CsvHelper;
using SignalCam.Sdk.Evaluation;

namespace SignalCam.Cli;

/// <summary>
/// What `evaluate --predictions` writes: one row a recording, with its id, patient and fold, and for each class the target, the logit, the
/// (calibrated) probability and whether it was called present.
/// </summary>
internal static class PredictionTable
{
    public static void Write(string path, ModelEvaluation evaluation)
    {
        var (predictions, scores) = (evaluation.Predictions, evaluation.Scores);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var csv = CsvWriter.ToFile(path, new CsvWriterOptions { NewLine = "\n" });
        csv.WriteRecord(["id", "patient", "fold", .. scores.Classes.SelectMany(name => (string[])[$"{name}_target", $"{name}_logit", $"{name}_probability", $"{name}_called"])]);
        for (var r = 0; r < scores.Count; r++)
        {
            var entry = predictions.Entries[r];
            List<string> row = [entry.Id, entry.PatientId ?? "", entry.Fold?.ToString(CultureInfo.InvariantCulture) ?? ""];
            for (var c = 0; c < scores.Classes.Count; c++)
            {
                var i = r * scores.Classes.Count + c;
                row.AddRange([Number(scores.Targets[i]), Number(predictions.Logits[i]), Number(scores.Probabilities[i]), scores.IsCalled(r, c) ? "1" : "0"]);
            }
            csv.WriteRecord([.. row]);
        }
    }

    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);
}
