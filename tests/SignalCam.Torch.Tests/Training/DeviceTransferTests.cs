using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Validation;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Training;

public sealed class DeviceTransferTests
{
    [Fact]
    public void On_the_CPU_a_batch_is_the_array_itself()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        using var tensor = DeviceTransfer.ToDevice(values, [3, 2], CPU);
        values[4] = 50;
        Assert.Equal([3, 2], tensor.shape);
        Assert.Equal(50, tensor[2, 0].item<float>());
    }

    [Fact]
    public void Loss_and_probabilities_come_back_together()
    {
        using var scope = NewDisposeScope();
        var joined = DeviceTransfer.Join(tensor(0.25f, requires_grad: true), tensor(new[] { 0.1f, 0.2f, 0.3f, 0.4f }, [2, 2]));
        Assert.False(joined.requires_grad);
        var (loss, probabilities) = DeviceTransfer.Split(joined);
        Assert.Equal(0.25f, loss);
        Assert.Equal([0.1f, 0.2f, 0.3f, 0.4f], probabilities);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Validation_signals_are_the_recordings_whether_they_are_kept_on_the_device_or_not(bool keep)
    {
        var recordings = Recordings.Make(11, 1);
        using var signals = new ValidationSignals(recordings, 4, CPU, keep);
        for (var pass = 0; pass < 2; pass++)
        {
            for (var start = 0; start < 11; start += 4)
            {
                using var batch = signals.Batch(start, Math.Min(4, 11 - start));
                Assert.Equal([Math.Min(4, 11 - start), 3, 128], batch.shape);
                Assert.Equal(recordings.Samples(start, (int)batch.shape[0]).ToArray(), batch.data<float>().ToArray());
            }
        }
    }
}
