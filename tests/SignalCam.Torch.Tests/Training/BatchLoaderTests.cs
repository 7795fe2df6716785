using SignalCam.Abstractions;
using SignalCam.Torch.Training;

namespace SignalCam.Torch.Tests.Training;

public sealed class BatchLoaderTests
{
    [Fact]
    public void Each_epoch_shows_every_record_once_in_an_order_of_its_own()
    {
        var loader = new BatchLoader(Recordings.Make(70, 1), 32, null, seed: 1, threads: 1);
        var first = loader.Epoch(1, 0, default).SelectMany(b => b.Records).ToArray();
        var second = loader.Epoch(2, 0, default).SelectMany(b => b.Records).ToArray();
        Assert.Equal(Enumerable.Range(0, 70), first.Order());
        Assert.Equal(Enumerable.Range(0, 70), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(first, loader.Epoch(1, 0, default).SelectMany(b => b.Records));
        Assert.Equal([32, 32, 6], loader.Epoch(1, 0, default).Select(b => b.Count));
    }

    [Fact]
    public void A_batch_holds_its_records_samples_and_targets()
    {
        var recordings = Recordings.Make(40, 1);
        var loader = new BatchLoader(recordings, 16, null, seed: 1, threads: 2);
        foreach (var batch in loader.Epoch(1, 0, default))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Assert.Equal(recordings.Samples(batch.Records[i]), batch.Samples.AsSpan(i * recordings.SamplesPerRecording, recordings.SamplesPerRecording));
                Assert.Equal(recordings.Targets(batch.Records[i])[0], batch.Targets[i]);
            }
            loader.Return(batch);
        }
    }

    [Fact]
    public void An_error_while_augmenting_reaches_the_caller()
    {
        var loader = new BatchLoader(Recordings.Make(40, 1), 16, new Broken(), seed: 1, threads: 1);
        Assert.Throws<InvalidOperationException>(() => loader.Epoch(1, 0, default).Count());
    }

    [Fact]
    public void Leaving_an_epoch_early_stops_the_loading()
    {
        var loader = new BatchLoader(Recordings.Make(400, 1), 4, null, seed: 1, threads: 1);
        Assert.Single(loader.Epoch(1, 0, default).Take(1));
        Assert.Equal(100, loader.Epoch(2, 0, default).Count());
    }

    private sealed class Broken : IAugmentation
    {
        public string Name => "broken";

        public void Apply(Span<float> samples, SignalLayout layout, EcgRandom random) => throw new InvalidOperationException("broken");
    }
}
