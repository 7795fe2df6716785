using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Optimization;
using SignalCam.Torch.Training.Sessions;
using SignalCam.Torch.Training.Validation;
using TorchSharp;

namespace SignalCam.Torch.Tests.Training;

public sealed class TrainerTests
{
    [Fact]
    public async Task It_learns_what_can_be_learnt()
    {
        using var network = Recordings.Network();
        var result = await new Trainer(Recordings.Options()).TrainAsync(
            network, TaskKind.Binary, Recordings.Make(320, 1), Recordings.Make(128, 2));
        Assert.Equal(4, result.Epochs.Count);
        Assert.False(result.Cancelled);
        Assert.True(result.Best!.ValidRocAuc > 0.95, $"ROC-AUC {result.Best.ValidRocAuc}");
        Assert.True(result.Epochs[^1].TrainLoss < result.Epochs[0].TrainLoss);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bits_whatever_the_loader_threads()
    {
        var one = await Run(seed: 5, threads: 1);
        var same = await Run(seed: 5, threads: 3);
        var other = await Run(seed: 6, threads: 1);
        Assert.Equal(Bits(one), Bits(same));
        Assert.NotEqual(Bits(one), Bits(other));

        static async Task<TrainingResult> Run(long seed, int threads)
        {
            using var network = Recordings.Network();
            var options = Recordings.Options();
            (options.Seed, options.LoaderThreads, options.Epochs) = (seed, threads, 2);
            return await new Trainer(options).TrainAsync(
                network, TaskKind.Binary, Recordings.Make(100, 1), Recordings.Make(40, 2), new Jitter());
        }
    }

    [Fact]
    public async Task The_best_weights_are_those_of_the_best_epoch()
    {
        using var network = Recordings.Network();
        var states = new List<IReadOnlyList<NamedTensor>>();
        var trainer = new Trainer(Recordings.Options()) { EpochEnded = (_, n) => states.Add(NetworkState.Copy(n)) };
        var result = await trainer.TrainAsync(network, TaskKind.Binary, Recordings.Make(100, 1), Recordings.Make(40, 2));
        var best = result.Epochs.First(e => e.ValidRocAuc == result.Epochs.Max(x => x.ValidRocAuc));
        Assert.Equal(best, result.Best);
        Assert.True(best.IsBest);
        Assert.Equal(Values(states[best.Epoch - 1]), Values(result.BestState));
        Assert.Equal(Values(states[^1]), Values(result.LastState));
    }

    [Fact]
    public async Task Cancelling_ends_after_the_current_step_and_keeps_what_there_is()
    {
        using var network = Recordings.Network();
        using var stop = new CancellationTokenSource();
        var options = Recordings.Options();
        options.Epochs = 1000;
        var progress = new Reported<TrainingProgress>(p =>
        {
            if (p is { Epoch: 2, Step: 2 })
                stop.Cancel();
        });
        var result = await new Trainer(options).TrainAsync(
            network, TaskKind.Binary, Recordings.Make(100, 1), Recordings.Make(40, 2), null, progress, stop.Token);
        Assert.True(result.Cancelled);
        Assert.Equal(1, result.Best!.Epoch);
        Assert.Single(result.Epochs);
    }

    [Fact]
    public async Task It_stops_early_and_says_why()
    {
        using var network = Recordings.Network();
        var options = Recordings.Options();
        (options.Epochs, options.Patience, options.Schedule, options.LearningRate) = (100, 3, LearningRateSchedule.Constant, 1e-2);
        var result = await new Trainer(options).TrainAsync(network, TaskKind.Binary, Recordings.Make(100, 1), Recordings.Make(40, 2));
        Assert.Equal(TrainingEnd.EarlyStopped, result.End);
        Assert.False(result.Cancelled);
        Assert.Equal(3, result.Epochs.Count - result.Best!.Epoch);
        Assert.Equal(FormattableString.Invariant($"no ROC-AUC above {result.Best.ValidRocAuc:F4} (epoch {result.Best.Epoch}) for 3 epochs"),
            result.Reason);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant)]
    [InlineData(LearningRateSchedule.OneCycle)]
    [InlineData(LearningRateSchedule.PublishedPlateau)]
    public void A_replayed_schedule_has_the_rates_of_the_one_that_was_stepped(LearningRateSchedule schedule)
    {
        var options = Recordings.Options();
        (options.Schedule, options.Epochs) = (schedule, 30);
        const int steps = 4;
        // Accuracies that rise, so that the published plateau (which minimises) halves the rate after its patience.
        var accuracies = Enumerable.Range(0, 30).Select(epoch => 0.5 + 0.01 * epoch).ToArray();
        using var network = Recordings.Network();
        using var optimizer = torch.optim.AdamW(network.Parameters, options.LearningRate);
        var stepped = new LearningRatePolicy(optimizer, options, steps);
        var seen = new HashSet<double>();
        for (var done = 1; done < 30 * steps; done++)
        {
            stepped.AfterStep(isLast: false);
            if (done % steps == 0)
                stepped.AfterEpoch(accuracies[done / steps - 1]);
            using var fresh = torch.optim.AdamW(network.Parameters, options.LearningRate);
            var replayed = new LearningRatePolicy(fresh, options, steps);
            replayed.Replay(done, accuracies.Take(done / steps));
            Assert.Equal((stepped.Current, optimizer.Betas), (replayed.Current, fresh.Betas));
            seen.Add(stepped.Current);
        }
        Assert.Equal(
            schedule switch { LearningRateSchedule.Constant => 1, LearningRateSchedule.PublishedPlateau => 4, _ => 119 }, seen.Count);
    }

