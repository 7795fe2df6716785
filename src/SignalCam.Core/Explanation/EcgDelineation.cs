using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Explanation;

/// <summary>A part of the heart beat.</summary>
internal enum EcgWave
{
    /// <summary>Between beats.</summary>
    None,

    /// <summary>Where the P wave and the PR interval are expected.</summary>
    P,

    /// <summary>Where the QRS complex is expected.</summary>
    Qrs,

    /// <summary>Where the ST segment and the T wave are expected.</summary>
    T,
}

/// <summary>Where the beats of a recording are, and which part of a beat each sample belongs to.</summary>
/// <remarks>
/// <para>Beats are found as by Pan and Tompkins (1985, doi 10.1109/TBME.1985.325532): the slopes of all leads are squared, added and
/// integrated over 120 ms, and what rises above a threshold between the signal's and the noise's level is a beat, at least 250 ms after
/// the last. In place of their running levels, which need time to settle, the threshold is one for the recording: it is for recordings
/// of some ten seconds.</para>
/// <para>The parts are windows and not measured onsets: P from 240 to 60 ms before the R peak, QRS to 60 ms after it, ST and T from there
/// until 440 ms times the square root of RR after QRS began (Bazett's form, with the upper end of a normal QT), never past 65 % of RR.
/// So a part says where a wave is to be expected, not that there is one: atrial fibrillation has no P wave, a wide QRS ends in the T
/// window, early beats overlap the T wave before them. Enough to say in which part of the beat a map's mass lies; not for measuring
/// intervals.</para>
/// </remarks>
/// <param name="Peaks">The R peaks, as samples.</param>
/// <param name="Waves">One per sample.</param>
internal sealed record EcgDelineation(IReadOnlyList<int> Peaks, EcgWave[] Waves)
{
    private const double Integration = 0.12;
    private const double Refractory = 0.25;
    private const double ThresholdShare = 0.3;
    private const double LevelWindow = 1.5;
    private const double Search = 0.075;

    /// <summary>Finds the beats of a recording.</summary>
    /// <param name="signal">Any leads, in millivolt or any other unit, at 50 Hz or more; baseline wander does not matter.</param>
    public static EcgDelineation Of(EcgSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var energy = Integrate(SquaredSlopes(signal), Samples(signal, Integration));
        var peaks = Beats(energy, signal).Select(beat => Refine(signal, beat)).Distinct().ToArray();
        return new EcgDelineation(peaks, Mark(peaks, signal.Length, signal.SamplingRate));
    }

    /// <summary>A mask of the samples of a part.</summary>
    public bool[] Mask(EcgWave wave) => Array.ConvertAll(Waves, w => w == wave);

    private static int Samples(EcgSignal signal, double seconds) => Math.Max(1, (int)Math.Round(seconds * signal.SamplingRate));

    private static double[] SquaredSlopes(EcgSignal signal)
    {
        var energy = new double[signal.Length];
        // About 20 ms to either side: at 100 Hz the next but one sample, which is where Pan and Tompkins' derivative reaches.
        var reach = Samples(signal, 0.02);
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
        {
            var samples = signal.Samples.Span.Slice(lead * signal.Length, signal.Length);
            for (var t = reach; t < samples.Length - reach; t++)
            {
                var slope = (double)samples[t + reach] - samples[t - reach];
                energy[t] += slope * slope;
            }
        }
        return energy;
    }

    private static double[] Integrate(double[] energy, int width)
    {
        var result = new double[energy.Length];
        var sums = new double[energy.Length + 1];
        for (var t = 0; t < energy.Length; t++)
            sums[t + 1] = sums[t] + energy[t];
        for (var t = 0; t < energy.Length; t++)
        {
            var (start, end) = (Math.Max(0, t - width / 2), Math.Min(energy.Length, t - width / 2 + width));
            result[t] = (sums[end] - sums[start]) / width;
        }
        return result;
    }

    private static List<int> Beats(double[] energy, EcgSignal signal)
    {
        var (window, refractory) = (Samples(signal, LevelWindow), Samples(signal, Refractory));
        var level =
            OrderStatistics.Median([.. energy.Chunk(window).Where(c => c.Length == window || energy.Length < window).Select(c => c.Max())]);
        var noise = OrderStatistics.Median(energy);
        var threshold = noise + ThresholdShare * (level - noise);
        var beats = new List<int>();
        if (!(level > noise))
            return beats;
        for (var t = 0; t < energy.Length; t++)
        {
            if (energy[t] <= threshold)
                continue;
            if (beats.Count == 0 || t - beats[^1] >= refractory)
                beats.Add(t);
            else if (energy[t] > energy[beats[^1]])
                beats[^1] = t;
        }
        return beats;
    }

    /// <summary>The sample near a beat at which the leads together are farthest from their level around it.</summary>
    private static int Refine(EcgSignal signal, int beat)
    {
        var (near, around) = (Samples(signal, Search), Samples(signal, 4 * Search));
        var (first, last) = (Math.Max(0, beat - near), Math.Min(signal.Length - 1, beat + near));
        var (from, to) = (Math.Max(0, beat - around), Math.Min(signal.Length, beat + around + 1));
        var height = new double[last - first + 1];
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
        {
            var samples = signal.Samples.Span.Slice(lead * signal.Length, signal.Length);
            var level = OrderStatistics.Median(Array.ConvertAll(samples[from..to].ToArray(), v => (double)v));
            for (var t = first; t <= last; t++)
                height[t - first] += (samples[t] - level) * (samples[t] - level);
        }
        return first + Array.IndexOf(height, height.Max());
    }

    private static EcgWave[] Mark(int[] peaks, int length, double samplingRate)
    {
        var waves = new EcgWave[length];
        var rr = peaks.Zip(peaks.Skip(1), (a, b) => (b - a) / samplingRate).ToArray();
        var usual = rr.Length > 0 ? OrderStatistics.Median(rr) : 1;
        // Later marks win: P gives way to T of the beat before, both to QRS.
        for (var i = 0; i < peaks.Length; i++)
            Fill(peaks[i], -0.24, -0.06, EcgWave.P);
        for (var i = 0; i < peaks.Length; i++)
        {
            var next = i < rr.Length ? rr[i] : usual;
            Fill(peaks[i], 0.06, Math.Min(0.44 * Math.Sqrt(next) - 0.06, 0.65 * next), EcgWave.T);
        }
        foreach (var peak in peaks)
            Fill(peak, -0.06, 0.06, EcgWave.Qrs);
        return waves;

        void Fill(int peak, double start, double end, EcgWave wave)
        {
            var (first, last) = (peak + (int)Math.Round(start * samplingRate), peak + (int)Math.Round(end * samplingRate));
            first = Math.Clamp(first, 0, length);
            waves.AsSpan(first, Math.Max(0, Math.Clamp(last, 0, length) - first)).Fill(wave);
        }
    }
}
