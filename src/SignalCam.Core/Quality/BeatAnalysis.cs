using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalCam.Core.Quality;

/// <summary>
/// The beats of a recording, found in the slope of all leads together, and their mean in each lead. A detector by slope and adaptive
/// threshold after Pan and Tompkins (1985, doi 10.1109/TBME.1985.325532), without their filters: it judges a recording, and measures no
/// interval of it.
/// </summary>
internal sealed class BeatAnalysis
{
    /// <summary>The fewest beats that a mean beat is made of.</summary>
    private const int FewestBeats = 3;

    /// <summary>The most: more of a long recording would say the same.</summary>
    private const int MostBeats = 64;

    /// <summary>Seconds of the mean beat before and behind its steepest place.</summary>
    private const double Before = 0.28;
    private const double Behind = 0.44;

    private const double Smoothing = 0.05;
    private const double Refractory = 0.25;
    private const double Window = 2;

    /// <summary>How far above the mean slope, towards that of the beats, a beat must be.</summary>
    private const float Threshold = 0.4f;

    private float[] _smooth = [];
    private float[] _peaks = [];
    private float[] _template = [];
    private int[] _places = [];
    private bool[] _isBeat = [];
    private int _blocks;

    /// <summary>Where the beats are, in samples at the working rate.</summary>
    public ReadOnlySpan<int> Places => _places.AsSpan(0, Count);

    /// <summary>Beats found.</summary>
    public int Count { get; private set; }

    /// <summary>Beats in the mean beat; 0 where there are too few.</summary>
    public int Used { get; private set; }

    /// <summary>Beats a minute, from the first to the last; 0 where there are fewer than two.</summary>
    public double PerMinute { get; private set; }

    /// <summary>How many times as steep as the mean the beats are.</summary>
    public double Contrast { get; private set; }

    /// <summary>Seconds for which the mean beat's slope is above half of its highest.</summary>
    public double Width { get; private set; }

    /// <summary>Whether each block of the working signal has a beat in it.</summary>
    public ReadOnlySpan<bool> Blocks => _isBeat.AsSpan(0, _blocks);

    /// <summary>Samples of the mean beat.</summary>
    public int TemplateLength { get; private set; }

    /// <summary>Samples of the mean beat before its steepest place.</summary>
    public int TemplateCenter { get; private set; }

    /// <summary>The mean beat of a lead, in millivolt, with its mean taken off.</summary>
    public ReadOnlySpan<float> Template(int lead) => _template.AsSpan(lead * TemplateLength, TemplateLength);

    public void Find(RecordingAnalysis analysis)
    {
        var rate = analysis.Rate;
        var slope = analysis.Slope;
        (Count, Used, PerMinute, Contrast, Width, _blocks) = (0, 0, 0, 0, 0, analysis.Blocks);
        Grow(ref _isBeat, _blocks);
        _isBeat.AsSpan(0, _blocks).Clear();
        if (slope.Length < rate)
            return;
        Grow(ref _smooth, slope.Length);
        var smooth = _smooth.AsSpan(0, slope.Length);
        var mean = Smooth(slope, Math.Max(1, (int)Math.Round(Smoothing * rate)), smooth);
        var level = Level(smooth, (int)(Window * rate));
        Contrast = mean > 0 ? level / mean : 0;
        FindPeaks(smooth, mean + Threshold * (level - mean), (int)(Refractory * rate));
        if (Count > 1)
            PerMinute = 60 * rate * (Count - 1) / (_places[Count - 1] - _places[0]);
        foreach (var place in Places)
            MarkBlocks(place, (int)(0.08 * rate));
        Average(analysis);
        if (Used > 0)
            MeasureWidth(smooth, rate);
    }

