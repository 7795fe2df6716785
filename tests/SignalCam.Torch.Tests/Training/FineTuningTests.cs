using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Sessions;

namespace SignalCam.Torch.Tests.Training;

/// <summary>Trainings that start from a trained model.</summary>
public sealed class FineTuningTests
{
    private static readonly LabeledRecordings s_train = Recordings.Make(96, 3);
    private static readonly LabeledRecordings s_valid = Recordings.Make(40, 2);

    [Fact]
    public async Task A_frozen_backbone_stays_to_the_bit_while_the_head_learns()
    {
        using var folder = TestData.Folder();
        var start = await StartAsync(folder);
        var options = Options(start);
        options.Freeze = FrozenPart.Backbone;
        await RunAsync(folder["tuned.safetensors"], options, new OtherTask());
        var (before, after) = (ModelFile.Load(start), ModelFile.Load(folder["tuned.safetensors"]));
        // Batch-norm statistics and their counters are among them.
        foreach (var tensor in before.Weights.Where(t => !IsHead(t)))
            Assert.Equal(Bytes(tensor), Bytes(after.Weights.Single(t => t.Name == tensor.Name)));
        Assert.All(before.Weights.Where(IsHead), tensor => Assert.NotEqual(Bytes(tensor),
            Bytes(after.Weights.Single(t => t.Name == tensor.Name))));
        Assert.Equal((start, "backbone"), ((string?)after.Manifest.Training!["options"]!["from"],
            (string?)after.Manifest.Training["options"]!["freeze"]));
    }

    [Fact]
    public async Task The_head_is_kept_where_the_classes_are_the_same_and_made_anew_from_their_shares_where_not()
    {
        using var folder = TestData.Folder();
        var start = await StartAsync(folder);
        var options = Options(start);
        // A rate at which nothing moves leaves what the training began with.
        (options.LearningRate, options.AverageDecay, options.WeightDecay, options.Epochs) = (1e-12, 0, 0, 1);
        Assert.True(await RunAsync(folder["same.safetensors"], options, new ResumeTests.BumpTask()));
        var (before, same) = (ModelFile.Load(start), ModelFile.Load(folder["same.safetensors"]));
        foreach (var tensor in before.Weights.Where(IsHead))
            AssertClose(tensor.ToSingles(), Named(same, tensor.Name));
        Assert.False(await RunAsync(folder["other.safetensors"], options, new OtherTask()));
        var other = ModelFile.Load(folder["other.safetensors"]);
        Assert.All(Named(other, "pred_layer.weight"), weight => Assert.InRange(weight, -1e-6, 1e-6));
        // 48 of 96 recordings carry the class: (48 + 0.5) / 97 is one half, whose log odds are 0.
        Assert.InRange(Assert.Single(Named(other, "pred_layer.bias")), -1e-6, 1e-6);
        foreach (var name in before.Weights.Where(t => !IsHead(t) && t.Name.EndsWith("weight", StringComparison.Ordinal)).Select(t =>
            t.Name))
            AssertClose(Named(before, name), Named(other, name));
    }

    [Fact]
    public async Task The_head_s_learning_rate_moves_the_head_alone_and_an_equal_one_changes_nothing()
    {
        using var folder = TestData.Folder();
        var start = await StartAsync(folder);
        var options = Options(start);
        await RunAsync(folder["one.safetensors"], options, new OtherTask());
        options.HeadLearningRate = options.LearningRate;
        await RunAsync(folder["equal.safetensors"], options, new OtherTask());
        Assert.Equal(Weights(folder["one.safetensors"]), Weights(folder["equal.safetensors"]));
        (options.LearningRate, options.HeadLearningRate, options.AverageDecay) = (1e-12, 1e-2, 0);
        await RunAsync(folder["head.safetensors"], options, new OtherTask());
        var (before, after) = (ModelFile.Load(start), ModelFile.Load(folder["head.safetensors"]));
        foreach (var name in before.Weights.Where(t => !IsHead(t) && t.Name.EndsWith("weight", StringComparison.Ordinal)).Select(t =>
            t.Name))
            AssertClose(Named(before, name), Named(after, name));
        Assert.Contains(Named(after, "pred_layer.weight"), weight => Math.Abs(weight) > 1e-3);
    }

