using System.Numerics;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Where the samples of one signal are within a frame.</summary>
internal readonly record struct FrameSlot(int Start, int Count, int FrameSize);

/// <summary>Takes the samples of one signal out of multiplexed frames.</summary>
internal abstract class SampleWriter
{
    /// <summary>Takes the signal's samples of some frames.</summary>
    /// <param name="frames">Whole frames, all signals of the file.</param>
    /// <param name="slot">Where the signal is in each frame.</param>
    /// <param name="at">The frame of the output that the first one becomes.</param>
    public abstract void Write<T>(ReadOnlySpan<T> frames, FrameSlot slot, long at)
        where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>Holds what is read: the channels that were asked for, over the range that was asked for.</summary>
/// <param name="source">The recording's name for messages.</param>
/// <param name="values">Values to hold.</param>
/// <param name="most">The most that the caller wants to hold.</param>
internal abstract class RecordOutput(string source, Int128 values, long most)
{
    private bool _isAllocated;

    /// <summary>
    /// Reserves the memory. To be called when the files, at least the first segment's, have been seen to hold what their header claims.
    /// </summary>
    /// <param name="isAllWritten">Whether every sample will be written.</param>
    public void Allocate(bool isAllWritten = false)
    {
        if (_isAllocated)
            return;
        var limit = Math.Min(most, Array.MaxLength);
        if (values > limit)
            throw new EcgFormatException(
                source, null, $"{values} values to read", $"at most {limit}; read a range or raise WfdbReadOptions.MaxValues");
        Reserve(isAllWritten);
        _isAllocated = true;
    }

    /// <summary>A writer for a channel, stored as this header line says.</summary>
    public abstract SampleWriter Writer(int channel, WfdbSignalSpec spec, string source);

    /// <summary>
    /// Reserves memory, filled with invalid samples unless all are written: gaps, skew and signals that a segment lacks leave some
    /// unwritten.
    /// </summary>
    protected abstract void Reserve(bool isAllWritten);
}

/// <summary>Digital values, one array per channel.</summary>
internal sealed class DigitalOutput(string source, IReadOnlyList<WfdbSignalSpec> specs, long frames, long most)
    : RecordOutput(source, (Int128)frames * specs.Sum(s => (long)s.SamplesPerFrame), most)
{
    private readonly int[][] _samples = new int[specs.Count][];

    public int[] Samples(int channel) => _samples[channel];

    protected override void Reserve(bool isAllWritten)
    {
        for (var channel = 0; channel < specs.Count; channel++)
        {
            _samples[channel] = GC.AllocateUninitializedArray<int>((int)frames * specs[channel].SamplesPerFrame);
            if (!isAllWritten)
                _samples[channel].AsSpan().Fill(WfdbRecording.InvalidSample);
        }
    }

    public override SampleWriter Writer(int channel, WfdbSignalSpec spec, string source)
    {
        var first = specs[channel];
        if (spec.EffectiveGain != first.EffectiveGain || spec.EffectiveBaseline != first.EffectiveBaseline
            || (spec.Units ?? "mV") != (first.Units ?? "mV"))
            throw new EcgFormatException(source, null, $"signal '{spec.Description}' scaled as {Scale(spec)}",
                $"{Scale(first)}, as elsewhere in the recording; physical values can still be read");
        return new DigitalWriter(this, channel, spec);
    }

    private static string Scale(WfdbSignalSpec spec) =>
        FormattableString.Invariant($"{spec.EffectiveGain}({spec.EffectiveBaseline})/{spec.Units ?? "mV"}");

    private sealed class DigitalWriter(DigitalOutput output, int channel, WfdbSignalSpec spec) : SampleWriter
    {
        private readonly int _invalid = spec.Format.InvalidSample();

        public override void Write<T>(ReadOnlySpan<T> frames, FrameSlot slot, long at)
        {
            var target = output._samples[channel].AsSpan((int)at * slot.Count, frames.Length / slot.FrameSize * slot.Count);
            for (var k = 0; k < slot.Count; k++)
                for (int i = slot.Start + k, j = k; j < target.Length; i += slot.FrameSize, j += slot.Count)
                {
                    var sample = int.CreateTruncating(frames[i]);
                    target[j] = sample == _invalid ? WfdbRecording.InvalidSample : sample;
                }
        }
    }
}
