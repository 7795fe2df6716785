using SignalCam.Abstractions;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Sessions;

namespace SignalCam.Torch.Tests.Training;

public sealed class BatchLoaderTests
{
    [Fact]
    public void Each_epoch_shows_every_record_once_in_an_order_of_its_own()
    {
        var loader = Loader(Recordings.Make(70, 1), 32);
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
        var loader = Loader(recordings, 16, threads: 2);
        foreach (var batch in loader.Epoch(1, 0, default))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Assert.Equal(recordings.Samples(batch.Records[i]),
                    batch.Samples.AsSpan(i * recordings.SamplesPerRecording, recordings.SamplesPerRecording));
                Assert.Equal(recordings.Targets(batch.Records[i])[0], batch.Targets[i]);
            }
            loader.Return(batch);
        }
    }

    [Fact]
    public void An_error_while_augmenting_reaches_the_caller()
    {
        var loader = Loader(Recordings.Make(40, 1), 16, augmentation: new Broken());
        Assert.Throws<InvalidOperationException>(() => loader.Epoch(1, 0, default).Count());
    }

    [Fact]
    public void Leaving_an_epoch_early_stops_the_loading()
    {
        var loader = Loader(Recordings.Make(400, 1), 4);
        Assert.Single(loader.Epoch(1, 0, default).Take(1));
        Assert.Equal(100, loader.Epoch(2, 0, default).Count());
    }

    [Fact]
    public void A_crop_is_a_window_of_the_recording_at_a_place_that_changes_with_the_epoch()
    {
        var recordings = Recordings.Make(8, 1);
        var loader = Loader(recordings, 8, crop: 50);
        Assert.Equal((3, 50), (loader.Layout.LeadCount, loader.Layout.Length));
        var places = new HashSet<int>();
        for (var epoch = 1; epoch <= 10; epoch++)
        {
            var batch = loader.Epoch(epoch, 0, default).Single();
            for (var i = 0; i < batch.Count; i++)
            {
                var whole = recordings.Samples(batch.Records[i]);
                var start = whole[..Recordings.Layout.Length].IndexOf(batch.Samples.AsSpan(i * 150, 50));
                places.Add(start);
                for (var lead = 0; lead < 3; lead++)
                    Assert.Equal(whole.Slice(lead * Recordings.Layout.Length + start, 50), batch.Samples.AsSpan(i * 150 + lead * 50, 50));
            }
        }
        Assert.True(places.Count > 40 && places.Min() >= 0 && places.Max() <= 128 - 50,
            $"{places.Count} places, {places.Min()} to {places.Max()}");
    }

    [Fact]
    public void Mixup_blends_each_recording_and_its_target_with_the_next_one_by_the_same_share()
    {
        var recordings = Recordings.Make(6, 1);
        var size = recordings.SamplesPerRecording;
        var shares = new List<float>();
        for (var epoch = 1; epoch <= 200; epoch++)
        {
            var batch = Loader(recordings, 6, mixup: 0.4).Epoch(epoch, 0, default).Single();
            // Found from one sample, it must explain all the others.
            float Original(int i, int t) => recordings.Samples(batch.Records[i % 6])[t];
            var share = (batch.Samples[0] - Original(1, 0)) / (Original(0, 0) - Original(1, 0));
            for (var i = 0; i < 6; i++)
            {
                for (var t = 0; t < size; t += 37)
                    Assert.Equal(share * Original(i, t) + (1 - share) * Original(i + 1, t), batch.Samples[i * size + t], 1e-3f);
                Assert.Equal(share * recordings.Targets(batch.Records[i])[0]
                    + (1 - share) * recordings.Targets(batch.Records[(i + 1) % 6])[0], batch.Targets[i], 1e-3f);
            }
            shares.Add(share);
        }
        Assert.All(shares, share => Assert.InRange(share, 0.4999f, 1.0001f));
        // The larger of the shares of Beta(0.4, 0.4) has a mean of 0.858 (numerical integration); 200 draws of standard deviation 0.14.
        Assert.InRange(shares.Average(), 0.858 - 0.04, 0.858 + 0.04);
    }

    private static BatchLoader Loader(
        LabeledRecordings recordings, int batchSize, int threads = 1, int crop = 0, double mixup = 0, IAugmentation? augmentation = null) =>
            new(recordings, new TrainingOptions { BatchSize = batchSize, LoaderThreads = threads, Crop = crop, Mixup = mixup, Seed = 1 },
                augmentation);

    private sealed class Broken : IAugmentation
    {
        public string Name => "broken";

        public void Apply(Span<float> samples, SignalLayout layout, EcgRandom random) => throw new InvalidOperationException("broken");
    }
}