    [Fact]
    public async Task A_fine_tuning_that_was_stopped_goes_on_to_the_same_bits()
    {
        using var folder = TestData.Folder();
        var options = Options(await StartAsync(folder));
        (options.Freeze, options.HeadLearningRate) = (FrozenPart.Backbone, 1e-2);
        await RunAsync(folder["whole.safetensors"], options, new OtherTask());
        using var stop = new CancellationTokenSource();
        await RunAsync(folder["m.safetensors"], options, new OtherTask(), stop: stop, at: p => (p.Epoch, p.Step) == (2, 2));
        Assert.Null(await RunAsync(folder["m.safetensors"], options, new OtherTask(), resume: true));
        Assert.Equal(Weights(folder["whole.safetensors"]), Weights(folder["m.safetensors"]));
    }

    [Fact]
    public async Task What_does_not_fit_the_model_is_refused_by_name()
    {
        using var folder = TestData.Folder();
        var options = Options(await StartAsync(folder));
        options.Architecture = new ComponentSpec("signal-cnn");
        var error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(folder["m.safetensors"], options, new OtherTask()));
        Assert.Contains("its architecture is signal-cnn", error.Message, StringComparison.Ordinal);
        options = Options(options.From!);
        options.Preprocessing = [new ComponentSpec("max-abs")];
        error = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(folder["n.safetensors"], options, new OtherTask()));
        Assert.Contains("its preprocessing is ", error.Message, StringComparison.Ordinal);
        options = Options(options.From!);
        (options.From, options.Freeze) = (null, FrozenPart.Backbone);
        Assert.Contains("Freeze is Backbone: allowed with From only",
            Assert.Throws<PluginException>(() => new TrainingSession(new SignalCamComponents(), options, new OtherTask())).Message,
            StringComparison.Ordinal);
    }

    private static TrainingOptions Options(string from)
    {
        var options = ResumeTests.Options();
        options.From = from;
        return options;
    }

    private static async Task<string> StartAsync(TemporaryFolder folder)
    {
        await ResumeTests.RunAsync(folder["start.safetensors"], ResumeTests.Options());
        return folder["start.safetensors"];
    }

    /// <summary>Trains; returns whether the head was kept.</summary>
    private static async Task<bool?> RunAsync(
        string path, TrainingOptions options, IEcgTask task, bool resume = false, CancellationTokenSource? stop = null,
            Func<TrainingProgress, bool>? at = null)
    {
        using var session = new TrainingSession(new SignalCamComponents(), options, task) { Resume = resume };
        await session.RunAsync(path, s_train, s_valid, new StopAt(p =>
        {
            if (at?.Invoke(p) == true)
                stop!.Cancel();
        }), stop?.Token ?? default);
        return session.HeadKept;
    }

    private static bool IsHead(NamedTensor tensor) => tensor.Name.StartsWith("pred_layer", StringComparison.Ordinal);

    private static byte[] Bytes(NamedTensor tensor) => ResumeTests.Bytes([tensor]);

    private static byte[] Weights(string path) => ResumeTests.Bytes(ModelFile.Load(path).Weights);

    private static float[] Named(ModelFile file, string name) => file.Weights.Single(t => t.Name == name).ToSingles();

    private static void AssertClose(float[] expected, float[] found)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(found[i], expected[i] - 1e-5, expected[i] + 1e-5);
    }

    private sealed class StopAt(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }

    private sealed class OtherTask : IEcgTask
    {
        public string Name => "other";

        public TaskKind Kind => TaskKind.Binary;

        public IReadOnlyList<string> Classes => ["hump"];

        public bool TryGetTarget(EcgEntry entry, Span<float> target) => false;
    }
}