    /// <summary>The mean correlation of the beats of a lead with their mean, and the mean's peak to peak.</summary>
    /// <remarks>Orphanidou et al. (2015, doi 10.1109/JBHI.2014.2338351): below 0.66 a stretch is not fit for finding its rate.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (float Correlation, float Amplitude) Compare(RecordingAnalysis analysis, int lead)
    {
        var template = Template(lead);
        var (low, high, own) = (0f, 0f, 0f);
        foreach (var value in template)
            (low, high, own) = (MathF.Min(low, value), MathF.Max(high, value), own + value * value);
        if (!(own > 0))
            return (0, 0);
        var samples = analysis.Working(lead);
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < Count && count < MostBeats; i++)
        {
            var start = _places[i] - TemplateCenter;
            if (start < 0 || start + template.Length > samples.Length)
                continue;
            var (cross, total, square) = Moments(samples.Slice(start, template.Length), template);
            var spread = square - total * total / template.Length;
            // The template's mean is 0, so that of the beat does not count.
            sum += spread > 0 ? cross / Math.Sqrt((double)spread * own) : 0;
            count++;
        }
        return ((float)(sum / Math.Max(1, count)), high - low);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Cross, float Sum, float Square) Moments(ReadOnlySpan<float> beat, ReadOnlySpan<float> template)
    {
        ref var x = ref MemoryMarshal.GetReference(beat);
        ref var y = ref MemoryMarshal.GetReference(template);
        var (lanes, t, origin) = (Vector<float>.Count, 0, Vector.Create(beat[0]));
        var (cross, sum, square) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        for (; t <= beat.Length - lanes; t += lanes)
        {
            var here = Vector.LoadUnsafe(ref x, (nuint)t) - origin;
            cross += here * Vector.LoadUnsafe(ref y, (nuint)t);
            sum += here;
            square += here * here;
        }
        var (c, s, q) = (Vector.Sum(cross), Vector.Sum(sum), Vector.Sum(square));
        for (; t < beat.Length; t++)
        {
            var here = beat[t] - origin[0];
            (c, s, q) = (c + here * template[t], s + here, q + here * here);
        }
        return (c, s, q);
    }

    /// <summary>The mean over some samples around each; gives the mean of all.</summary>
    private static float Smooth(ReadOnlySpan<float> slope, int width, Span<float> smooth)
    {
        var (sum, total, half) = (0f, 0.0, width / 2);
        for (var t = 0; t < slope.Length + half; t++)
        {
            sum += t < slope.Length ? slope[t] : 0;
            if (t >= width)
                sum -= slope[t - width];
            if (t < half)
                continue;
            // What is left of a large peak by rounding must not count as slope.
            smooth[t - half] = MathF.Max(0, sum);
            total += sum;
        }
        return (float)(total / slope.Length);
    }

    /// <summary>
    /// How steep a beat is: the median of the highest of each two seconds, rounded up, for there need not be a beat in each.
    /// </summary>
    private float Level(ReadOnlySpan<float> smooth, int window)
    {
        var count = Math.Max(1, smooth.Length / window);
        Grow(ref _peaks, count);
        var peaks = _peaks.AsSpan(0, count);
        for (var i = 0; i < count; i++)
            peaks[i] = Highest(smooth.Slice(i * window, Math.Min(window, smooth.Length - i * window)));
        peaks.Sort();
        return peaks[count / 2];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Highest(ReadOnlySpan<float> values)
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        var (lanes, t, highs, highest) = (Vector<float>.Count, 0, Vector<float>.Zero, 0f);
        for (; t <= values.Length - lanes; t += lanes)
            highs = Vector.Max(highs, Vector.LoadUnsafe(ref x, (nuint)t));
        for (var i = 0; i < lanes; i++)
            highest = MathF.Max(highest, highs[i]);
        for (; t < values.Length; t++)
            highest = MathF.Max(highest, values[t]);
        return highest;
    }

    private void FindPeaks(ReadOnlySpan<float> smooth, float threshold, int refractory)
    {
        Grow(ref _places, smooth.Length / Math.Max(1, refractory) + 2);
        for (var t = 1; t < smooth.Length - 1; t++)
        {
            var here = smooth[t];
            if (here < threshold || here < smooth[t - 1] || here <= smooth[t + 1])
                continue;
            if (Count == 0 || t - _places[Count - 1] > refractory)
                _places[Count++] = t;
            else if (here > smooth[_places[Count - 1]])
                _places[Count - 1] = t;
        }
    }

    private void MarkBlocks(int place, int reach)
    {
        // Block b holds the samples from 1 + 16 b on.
        var first = Math.Max(0, (place - reach - 1) / RecordingAnalysis.Block);
        var last = Math.Min(_blocks - 1, (place + reach - 1) / RecordingAnalysis.Block);
        for (var b = first; b <= last; b++)
            _isBeat[b] = true;
    }

    private void Average(RecordingAnalysis analysis)
    {
        (TemplateCenter, var behind) = ((int)Math.Round(Before * analysis.Rate), (int)Math.Round(Behind * analysis.Rate));
        TemplateLength = TemplateCenter + behind;
        var leads = analysis.Signal.Layout.LeadCount;
        Grow(ref _template, leads * TemplateLength);
        var whole = 0;
        foreach (var place in Places)
            whole += place >= TemplateCenter && place + behind <= analysis.Length ? 1 : 0;
        if (whole < FewestBeats)
            return;
        Used = Math.Min(whole, MostBeats);
        for (var lead = 0; lead < leads; lead++)
            AverageLead(analysis.Working(lead), _template.AsSpan(lead * TemplateLength, TemplateLength));
    }

    private void AverageLead(ReadOnlySpan<float> samples, Span<float> template)
    {
        template.Clear();
        var count = 0;
        for (var i = 0; i < Count && count < Used; i++)
        {
            var start = _places[i] - TemplateCenter;
            if (start < 0 || start + template.Length > samples.Length)
                continue;
            System.Numerics.Tensors.TensorPrimitives.Add(template, samples.Slice(start, template.Length), template);
            count++;
        }
        var (scale, mean) = (1f / count, System.Numerics.Tensors.TensorPrimitives.Sum<float>(template) / template.Length);
        for (var t = 0; t < template.Length; t++)
            template[t] = (template[t] - mean) * scale;
    }

    /// <summary>For how long the beats' slope is above half of its highest, on average.</summary>
    private void MeasureWidth(ReadOnlySpan<float> smooth, double rate)
    {
        var (total, reach) = (0, (int)(0.3 * rate));
        foreach (var place in Places)
        {
            var (half, low, high) = (smooth[place] / 2, Math.Max(0, place - reach), Math.Min(smooth.Length, place + reach));
            for (var t = low; t < high; t++)
                total += smooth[t] > half ? 1 : 0;
        }
        Width = total / (rate * Count);
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
    }
}
