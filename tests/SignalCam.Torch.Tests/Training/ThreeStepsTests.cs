using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Training;

/// <summary>Three training steps against PyTorch's, from the released weights.</summary>
public sealed class ThreeStepsTests
{
    private const int BatchSize = 32;
    private const double LearningRate = 5e-4;

    [SkippableFact]
    public async Task Losses_gradients_and_state_agree_with_PyTorch()
    {
        var golden = Golden.Tensors("training-3-steps.safetensors");
        using var model = Golden.ReleasedModel();
        var samples = Golden.Prepared(model, await Golden.RecordingsAsync(golden["ecg_id"].ToInt64s()));
        var labels = golden["label"].ToSingles();
        var network = model.Network;
        network.Train();
        using var optimizer = optim.Adam(network.Parameters, LearningRate);
        var update = new AdamStep(optimizer, network.Parameters, weightDecay: 0);
        for (var step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            var signals = tensor(samples.AsSpan(step * BatchSize * 12_000, BatchSize * 12_000).ToArray(), [BatchSize, 12, 1000]);
            var targets = tensor(labels.AsSpan(step * BatchSize, BatchSize).ToArray(), [BatchSize, 1]);
            optimizer.zero_grad();
            var loss = network.Head.Loss(network.Forward(signals), targets);
            loss.backward();
            if (step == 0)
                CheckGradients(network, golden);
            update.Run();
            Assert.Equal(golden["loss"].ToDoubles()[step], loss.item<float>(), 1e-5);
        }
        foreach (var tensor in NetworkState.Copy(network))
            Close(golden["after." + tensor.Name], tensor, tensor.Name);
    }

    private static void CheckGradients(EcgNetwork network, Dictionary<string, NamedTensor> golden)
    {
        var largest = golden.Where(t => t.Key.StartsWith("grad.", StringComparison.Ordinal)).Max(t => t.Value.ToSingles().Max(Math.Abs));
        foreach (var (name, parameter) in network.Backbone.named_parameters().Concat(network.Head.named_parameters()))
        {
            var expected = golden["grad." + name].ToSingles();
            var found = parameter.grad!.data<float>().ToArray();
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - found[i]) <= 1e-4 * largest,
                    $"gradient of {name} at {i}: expected {expected[i]}, found {found[i]}");
        }
    }

    private static void Close(NamedTensor expected, NamedTensor found, string name)
    {
        // A convolution's bias before a batch norm has no effect and a gradient of pure rounding error, which Adam scales up to steps of
        // the full learning rate in either direction: three of them each way. The running means follow those biases a tenth of the way a
        // step.
        var tolerance = name.EndsWith("conv.bias", StringComparison.Ordinal)
            || name.EndsWith(".0.bias", StringComparison.Ordinal) ? 6 * LearningRate
            : name.EndsWith("running_mean", StringComparison.Ordinal) ? 1e-3
            : 1e-5;
        var (e, f) = (expected.ToDoubles(), found.ToDoubles());
        Assert.Equal(e.Length, f.Length);
        for (var i = 0; i < e.Length; i++)
            Assert.True(Math.Abs(e[i] - f[i]) <= tolerance + 1e-5 * Math.Abs(e[i]), $"{name} at {i}: expected {e[i]}, found {f[i]}");
    }
}
