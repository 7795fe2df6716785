using System.Numerics;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Wfdb;

/// <summary>The conversion of an output channel.</summary>
/// <param name="PerFrame">Samples that the output has of each frame: those of the signal, or one, which is their mean.</param>
/// <param name="IsMillivolt">Whether it is a lead; any other channel keeps its unit.</param>
/// <param name="Units">The unit that the recording states for it.</param>
internal readonly record struct OutputRow(int PerFrame, bool IsMillivolt, string? Units);

/// <summary>
/// Physical values: all leads in one array, lead-major in millivolts, and each other channel in an array and a unit of its own.
/// </summary>
internal sealed class PhysicalOutput(string source, IReadOnlyList<OutputRow> rows, long frames, long most)
    : RecordOutput(source, frames * rows.Aggregate((Int128)0, (sum, row) => sum + row.PerFrame), most)
{
    private readonly float[][] _arrays = new float[rows.Count][];
    private readonly int[] _starts = new int[rows.Count];

    /// <summary>Leads x samples, once allocated.</summary>
    public float[] Leads { get; private set; } = [];

    /// <summary>The samples of a channel that is not a lead.</summary>
    public float[] Channel(int row) => _arrays[row];

    protected override void Reserve(bool isAllWritten)
    {
        Leads = New(frames * rows.Where(r => r.IsMillivolt).Sum(r => (long)r.PerFrame), isAllWritten);
        var start = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            _arrays[i] = rows[i].IsMillivolt ? Leads : New(frames * rows[i].PerFrame, isAllWritten);
            _starts[i] = rows[i].IsMillivolt ? start : 0;
            start += rows[i].IsMillivolt ? (int)frames * rows[i].PerFrame : 0;
        }
    }

    private static float[] New(long length, bool isAllWritten)
    {
        var values = GC.AllocateUninitializedArray<float>((int)length);
        if (!isAllWritten)
            values.AsSpan().Fill(float.NaN);
        return values;
    }

    public override SampleWriter Writer(int channel, WfdbSignalSpec spec, string source)
    {
        if (rows[channel].IsMillivolt)
            return new PhysicalWriter(this, channel, spec, spec.EffectiveGain * UnitsPerMillivolt(spec, source));
        if (spec.Units is { } unit && rows[channel].Units is { } stated && !unit.Equals(stated, StringComparison.OrdinalIgnoreCase))
            throw new EcgFormatException(source, null, $"signal '{spec.Description}' in {unit}",
                $"{stated}, as elsewhere in the recording");
        return new PhysicalWriter(this, channel, spec, spec.EffectiveGain);
    }

    /// <summary>The size of the signal's unit in millivolts.</summary>
    public static double UnitsPerMillivolt(WfdbSignalSpec spec, string source)
    {
        if (spec.Units is null)
            return 1;
        if (!VoltageUnits.TryGetMillivolt(spec.Units, out var millivolt))
            throw new EcgFormatException(source, null, $"unit {spec.Units} of signal '{spec.Description ?? spec.FileName}'",
                "mV, uV, nV or V; select the other signals by WfdbReadOptions.Channels, or use EcgFile, which sets them aside");
        // 1 / 1e-3 is 1000 exactly, and so is every other unit's.
        return 1 / millivolt;
    }

    private sealed class PhysicalWriter(PhysicalOutput output, int row, WfdbSignalSpec spec, double gain) : SampleWriter
    {
        private readonly double _baseline = spec.EffectiveBaseline;
        private readonly int _invalid = spec.Format.InvalidSample();
        private readonly int _perFrame = output.PerFrame(row);

        public override void Write<T>(ReadOnlySpan<T> frames, FrameSlot slot, long at)
        {
            var count = frames.Length / slot.FrameSize;
            var target = output._arrays[row].AsSpan(output._starts[row] + (int)at * _perFrame, count * _perFrame);
            if (_perFrame == slot.Count)
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

        /// <summary>
        /// The mean of digital values, truncated like in the wfdb package for Python; NaN where one of them is invalid.
        /// </summary>
        private float Mean<T>(ReadOnlySpan<T> samples)
            where T : unmanaged, IBinaryInteger<T>
        {
            var sum = 0L;
            foreach (var raw in samples)
            {
                var sample = int.CreateTruncating(raw);
                if (sample == _invalid)
                    return float.NaN;
                sum += sample;
            }
            return (float)((sum / samples.Length - _baseline) / gain);
        }
    }

    private int PerFrame(int row) => rows[row].PerFrame;
}
