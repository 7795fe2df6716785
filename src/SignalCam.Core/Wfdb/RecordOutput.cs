using System.Numerics;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

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

    /// <summary>Reserves the memory. To be called when the files, at least the first segment's, have been seen to hold what their header claims.</summary>
    /// <param name="isAllWritten">Whether every sample will be written.</param>
    public void Allocate(bool isAllWritten = false)
    {
        if (_isAllocated)
            return;
        var limit = Math.Min(most, Array.MaxLength);
        if (values > limit)
            throw new EcgFormatException(source, null, $"{values} values to read", $"at most {limit}; read a range or raise WfdbReadOptions.MaxValues");
        Reserve(isAllWritten);
        _isAllocated = true;
    }

    /// <summary>A writer for a channel, stored as this header line says.</summary>
    public abstract SampleWriter Writer(int channel, WfdbSignalSpec spec, string source);

    /// <summary>Reserves memory, filled with invalid samples unless all are written: gaps, skew and signals that a segment lacks leave some unwritten.</summary>
    protected abstract void Reserve(bool isAllWritten);
}

/// <summary>Millivolt, lead-major.</summary>
internal sealed class MillivoltOutput(string source, int channels, long frames, int samplesPerFrame, long most)
    : RecordOutput(source, (Int128)channels * frames * samplesPerFrame, most)
{
    /// <summary>Channels x samples, once allocated.</summary>
    public float[] Values { get; private set; } = [];

    protected override void Reserve(bool isAllWritten)
    {
        Values = GC.AllocateUninitializedArray<float>((int)(channels * frames * samplesPerFrame));
        if (!isAllWritten)
            Values.AsSpan().Fill(float.NaN);
    }

    public override SampleWriter Writer(int channel, WfdbSignalSpec spec, string source) =>
        new MillivoltWriter(this, channel * frames, samplesPerFrame, spec, spec.EffectiveGain * UnitsPerMillivolt(spec, source));

    /// <summary>What the signal's unit is of a millivolt.</summary>
    public static double UnitsPerMillivolt(WfdbSignalSpec spec, string source)
    {
        if (spec.Units is null)
            return 1;
        if (!VoltageUnits.TryGetMillivolt(spec.Units, out var millivolt))
            throw new EcgFormatException(source, null, $"unit {spec.Units} of signal '{spec.Description ?? spec.FileName}'",
                "mV, uV, nV or V; select the other signals by WfdbReadOptions.Channels, or read it by EcgFile, which sets other signals aside");
        // 1 / 1e-3 is 1000 exactly, and so is every other unit's.
        return 1 / millivolt;
    }

    private sealed class MillivoltWriter(MillivoltOutput output, long startFrame, int outputPerFrame, WfdbSignalSpec spec, double gain) : SampleWriter
    {
        private readonly double _baseline = spec.EffectiveBaseline;
        private readonly int _invalid = spec.Format.InvalidSample();

        public override void Write<T>(ReadOnlySpan<T> frames, FrameSlot slot, long at)
        {
            var count = frames.Length / slot.FrameSize;
            var target = output.Values.AsSpan((int)(startFrame + at) * outputPerFrame, count * outputPerFrame);
            if (outputPerFrame == slot.Count)
            {
                for (var k = 0; k < slot.Count; k++)
                    Copy(frames, slot.Start + k, slot.FrameSize, target, k, slot.Count);
                return;
            }
            for (var frame = 0; frame < count; frame++)
                target[frame] = Mean(frames.Slice(frame * slot.FrameSize + slot.Start, slot.Count));
        }

        /// <summary>The hot path: for twelve interleaved leads it runs once per lead.</summary>
        private void Copy<T>(ReadOnlySpan<T> from, int fromStart, int fromStep, Span<float> to, int toStart, int toStep)
            where T : unmanaged, IBinaryInteger<T>
        {
            var (baseline, scale, invalid) = (_baseline, gain, _invalid);
            for (int i = fromStart, j = toStart; j < to.Length; i += fromStep, j += toStep)
            {
                var sample = int.CreateTruncating(from[i]);
                to[j] = sample == invalid ? float.NaN : (float)((sample - baseline) / scale);
            }
        }

        private float Mean<T>(ReadOnlySpan<T> samples)
            where T : unmanaged, IBinaryInteger<T>
        {
            var sum = 0.0;
            foreach (var raw in samples)
            {
                var sample = int.CreateTruncating(raw);
                sum += sample == _invalid ? double.NaN : sample;
            }
            return (float)((sum / samples.Length - _baseline) / gain);
        }
    }
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
        if (spec.EffectiveGain != first.EffectiveGain || spec.EffectiveBaseline != first.EffectiveBaseline || (spec.Units ?? "mV") != (first.Units ?? "mV"))
            throw new EcgFormatException(source, null, $"signal '{spec.Description}' scaled as {Scale(spec)}", $"{Scale(first)}, as elsewhere in the recording; physical values can still be read");
        return new DigitalWriter(this, channel, spec);
    }

    private static string Scale(WfdbSignalSpec spec) => FormattableString.Invariant($"{spec.EffectiveGain}({spec.EffectiveBaseline})/{spec.Units ?? "mV"}");

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
