using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Sessions;
using TorchSharp;

namespace SignalCam.Torch.Tests.Training;

/// <summary>A training that was stopped and goes on ends with the same bits as one that never stopped.</summary>
public sealed class ResumeTests
{
    private static readonly LabeledRecordings s_train = Recordings.Make(100, 1);
    private static readonly LabeledRecordings s_valid = Recordings.Make(40, 2);

    // 100 recordings in batches of 32 are 4 steps an epoch. Step 0 of an epoch is a stop right after the epoch before.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    [InlineData(3, 4)]
    public async Task Cancelled_at_any_step_it_goes_on_to_the_same_bits(int epoch, int step)
    {
        foreach (var options in (TrainingOptions[])[Options(), AsPublished(), WithEverything()])
        {
            using var folder = TestData.Folder();
            var whole = await RunAsync(folder["whole.safetensors"], options);
            using var stop = new CancellationTokenSource();
            var stopped = await RunAsync(folder["m.safetensors"], options, stop: stop,
                at: p => (p.Epoch, p.Step) == (epoch, step) || (step == 0 && p.Finished?.Epoch == epoch - 1));
            Assert.Equal(TrainingEnd.Cancelled, stopped.End);
            var resumed = await RunAsync(folder["m.safetensors"], options, resume: true);
            Assert.Equal(TrainingEnd.Completed, resumed.End);
            Assert.Equal(Bytes(whole.LastState), Bytes(resumed.LastState));
            Assert.Equal(Bytes(whole.BestState), Bytes(resumed.BestState));
            Assert.Equal(whole.Epochs.Select(Timeless), resumed.Epochs.Select(Timeless));
            Assert.Equal(File.ReadAllBytes(folder["whole.safetensors"]), File.ReadAllBytes(folder["m.safetensors"]));
        }
    }

    [Fact]
    public async Task Stopped_after_every_single_step_it_ends_with_the_same_bits()
    {
        using var folder = TestData.Folder();
        var whole = await RunAsync(folder["whole.safetensors"], Options());
        TrainingResult result;
        var stops = 0;
        do
        {
            using var stop = new CancellationTokenSource();
            result = await RunAsync(folder["m.safetensors"], Options(), resume: stops > 0, stop: stop, at: _ => true);
            stops++;
        }
        while (result.Cancelled);
        // Cancelling at the end of an epoch is one more stop for each of the 3 epochs but the last.
        Assert.InRange(stops, 12, 15);
        Assert.Equal(Bytes(whole.LastState), Bytes(result.LastState));
    }

    [Fact]
    public void Dropout_goes_on_with_the_random_numbers_that_would_have_come()
    {
        torch.manual_seed(11);
        var part = new RandomPart();
        using (torch.rand(3))
        {
        }
        var kept = part.Capture().ToDictionary(tensor => tensor.Name);
        var expected = Next();
        torch.manual_seed(12);
        part.Restore(new RememberedTensors("test", part.Name, kept));
        Assert.Equal(expected, Next());

        static float[] Next()
        {
            using var values = torch.rand(5);
            return values.data<float>().ToArray();
        }
    }

    [Fact]
    public async Task The_loader_threads_and_the_checkpoints_do_not_matter_for_a_resume()
    {
        using var folder = TestData.Folder();
        var whole = await RunAsync(folder["whole.safetensors"], Options());
        using var stop = new CancellationTokenSource();
        await RunAsync(folder["m.safetensors"], Options(), stop: stop, at: p => p is { Epoch: 2, Step: 2 });
        var options = Options();
        (options.LoaderThreads, options.CheckpointSeconds) = (3, 0);
        Assert.Equal(Bytes(whole.LastState), Bytes((await RunAsync(folder["m.safetensors"], options, resume: true)).LastState));
    }

    [Fact]
    public async Task Other_options_data_or_threads_are_refused_with_both_sides_named()
    {
        using var folder = TestData.Folder();
        var path = folder["m.safetensors"];
        using var stop = new CancellationTokenSource();
        await RunAsync(path, Options(), stop: stop, at: p => p is { Epoch: 2, Step: 2 });
        var before = File.ReadAllBytes(RunFolder.Beside(path).CheckpointPath);

        var epochs = Options();
        epochs.Epochs = 7;
        var e = await Assert.ThrowsAsync<ResumeException>(() => RunAsync(path, epochs, resume: true));
        Assert.Equal(("option epochs", "3", "7"), (e.What, e.Saved, e.Current));
        var threads = Options();
        threads.TorchThreads = 2;
        e = await Assert.ThrowsAsync<ResumeException>(() => RunAsync(path, threads, resume: true));
        Assert.Equal(("torch threads", "1", "2"), (e.What, e.Saved, e.Current));
        e = await Assert.ThrowsAsync<ResumeException>(() => RunAsync(path, Options(), resume: true, train: Recordings.Make(100, 9)));
        Assert.Equal("training recordings", e.What);
        Assert.Contains("100 of sha256:", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(RunFolder.Beside(path).CheckpointPath));
    }

