using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Optimization;
using SignalCam.Torch.Training.Sessions;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Training;

public sealed class WeightAverageTests
{
    [Fact]
    public void It_follows_the_weights_with_a_memory_that_grows_up_to_the_decay()
    {
        using var network = Recordings.Network();
        using var average = new WeightAverage(network, 0.5);
        var bias = network.State["pred_layer.bias"];
        double expected = bias.item<float>();
        for (var step = 0; step < 12; step++)
        {
            using (no_grad())
                bias.fill_(step * step);
            average.Update();
            var decay = Math.Min(0.5, (1.0 + step) / (10.0 + step));
            expected = decay * expected + (1 - decay) * step * step;
        }
        Assert.Equal(121, bias.item<float>());
        average.Swap();
        Assert.Equal(expected, bias.item<float>(), 1e-4);
        average.Swap();
        Assert.Equal(121, bias.item<float>());
    }

    [Fact]
    public async Task What_is_validated_and_kept_is_the_average()
    {
        using var network = Recordings.Network();
        var options = Recordings.Options();
        (options.AverageDecay, options.Epochs, options.Selection) = (0.9, 2, ModelSelection.LastEpoch);
        IReadOnlyList<NamedTensor> seen = [];
        var trainer = new Trainer(options) { EpochEnded = (_, n) => seen = NetworkState.Copy(n) };
        var result = await trainer.TrainAsync(network, TaskKind.Binary, Recordings.Make(100, 1), Recordings.Make(40, 2));
        Assert.Equal(Values(seen), Values(result.BestState));
        Assert.Equal(Values(seen), Values(result.LastState));
        Assert.Equal(2, result.Best!.Epoch);
        // The network itself ends with the weights of its last step.
        Assert.NotEqual(Values(seen), Values(NetworkState.Copy(network)));
    }

    private static float[] Values(IReadOnlyList<NamedTensor> state) =>
        [.. state.Where(t => !t.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).SelectMany(t => t.ToSingles())];
}
