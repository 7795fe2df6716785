using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Sdk.Explanation;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch.Audit;

namespace SignalCam.Sdk.Tests.Services;

public sealed class AuditServiceTests
{
    [Fact]
    public async Task Every_registered_explainer_is_measured_against_what_was_planted()
    {
        using var folder = TestData.Folder();
        await using var services = ServiceTests.Host();
        var trained = await services.GetRequiredService<ITrainingService>()
            .TrainAsync(ServiceTests.Request(folder["m.safetensors"], "super"));
        var progress = new ServiceTests.Reports<double>();
        AuditRequest request = new()
        {
            ModelPath = trained.ModelPath,
            Dataset = ServiceTests.Synthetic,
            Records = 3,
            Options = new AuditOptions { RandomNetworks = 1, SensitivityDraws = 1, Perturbation = new() { Steps = 4 } },
        };
        // Two epochs decide little: every class is called present that is not quite unlikely.
        var file = Core.Models.ModelFile.Load(trained.ModelPath);
        new Core.Models.ModelFile(file.Manifest with { Thresholds = [.. file.Manifest.Classes.Select(_ => 0.01)] }, file.Weights)
            .Save(trained.ModelPath);

        var outcome = await services.GetRequiredService<IAuditService>().AuditAsync(request, progress);
        Assert.Equal((3, 100), (outcome.Result.Recordings, outcome.Candidates));
        Assert.Equal(
            [
                "cam", "cam kind=paper", "cam-x-gradient", "grad-cam", "grad-cam++", "gradient-x-input", "hirescam", "integrated-gradients",
                "occlusion", "random", "saliency", "smoothgrad",
            ],
            outcome.Result.Explainers.Select(e => e.Name));
        Assert.Equal(1, progress.All[^1]);
        Assert.All(outcome.Result.Explainers, explainer =>
        {
            Assert.Contains(AuditMeasures.Deletion + "_noise", explainer.Measures.Keys);
            Assert.Contains(AuditMeasures.Share + "_qrs", explainer.Measures.Keys);
            Assert.All(explainer.Measures.Values,
                m => Assert.True(double.IsFinite(m.Mean!.Value) && m.Interval!.Value.Low <= m.Interval.Value.High));
        });

        var one = await services.GetRequiredService<IAuditService>()
            .AuditAsync(new()
            {
                ModelPath = trained.ModelPath,
                Dataset = request.Dataset,
                Records = 2,
                Explainers = [new("cam")],
                Options = request.Options,
            });
        Assert.Equal("cam", Assert.Single(one.Result.Explainers).Name);
    }

    [Fact]
    public async Task A_model_that_calls_nothing_present_is_told_so()
    {
        using var folder = TestData.Folder();
        await using var services = ServiceTests.Host();
        var manifest = Tiny.Manifest() with { Thresholds = [1], Length = 1000 };
        var error = await Assert.ThrowsAsync<PluginException>(() => services.GetRequiredService<IAuditService>().AuditAsync(
            new() { ModelPath = Tiny.Write(folder["m.safetensors"], manifest: manifest), Dataset = ServiceTests.Synthetic }));
        Assert.Contains("no class present", error.Message, StringComparison.Ordinal);
    }
}
