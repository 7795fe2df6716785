using Microsoft.Extensions.DependencyInjection;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Tests.Services;
using SignalCam.Sdk.Training;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Evaluation;

public sealed class CalibrationServiceTests
{
    [Theory]
    [InlineData(CalibrationMethod.Platt)]
    [InlineData(CalibrationMethod.Isotonic)]
    public async Task A_model_is_calibrated_on_its_validation_fold_and_evaluated_with_what_was_fitted(CalibrationMethod method)
    {
        using var folder = TestData.Folder();
        await using var services = ServiceTests.Host();
        await services.GetRequiredService<ITrainingService>().TrainAsync(ServiceTests.Request(folder["m.safetensors"]));
        var outcome = await services.GetRequiredService<ICalibrationService>().CalibrateAsync(new CalibrationRequest
        {
            ModelPath = folder["m.safetensors"],
            OutputPath = folder["new/calibrated.safetensors"],
            Dataset = ServiceTests.Synthetic,
            Method = method,
            Threshold = ThresholdRule.Parse("youden"),
        });
        var (before, after) = (ModelFile.Load(folder["m.safetensors"]), ModelFile.Load(outcome.OutputPath));
        Assert.Equal(before.Weights.Select(w => w.Data.ToArray()), after.Weights.Select(w => w.Data.ToArray()));
        Assert.Equal("9", (string?)after.Manifest.Training!["calibration"]!["folds"]);
        Assert.True(outcome.After.Overall[FigureNames.LogLoss].Value <= outcome.Before.Overall[FigureNames.LogLoss].Value + 0.02);

        var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(new EvaluationRequest
        {
            ModelPath = outcome.OutputPath, Dataset = ServiceTests.Synthetic, Folds = FoldSet.Parse("9"),
            CompareWith = folder["m.safetensors"], Resamples = 20,
        });
        // What the service said of the fitted model is what the file gives.
        Assert.Equal(outcome.After.Overall[FigureNames.Brier].Value!.Value,
            evaluated.Figures.Overall[FigureNames.Brier].Value!.Value, 1e-9);
        Assert.Equal(after.Manifest.Thresholds[0], evaluated.Figures.ByClass["abnormal"].Threshold);
        Assert.Equal(evaluated.Figures.ByClass["abnormal"].TruePositives, evaluated.Evaluation.Binary!.TruePositives);
        Assert.NotNull(evaluated.Comparison!.Difference.Value);
        Assert.Equal(("1-8", 0), (evaluated.HeldOut.TrainFolds!.ToString(), evaluated.HeldOut.SharedPatients));
        Assert.Equal(3, evaluated.HeldOut.Remarks.Count(r => r.Contains("fold 9", StringComparison.Ordinal)));
        Assert.Equal(evaluated.Recordings.Used, evaluated.Labels.Labelled);
        Assert.Equal("abnormal", (string?)evaluated.LabelPolicy!["normalWithOther"]);
    }

    [Fact]
    public async Task Training_folds_are_refused_and_nothing_is_written()
    {
        using var folder = TestData.Folder();
        await using var services = ServiceTests.Host();
        await services.GetRequiredService<ITrainingService>().TrainAsync(ServiceTests.Request(folder["m.safetensors"]));
        var error = await Assert.ThrowsAsync<CalibrationException>(() => services.GetRequiredService<ICalibrationService>()
            .CalibrateAsync(new CalibrationRequest
            {
                ModelPath = folder["m.safetensors"], OutputPath = folder["c.safetensors"],
                Dataset = ServiceTests.Synthetic, Folds = FoldSet.Parse("8-9"),
            }));
        Assert.Contains("fold 8, one of the folds that the weights were learned from (1-8)", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["c.safetensors"]));
    }

    [Fact]
    public async Task A_model_file_that_does_not_say_its_folds_is_evaluated_as_not_known()
    {
        using var folder = TestData.Folder();
        await using var services = ServiceTests.Host();
        await services.GetRequiredService<ITrainingService>().TrainAsync(ServiceTests.Request(folder["m.safetensors"]));
        var file = ModelFile.Load(folder["m.safetensors"]);
        new ModelFile(file.Manifest with { Training = null }, file.Weights).Save(folder["silent.safetensors"]);
        var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(new EvaluationRequest
        {
            ModelPath = folder["silent.safetensors"], Dataset = ServiceTests.Synthetic, Folds = FoldSet.Parse("1"), Resamples = 0,
        });
        Assert.Null(evaluated.HeldOut.SharedPatients);
        Assert.Contains(evaluated.HeldOut.Remarks, r => r.Contains("not known", StringComparison.Ordinal));
        evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(new EvaluationRequest
        {
            ModelPath = folder["m.safetensors"], Dataset = ServiceTests.Synthetic, Folds = FoldSet.Parse("1"), Resamples = 0,
        });
        Assert.Equal(evaluated.HeldOut.Patients, evaluated.HeldOut.SharedPatients);
    }
}
