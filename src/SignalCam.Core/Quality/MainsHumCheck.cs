using System.ComponentModel.DataAnnotations;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "mains-hum".</summary>
public sealed class MainsHumOptions
{
    /// <summary>Amplitude of the hum in a lead, in mV, from which it is reported. Default 0.05.</summary>
    [Range(0.0, 100.0)]
    public double Highest { get; set; } = 0.05;

    /// <summary>
    /// How many times the amplitude at 55 Hz it must be, where no mains hums and every QRS complex has its share. Default 3.
    /// </summary>
    [Range(1.0, 100.0)]
    public double OverNeighbour { get; set; } = 3;
}

/// <summary>
/// Hum of the mains: the amplitude of the lines at 50 and 60 Hz in windows of a second, at the recording's own rate (Goertzel 1958,
/// doi 10.2307/2310304; as a quality index Clifford et al. 2012). Recordings of less than 130 Hz cannot hold the lines and are not looked
/// at.
/// </summary>
internal sealed class MainsHumCheck(MainsHumOptions options) : IRecordingCheck
{
    private const double LowestRate = 130;
    private static readonly double[] s_lines = [50, 60, 55];

    [ThreadStatic]
    private static Tables? s_tables;

    public string Name => "mains-hum";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var signal = recording.Signal;
        if (signal.SamplingRate < LowestRate || signal.Length < signal.SamplingRate)
            return [];
        var (analysis, tables) = (RecordingAnalysis.Of(recording), s_tables);
        if (tables is null || tables.Rate != signal.SamplingRate)
            s_tables = tables = new Tables(signal.SamplingRate);
        Span<double> amplitudes = stackalloc double[s_lines.Length];
        var leads = new LeadList(signal.Leads);
        var (highest, line) = (0.0, 0);
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
        {
            if (analysis.Leads[lead].Missing > 0)
                continue;
            Measure(signal.Lead(lead), analysis.Leads[lead].Mean, tables, amplitudes);
            var larger = amplitudes[0] >= amplitudes[1] ? 0 : 1;
            if (amplitudes[larger] < options.Highest || amplitudes[larger] < options.OverNeighbour * amplitudes[2])
                continue;
            leads.Add(lead);
            if (amplitudes[larger] > highest)
                (highest, line) = (amplitudes[larger], larger);
        }
        if (leads.Count == 0)
            return [];
        var findings = new FindingList();
        findings.Add(
            "mains-hum", FindingSeverity.Warning,
            $"{leads.Subject()} {leads.Verb("has", "have")} hum of the mains at {s_lines[line]:0} Hz, {Told.Millivolt(highest)} high.",
            leads.Names, highest);
        return findings.All;
    }

    /// <summary>The mean amplitude at 50, 60 and 55 Hz over windows of a second.</summary>
    internal static void Measure(ReadOnlySpan<float> samples, float mean, double rate, Span<double> amplitudes) =>
        Measure(samples, mean, new Tables(rate), amplitudes);

    private static void Measure(ReadOnlySpan<float> samples, float mean, Tables tables, Span<double> amplitudes)
    {
        var windows = samples.Length / tables.Length;
        for (var line = 0; line < amplitudes.Length; line++)
        {
            var sum = 0.0;
            var (cosine, sine) = (2 * line, 2 * line + 1);
            for (var w = 0; w < windows; w++)
            {
                var window = samples.Slice(w * tables.Length, tables.Length);
                var (c, s) = Products(window, tables.Of(cosine), tables.Of(sine));
                (c, s) = (c - mean * tables.SumOf(cosine), s - mean * tables.SumOf(sine));
                sum += Math.Sqrt((double)c * c + (double)s * s);
            }
            amplitudes[line] = 2 * sum / ((double)windows * tables.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Cosine, float Sine) Products(ReadOnlySpan<float> samples, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        ref var x = ref MemoryMarshal.GetReference(samples);
        ref var c = ref MemoryMarshal.GetReference(cosines);
        ref var s = ref MemoryMarshal.GetReference(sines);
        var (lanes, t, ofCosine, ofSine) = (Vector<float>.Count, 0, Vector<float>.Zero, Vector<float>.Zero);
        for (; t <= samples.Length - lanes; t += lanes)
        {
            var here = Vector.LoadUnsafe(ref x, (nuint)t);
            ofCosine += here * Vector.LoadUnsafe(ref c, (nuint)t);
            ofSine += here * Vector.LoadUnsafe(ref s, (nuint)t);
        }
        var (cosine, sine) = (Vector.Sum(ofCosine), Vector.Sum(ofSine));
        for (; t < samples.Length; t++)
            (cosine, sine) = (cosine + samples[t] * cosines[t], sine + samples[t] * sines[t]);
        return (cosine, sine);
    }

    /// <summary>Cosines and sines of the lines over a second; the same for every recording of a rate.</summary>
    private sealed class Tables
    {
        private readonly float[] _values;
        private readonly float[] _sums;

        public Tables(double rate)
        {
            (Rate, Length) = (rate, (int)Math.Round(rate));
            (_values, _sums) = (new float[2 * s_lines.Length * Length], new float[2 * s_lines.Length]);
            for (var row = 0; row < _sums.Length; row++)
            {
                for (var t = 0; t < Length; t++)
                {
                    var angle = 2 * Math.PI * s_lines[row / 2] * t / rate;
                    _values[row * Length + t] = (float)(row % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle));
                }
                _sums[row] = System.Numerics.Tensors.TensorPrimitives.Sum<float>(Of(row));
            }
        }

        public double Rate { get; }

        public int Length { get; }

        public ReadOnlySpan<float> Of(int row) => _values.AsSpan(row * Length, Length);

        public float SumOf(int row) => _sums[row];
    }
}
