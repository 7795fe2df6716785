using SignalCam.Torch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Validation;

/// <summary>
/// The validation recordings as tensors, batch by batch. They are the same in every epoch, so they are copied to a CUDA device once, if
/// they fit. Otherwise each batch is copied into one buffer, because the recordings may be a mapped file.
/// </summary>
internal sealed class ValidationSignals : IDisposable
{
    /// <summary>The maximum kept on a device: 22,000 recordings of 12 leads x 1000 samples.</summary>
    private const long MostBytes = 1L << 30;

    private readonly LabeledRecordings _recordings;
    private readonly Device _device;
    private readonly float[] _buffer;
    private readonly Tensor? _kept;

    /// <summary>Copies the recordings to a CUDA device, if they fit.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="batchSize">The maximum number requested at a time.</param>
    /// <param name="device">The target device.</param>
    /// <param name="keep">Whether to keep them all there; null to decide by device and size.</param>
    public ValidationSignals(LabeledRecordings recordings, int batchSize, Device device, bool? keep = null)
    {
        (_recordings, _device) = (recordings, device);
        // Garbage of a batch's size would pile up between full collections.
        _buffer = new float[Math.Min(batchSize, recordings.Count) * recordings.SamplesPerRecording];
        if (keep
            ?? (device.type == DeviceType.CUDA && (long)recordings.Count * recordings.SamplesPerRecording * sizeof(float) <= MostBytes))
            _kept = Upload(batchSize);
    }

    /// <summary>The signals (recording, lead, time) of a run of recordings, to be disposed before the next are requested.</summary>
    public Tensor Batch(int start, int count) => _kept is { } kept ? kept.narrow(0, start, count) : Copy(start, count);

    public void Dispose() => _kept?.Dispose();

    private Tensor Upload(int batchSize)
    {
        using var quiet = no_grad();
        var all = empty([_recordings.Count, _recordings.Layout.LeadCount, _recordings.Layout.Length], float32, _device)
            .DetachFromDisposeScope();
        for (var start = 0; start < _recordings.Count; start += batchSize)
        {
            var count = Math.Min(batchSize, _recordings.Count - start);
            using var batch = Copy(start, count);
            using var place = all.narrow(0, start, count);
            place.copy_(batch);
        }
        return all;
    }

    private Tensor Copy(int start, int count)
    {
        var size = count * _recordings.SamplesPerRecording;
        var samples = size == _buffer.Length ? _buffer : new float[size];
        _recordings.Samples(start, count).CopyTo(samples);
        return DeviceTransfer.ToDevice(samples, [count, _recordings.Layout.LeadCount, _recordings.Layout.Length], _device);
    }
}
