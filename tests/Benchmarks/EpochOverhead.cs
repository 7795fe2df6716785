using BenchmarkDotNet.Attributes;
using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Torch;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Sessions;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Benchmarks;

/// <summary>
/// What an epoch with loading and the published augmentation costs against as many optimizer steps on one constant batch.
/// </summary>
public class EpochOverhead
{
    private const int Batch = 128;
    private const int Steps = 40;

    private readonly SignalLayout _layout = new(SignalLayout.StandardLeads, 1000, 100);
    private LabeledRecordings _train = null!;
    private LabeledRecordings _valid = null!;
    private IAugmentation _augmentation = null!;

    [GlobalSetup]
    public void Setup()
    {
        (_train, _valid) = (Recordings(Batch * Steps), Recordings(1));
        _augmentation = new AugmentationSequence(AugmentationPresets.Paper.Select(new SignalCamComponents().Augmentations.Create));
    }

    [Benchmark(Baseline = true)]
    public float StepsOnOneBatch()
    {
        set_num_threads(Environment.ProcessorCount); // as the trainer does
        using var network = Network();
        using var optimizer = optim.Adam(network.Parameters, 5e-4);
        network.Train();
        using var signals = tensor(_train.Samples(0, Batch).ToArray(), [Batch, 12, 1000]);
        using var targets = tensor(_train.AllTargets[..Batch].ToArray(), [Batch, 1]);
        var last = 0f;
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = network.Head.Loss(network.Forward(signals), targets);
            loss.backward();
            optimizer.step();
            last = loss.item<float>();
        }
        return last;
    }

    [Benchmark]
    public double EpochOfTheTrainer()
    {
        using var network = Network();
        var options = TrainingPresets.Paper();
        (options.Epochs, options.Device) = (1, "cpu");
        return new Trainer(options).TrainAsync(
            network, TaskKind.Binary, _train, _valid, _augmentation).GetAwaiter().GetResult().Epochs[0].TrainLoss;
    }

    private static EcgNetwork Network()
    {
        manual_seed(1);
        return new EcgNetwork(new SignalCnn(12), new SigmoidHead(64, 1));
    }

    private LabeledRecordings Recordings(int count)
    {
        var random = new EcgRandom(1);
        var samples = new float[count * _layout.LeadCount * _layout.Length];
        foreach (ref var sample in samples.AsSpan())
            sample = (float)random.Uniform(-1, 1);
        var entries = Enumerable.Range(0, count).Select(i => new EcgEntry { Id = $"{i}" }).ToArray();
        return new LabeledRecordings(entries, _layout, samples, [.. Enumerable.Range(0, count).Select(i => (float)(i % 2))], 1);
    }
}
