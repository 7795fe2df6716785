using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Architectures;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Sessions;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Training;

/// <summary>Training with a backbone that computes in bfloat16.</summary>
public sealed class PrecisionTests
{
    public static TheoryData<string> Names { get; } = ArchitectureTests.Names;

    [Fact]
    public async Task In_bfloat16_it_learns_what_can_be_learnt_and_the_weights_stay_float32()
    {
        using var network = Recordings.Network();
        var options = Recordings.Options();
        options.Precision = TrainingPrecision.Bfloat16;
        var result = await new Trainer(options).TrainAsync(network, TaskKind.Binary, Recordings.Make(320, 1), Recordings.Make(128, 2));
        Assert.True(result.Best!.ValidRocAuc > 0.95, $"ROC-AUC {result.Best.ValidRocAuc}");
        Assert.All(network.State,
            named => Assert.True(named.Value.dtype is ScalarType.Float32 or ScalarType.Int64, $"{named.Key} is {named.Value.dtype}"));
    }

    [Fact]
    public async Task The_precision_decides_the_weights_and_the_same_precision_gives_the_same_bits()
    {
        Assert.Equal(await Weights(TrainingPrecision.Bfloat16), await Weights(TrainingPrecision.Bfloat16));
        Assert.NotEqual(await Weights(TrainingPrecision.Bfloat16), await Weights(TrainingPrecision.Float32));

        static async Task<byte[]> Weights(TrainingPrecision precision)
        {
            using var network = Recordings.Network();
            var options = Recordings.Options();
            (options.Epochs, options.Precision) = (1, precision);
            var result = await new Trainer(options).TrainAsync(network, TaskKind.Binary, Recordings.Make(64, 1), Recordings.Make(40, 2));
            return ResumeTests.Bytes(result.LastState);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_built_in_backbone_takes_bfloat16_and_gives_float32_features_and_gradients_near_those_of_float32(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var backbone = ArchitectureTests.CreateSmall(name, leads: 3, length: 200);
        Assert.True(backbone.TakesBfloat16);
        backbone.train();
        var signals = randn(16, 3, 200);
        var (full, fullGradients) = Run(signals);
        var (half, halfGradients) = Run(signals.to(bfloat16));
        Assert.Equal(ScalarType.Float32, half.dtype);
        // Eight bits of mantissa, and errors of up to fifty layers in a row.
        Assert.True(Distance(full, half) < 0.1, $"features: {Distance(full, half)}");
        foreach (var (parameter, (one, other)) in backbone.named_parameters().Select(p => p.name).Zip(fullGradients.Zip(halfGradients)))
            Assert.Equal((parameter, ScalarType.Float32, true),
                (parameter, other.dtype, other.isfinite().all().item<bool>() && one.isfinite().all().item<bool>()));

        (Tensor Features, Tensor[] Gradients) Run(Tensor input)
        {
            var features = backbone.call(input);
            backbone.zero_grad();
            features.square().mean().backward();
            return (features.detach(), [.. backbone.parameters().Select(p => p.grad!.clone())]);
        }

        static float Distance(Tensor one, Tensor other) => ((one - other).norm() / one.norm()).item<float>();
    }

    [Fact]
    public async Task A_backbone_that_does_not_take_it_is_refused_before_the_first_batch()
    {
        using var network = new EcgNetwork(new StridedCnn(Recordings.Layout.LeadCount, 4), new SigmoidHead(4, 1));
        var options = Recordings.Options();
        options.Precision = TrainingPrecision.Bfloat16;
        var e = await Assert.ThrowsAsync<ArgumentException>(
            () => new Trainer(options).TrainAsync(network, TaskKind.Binary, Recordings.Make(64, 1), Recordings.Make(40, 2)));
        Assert.Contains("Precision is bfloat16, but StridedCnn computes in float32 only", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_an_option_it_is_written_and_read_by_the_types_name()
    {
        var options = PluginOptions.Write(new TrainingOptions { Precision = TrainingPrecision.Bfloat16 });
        Assert.Equal("bfloat16", (string?)options["precision"]);
        Assert.Equal("float32", (string?)PluginOptions.Write(new TrainingOptions())["precision"]);
    }
}