    [Fact]
    public async Task A_training_that_has_not_ended_is_not_written_over()
    {
        using var folder = TestData.Folder();
        using var stop = new CancellationTokenSource();
        await RunAsync(folder["m.safetensors"], Options(), stop: stop, at: p => p is { Epoch: 1, Step: 2 });
        var e = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(folder["m.safetensors"], Options()));
        Assert.Contains("has not ended", e.Message, StringComparison.Ordinal);
        await RunAsync(folder["m.safetensors"], Options(), resume: true);
        Assert.Equal(3, (await RunAsync(folder["m.safetensors"], Options())).Epochs.Count);
    }

    [Fact]
    public async Task Resuming_a_training_that_is_done_changes_nothing()
    {
        using var folder = TestData.Folder();
        await RunAsync(folder["m.safetensors"], Options());
        var (model, checkpoint) = (File.ReadAllBytes(folder["m.safetensors"]), File.ReadAllBytes(folder["m.run/last.safetensors"]));
        Assert.Equal(TrainingEnd.Completed, (await RunAsync(folder["m.safetensors"], Options(), resume: true)).End);
        Assert.Equal(model, File.ReadAllBytes(folder["m.safetensors"]));
        Assert.Equal(checkpoint, File.ReadAllBytes(folder["m.run/last.safetensors"]));
    }

    [Fact]
    public async Task A_loss_that_is_not_a_number_leaves_the_last_good_checkpoint()
    {
        using var folder = TestData.Folder();
        var samples = s_train.Samples(0, s_train.Count).ToArray();
        samples[700] = float.NaN;
        var broken = new LabeledRecordings(s_train.Entries, s_train.Layout, samples, s_train.AllTargets.ToArray(), 1);
        var e = await Assert.ThrowsAsync<TrainingException>(() => RunAsync(folder["m.safetensors"], Options(), train: broken));
        Assert.Contains("records ", e.Message, StringComparison.Ordinal);
        Assert.True(TrainingCheckpoint.Load(folder["m.run/last.safetensors"]).IsFinite);
        Assert.Equal("failed", (string?)RunFolder.Beside(folder["m.safetensors"]).ReadDescription()["end"]);
    }

    [Fact]
    public async Task A_checkpoint_is_a_model_file_of_the_weights_as_they_were()
    {
        using var folder = TestData.Folder();
        var options = Options();
        // What is kept of a training that averages is the average; its checkpoint has the weights of the step.
        options.AverageDecay = 0;
        var result = await RunAsync(folder["m.safetensors"], options);
        var file = ModelFile.Load(folder["m.run/last.safetensors"]);
        Assert.Equal(Bytes(result.LastState), Bytes(file.Weights));
        using var model = EcgModel.Load(folder["m.run/last.safetensors"], new SignalCamComponents(), "cpu");
        Assert.Equal(Bytes(result.LastState), Bytes(NetworkState.Copy(model.Network)));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named()
    {
        using var folder = TestData.Folder();
        using var stop = new CancellationTokenSource();
        await RunAsync(folder["m.safetensors"], Options(), stop: stop, at: p => p is { Epoch: 1, Step: 2 });
        var path = folder["m.run/last.safetensors"];
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        var e = await Assert.ThrowsAsync<ModelFormatException>(() => RunAsync(folder["m.safetensors"], Options(), resume: true));
        Assert.Contains("last.safetensors", e.Message, StringComparison.Ordinal);
        await RunAsync(folder["other.safetensors"], Options());
        File.Copy(folder["other.safetensors"], path, overwrite: true);
        e = await Assert.ThrowsAsync<ModelFormatException>(() => RunAsync(folder["m.safetensors"], Options(), resume: true));
        Assert.Contains("expected a checkpoint", e.Message, StringComparison.Ordinal);
    }

    internal static TrainingOptions Options() => new()
    {
        Epochs = 3, BatchSize = 32, Device = "cpu", TorchThreads = 1,
        Architecture = new ComponentSpec("signal-cnn", new System.Text.Json.Nodes.JsonObject
        {
            ["channels"] = new System.Text.Json.Nodes.JsonArray(8, 8, 16),
            ["firstKernel"] = 7,
            ["kernel"] = 5,
        }),
        Augmentation = [new ComponentSpec("gaussian-noise")],
    };

    internal static async Task<TrainingResult> RunAsync(
        string path, TrainingOptions options, bool resume = false, LabeledRecordings? train = null,
        CancellationTokenSource? stop = null, Func<TrainingProgress, bool>? at = null)
    {
        var progress = new Reported<TrainingProgress>(p =>
        {
            if (at?.Invoke(p) == true)
                stop!.Cancel();
        });
        var session = new TrainingSession(new SignalCamComponents(), options, new BumpTask()) { Resume = resume };
        return await session.RunAsync(path, train ?? s_train, s_valid, progress, stop?.Token ?? default);
    }

    internal static byte[] Bytes(IReadOnlyList<NamedTensor> state) => new SafetensorsFile(state).ToBytes();

    /// <summary>
    /// Everything of the paper's training that has a state: its schedule, its optimizer, its validation in training mode.
    /// </summary>
    private static TrainingOptions AsPublished()
    {
        var options = Options();
        (options.Optimizer, options.WeightDecay, options.LearningRate) = (OptimizerKind.Adam, 0, 5e-4);
        (options.Schedule, options.Selection, options.ValidateAsPublished) = (
            LearningRateSchedule.PublishedPlateau, ModelSelection.Accuracy, true);
        return options;
    }

    /// <summary>Everything beyond the plain recipe that has a state or draws from a seed.</summary>
    private static TrainingOptions WithEverything()
    {
        var options = Options();
        (options.AverageDecay, options.Mixup, options.Crop) = (0.9, 0.3, 96);
        return options;
    }

    private static EpochStatistics Timeless(EpochStatistics epoch) => epoch with { Seconds = 0 };

    internal sealed class BumpTask : IEcgTask
    {
        public string Name => "bump";

        public TaskKind Kind => TaskKind.Binary;

        public IReadOnlyList<string> Classes => ["bump"];

        public bool TryGetTarget(EcgEntry entry, Span<float> target) => false;
    }
}
