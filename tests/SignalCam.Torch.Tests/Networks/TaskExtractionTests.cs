using SignalCam.Abstractions;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.Synthetic;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Tests.Networks;

public sealed class TaskExtractionTests
{
    private static readonly SignalCamComponents Components = new();

    [Theory]
    [InlineData("super", TaskKind.Multilabel)]
    [InlineData("normal-abnormal", TaskKind.Binary)]
    public void One_task_gives_the_logits_that_the_whole_model_gives_for_its_classes(string task, TaskKind kind)
    {
        var file = Joint();
        var part = TaskExtraction.Extract(file, task, Components);
        Assert.Equal((task, kind), (part.Manifest.Task, part.Manifest.TaskKind));
        Assert.Equal(part.Manifest.Classes.Count, SignalCam.Core.Inference.CompiledScorer.Create(part).Classes.Count);
        using var whole = Model(file);
        using var one = Model(part);
        var samples = Enumerable.Range(0, 2 * 12 * 100).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        var (expected, found) = (whole.Run(samples, 2), one.Run(samples, 2));
        for (var c = 0; c < part.Manifest.Classes.Count; c++)
        {
            var row = file.Manifest.Classes.ToList().IndexOf($"{task}/{part.Manifest.Classes[c]}");
            for (var i = 0; i < 2; i++)
                Assert.Equal(expected.Logits[i * expected.ClassCount + row], found.Logits[i * found.ClassCount + c], 1e-5f);
        }
        Assert.NotEqual(file.Manifest.Classes.Count, part.Manifest.Classes.Count);
    }

    [Theory]
    [InlineData(TensorDType.F16, 2e-3f)]
    [InlineData(TensorDType.BF16, 2e-2f)]
    public void Weights_in_half_precision_are_read_as_what_they_are_worth(TensorDType type, float tolerance)
    {
        var file = Joint();
        var half = file.StoredAs(type);
        using var whole = Model(file);
        using var stored = Model(half);
        using var rounded = Model(half.StoredAs(TensorDType.F32));
        var samples = Enumerable.Range(0, 2 * 12 * 100).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        var found = stored.Run(samples, 2).Logits;
        Assert.Equal(rounded.Run(samples, 2).Logits, found);
        Assert.All(whole.Run(samples, 2).Logits.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.NotEqual(whole.Run(samples, 2).Logits, found);
    }

    [Fact]
    public void The_label_policy_is_the_tasks_own()
    {
        Assert.Equal("drop", TaskExtraction.Extract(Joint(), "super", Components).Manifest.LabelPolicy!["unlabelled"]!.GetValue<string>());
        Assert.Equal(
            "keep", TaskExtraction.Extract(Joint(), "normal-abnormal", Components).Manifest.LabelPolicy!["unlabelled"]!.GetValue<string>());
    }

    [Fact]
    public void A_task_that_was_not_learned_is_refused_with_those_that_were()
    {
        var refusal = Assert.Throws<ArgumentException>(() => TaskExtraction.Extract(Joint(), "form", Components)).Message;
        Assert.Contains("did not learn 'form'; it has normal-abnormal, super", refusal, StringComparison.Ordinal);
    }

    private static ModelFile Joint()
    {
        TorchSharp.torch.manual_seed(3);
        var dataset = new SyntheticEcgDataset(new SyntheticDatasetOptions { Records = 10 });
        var spec =
            Components.Tasks.Resolve(
                new("joint", PluginOptions.Write(new JointTaskOptions
                {
                    Tasks = [Components.Tasks.Resolve(new("normal-abnormal")), Components.Tasks.Resolve(new("super"))],
                })));
        var manifest = new ModelManifest
        {
            Architecture = Components.Architectures.Resolve(
                new("signal-cnn", PluginOptions.Write(new SignalCnnOptions { Channels = [4, 8] }))),
            Head = Components.Heads.Resolve(new("multilabel")),
            Task = "joint",
            TaskKind = TaskKind.Multilabel,
            Classes = Components.Tasks.Create(spec).Create(dataset).Classes,
            LabelPolicy = spec.Options?.ToJson(),
            Leads = SignalLayout.StandardLeads,
            Length = 100,
            SamplingRate = 100,
            Preprocessing = [],
        };
        using var network = EcgModel.CreateNetwork(manifest, Components);
        return new ModelFile(manifest, NetworkState.Copy(network));
    }

    private static EcgModel Model(ModelFile file)
    {
        var network = EcgModel.CreateNetwork(file.Manifest, Components);
        NetworkState.Load(network, file.Weights, "test");
        return new EcgModel(network, file.Manifest, Components, "cpu");
    }
}
