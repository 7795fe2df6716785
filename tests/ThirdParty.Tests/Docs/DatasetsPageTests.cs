using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Folders;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.Signals;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch.Training;

namespace ThirdParty.Tests.Docs;

/// <summary>docs/datasets.md and docs/fine-tuning.md: a folder of one's own is trained on, from the weights that come with the
/// SDK.</summary>
public sealed class DatasetsPageTests
{
    [Fact]
    public async Task A_folder_with_a_label_table_is_trained_on_from_a_trained_backbone()
    {
        using var temporary = TestData.Folder();
        var folder = temporary.Path;
        var labels = new List<string> { "recording,AF" };
        for (var i = 0; i < 40; i++)
        {
            var seconds = i % 3 == 0 ? 12 : 8;
            var signal = SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 250, Seconds = seconds },
                new EcgRandom((ulong)i)).Signal;
            WfdbWriter.Write(folder, string.Create(CultureInfo.InvariantCulture, $"r{i}"), signal);
            labels.Add(string.Create(CultureInfo.InvariantCulture, $"r{i},{i % 2}"));
        }
        File.WriteAllLines(Path.Combine(folder, "labels.csv"), labels);
        var (request, options) = (Request(), Options());
        Assert.Equal(("columns", LengthPolicy.Crop | LengthPolicy.Pad), (request.Task.Name, request.Input!.Length));
        options.Epochs = 1;
        using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu").Services.BuildServiceProvider();
        var outcome = await services.GetRequiredService<ITrainingService>().TrainAsync(new TrainingRequest
        {
            ModelPath = Path.Combine(folder, "model.safetensors"),
            Dataset = new ComponentSpec("folder", PluginOptions.Write(new FolderDatasetOptions { Folder = folder,
                Labels = Path.Combine(folder, "labels.csv") })),
            Task = request.Task,
            Input = request.Input,
            Options = options,
        });
        Assert.False(outcome.HeadKept);
        var manifest = ModelFile.Load(outcome.ModelPath).Manifest;
        Assert.Equal(("AF", 12, 1000, 100.0), (Assert.Single(manifest.Classes), manifest.Leads.Count, manifest.Length,
            manifest.SamplingRate));
        Assert.Equal(40, File.ReadAllLines(Path.Combine(outcome.RunFolder, "folds.csv")).Length - 1);
    }

    private static TrainingRequest Request()
    {
        var request = new TrainingRequest
        {
            ModelPath = "model.safetensors",
            Dataset = new ComponentSpec("folder", PluginOptions.Write(new FolderDatasetOptions { Folder = "recordings",
                Labels = "labels.csv" })),
            Task = new ComponentSpec("columns", PluginOptions.Write(new ColumnsTaskOptions { Positive = "AF" })),
            Input = new TrainingInput { Length = LengthPolicy.Crop | LengthPolicy.Pad },
        };
        return request;
    }

    private static TrainingOptions Options()
    {
        var options = TrainingPresets.SmallData();
        options.From = "super";
        options.Freeze = FrozenPart.Backbone;
        return options;
    }
}
