using System.Globalization;
using SignalCam.Core.Scoring;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

public sealed class ImportTests
{
    [SkippableFact]
    public async Task Imported_weights_are_scored_without_libtorch_as_the_reference_scores_them()
    {
        var weights = TestData.Shared("golden/model_0.pt");
        var data = TestData.PtbXl();
        using var folder = TestData.Folder();
        var run = await Tool.OkAsync("import", weights, "--out", folder["paper.safetensors"]);
        Assert.Contains("22,273 parameters, classes abnormal", run.Out, StringComparison.Ordinal);

        using var model = ScoringModel.Load(folder["paper.safetensors"], new ScoringOptions { Backend = ScoringBackend.Compiled });
        foreach (var line in File.ReadLines(TestData.Shared("golden/fold9-predictions.csv")).Skip(1).Take(50))
        {
            var fields = line.Split(',');
            var id = int.Parse(fields[0], CultureInfo.InvariantCulture);
            var recording = await WfdbReader.ReadSignalAsync(Path.Combine(data, "records100", $"{id / 1000:D2}000", $"{id:D5}_lr"));
            var score = Assert.Single(model.Classify(recording).Scores);
            Assert.Equal(double.Parse(fields[3], CultureInfo.InvariantCulture), score.Logit, 1e-4);
        }
    }
}