    [Fact]
    public async Task A_loss_that_is_not_a_number_names_the_records()
    {
        using var network = Recordings.Network();
        var train = Recordings.Make(32, 1);
        var samples = train.Samples(0, train.Count).ToArray();
        samples[700] = float.NaN;
        var broken = new LabeledRecordings(train.Entries, train.Layout, samples, train.AllTargets.ToArray(), 1);
        var e = await Assert.ThrowsAsync<TrainingException>(
            () => new Trainer(Recordings.Options()).TrainAsync(network, TaskKind.Binary, broken, Recordings.Make(40, 2)));
        Assert.Contains("epoch 1, step 1", e.Message, StringComparison.Ordinal);
        Assert.Contains("records", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_validation_moves_the_batch_norm_statistics_and_recommended_does_not()
    {
        Assert.NotEqual(await Tracked(asPublished: true), await Tracked(asPublished: false));

        // Steps of one epoch: 100 recordings in batches of 32 are 4; validation in training mode adds its own 2.
        static async Task<long> Tracked(bool asPublished)
        {
            using var network = Recordings.Network();
            var options = Recordings.Options();
            (options.Epochs, options.ValidateAsPublished) = (1, asPublished);
            var result = await new Trainer(options).TrainAsync(network, TaskKind.Binary, Recordings.Make(100, 1), Recordings.Make(40, 2));
            var tracked = result.LastState.Single(t => t.Name == "last_batch_norm.num_batches_tracked").ToInt64s()[0];
            Assert.Equal(asPublished ? 6 : 4, tracked);
            return tracked;
        }
    }

    [Fact]
    public void Published_accuracy_is_the_mean_over_batches()
    {
        var scores = new EpochScores(TaskKind.Binary, 1);
        scores.Add(1.0, [0.9f, 0.9f, 0.1f], [1, 1, 0]);
        scores.Add(2.0, [0.9f], [0]);
        Assert.Equal(0.75, scores.Sums.Accuracy);
        Assert.Equal(0.5, scores.Sums.MeanBatchAccuracy);
        Assert.Equal(1.25, scores.Sums.MeanLoss);
    }

    [Theory]
    [InlineData(TrainingPrecision.Float32)]
    [InlineData(TrainingPrecision.Bfloat16)]
    public async Task Training_leaves_no_tensor_behind(TrainingPrecision precision)
    {
        // Made before anything is counted: in TorchSharp 0.107 each new parameter counts as one tensor more for ever.
        using var network = Recordings.Network();
        var options = Recordings.Options();
        (options.Epochs, options.Precision) = (3, precision);
        var alive = new List<long>();
        // On the thread that trains, which is where torch keeps count of what is made and disposed of there.
        var trainer = new Trainer(options) { EpochEnded = (_, _) => alive.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount) };
        var (train, valid) = (Recordings.Make(100, 1), Recordings.Make(40, 2));
        // What other tests have left to the collector is not to go in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = torch.Tensor.TotalCount;
        await trainer.TrainAsync(network, TaskKind.Binary, train, valid);
        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.Equal([alive[0], alive[0], alive[0]], alive);
    }

    [Fact]
    public void A_tensor_that_is_left_behind_is_counted()
    {
        var (before, alive) = (torch.Tensor.TotalCount, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var left = torch.zeros(1);
        Assert.Equal(before + 1, torch.Tensor.TotalCount);
        Assert.Equal(alive + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public async Task Sets_that_do_not_fit_each_other_are_refused_before_the_first_batch()
    {
        using var network = Recordings.Network();
        var other = new LabeledRecordings([new EcgEntry { Id = "1" }], new SignalLayout(["I"], 128, 100), new float[128], [1f], 1);
        var e = await Assert.ThrowsAsync<ArgumentException>(
            () => new Trainer(Recordings.Options()).TrainAsync(network, TaskKind.Binary, Recordings.Make(64, 1), other));
        Assert.Contains("3 leads", e.Message, StringComparison.Ordinal);
        Assert.Contains("1 leads", e.Message, StringComparison.Ordinal);
    }

    private static float[] Values(IReadOnlyList<NamedTensor> state) =>
        [.. state.Where(t => t.DType == TensorDType.F32).SelectMany(t => t.ToSingles())];

    private static int[] Bits(TrainingResult result) => [.. Values(result.LastState).Select(BitConverter.SingleToInt32Bits)];
}

/// <summary>Reports at once, on the caller's thread.</summary>
internal sealed class Reported<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
