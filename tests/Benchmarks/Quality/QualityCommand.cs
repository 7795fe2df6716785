using SignalCam.Core.PtbXl;

namespace SignalCam.Benchmarks.Quality;

/// <summary>`quality`: the figures of docs/quality.md.</summary>
internal static class QualityCommand
{
    /// <summary>Runs a part: counts, disturbed, words, fit-electrodes, with folds; distance, with a model and a folder; or speed.</summary>
    public static async Task RunAsync(string[] arguments, string? ptbXl)
    {
        var folder = ptbXl ?? throw new InvalidOperationException("set SIGNALCAM_PTBXL to the folder of PTB-XL");
        var dataset = PtbXlDataset.Open(folder);
        if (arguments is ["distance", ..])
        {
            await DistanceTables.PrintAsync(dataset, arguments.ElementAtOrDefault(1) ?? "normal-abnormal", arguments.ElementAtOrDefault(2));
            return;
        }
        var folds = arguments.Length > 1 ? arguments[1].Split('-') : null;
        var (first, last) = folds is null ? (0, 0) : (Parse(folds[0]), Parse(folds[^1]));
        switch (arguments.FirstOrDefault())
        {
            case "counts":
                QualityTables.PrintCounts(dataset, folds is null ? 1 : first, folds is null ? 9 : last);
                break;
            case "disturbed":
                QualityTables.PrintDisturbed(
                    dataset, PtbXlDataset.Open(folder, new PtbXlOptions { SamplingRate = 500 }), folds is null ? 9 : first);
                break;
            case "words":
                QualityTables.PrintWords(dataset, folds is null ? 9 : first, folds is null ? 9 : last);
                break;
            case "fit-electrodes":
                ElectrodeFit.Print(dataset);
                break;
            case "speed":
                QualitySpeed.Print(dataset, PtbXlDataset.Open(folder, new PtbXlOptions { SamplingRate = 500 }));
                break;
            default:
                throw new ArgumentException("quality: counts, disturbed, words, fit-electrodes, distance or speed", nameof(arguments));
        }
    }

    private static int Parse(string fold) => int.Parse(fold, System.Globalization.CultureInfo.InvariantCulture);
}
