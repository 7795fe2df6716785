using System.Numerics;
using SignalCam.Abstractions;

namespace SignalCam.Core.Synthetic;

/// <summary>
/// A generator of 12-lead ECGs with planted abnormalities: the heart as a dipole of Gaussian waves (McSharry et al. 2003,
/// doi 10.1109/TBME.2003.808805; Sameni et al. 2007, doi 10.1155/2007/43407), seen by the leads through Dower's matrix
/// (Clin. Cardiol. 3:87, 1980). For demonstrations and tests; it models what abnormalities look like, not how often they are.
/// </summary>
public static class SyntheticEcg
{
    // How quickly ST sets in after QRS, in seconds.
    private const double SegmentEdge = 0.012;

    /// <summary>
    /// The abnormalities that can be planted, as PTB-XL statements: infarcts, ST/T changes, bundle branch blocks, hypertrophies.
    /// </summary>
    public static IReadOnlyList<string> Statements { get; } = [.. Pathology.All.Select(p => p.Statement)];

    /// <summary>Makes a recording.</summary>
    /// <param name="options">What to make; what is null there is drawn.</param>
    /// <param name="random">The only source of randomness: the same state gives the same recording.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a statement is unknown.</exception>
    public static SyntheticRecording Generate(SyntheticOptions options, EcgRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Check(options);
        // Each part has a source of its own, so that the same seed with and without an abnormality differs in nothing else.
        var patientSeed = random.NextUInt64();
        var (rhythmRandom, shapeRandom, noiseRandom) = (
            new EcgRandom(random.NextUInt64()), new EcgRandom(random.NextUInt64()), new EcgRandom(random.NextUInt64()));
        var heartRate = rhythmRandom.Uniform(55, 95);
        var (wander, muscle) = (LogUniform(noiseRandom, 0.01, 0.2), LogUniform(noiseRandom, 0.004, 0.03));

        var anatomy = Anatomy.Of(options.PatientSeed ?? patientSeed);
        var beats = Rhythm.Draw(options.HeartRate ?? heartRate, options.Seconds, rhythmRandom);
        var (normal, shape) = (BeatShape.Normal(anatomy), BeatShape.Normal(anatomy));
        var planted = new List<(Pathology What, double Strength)>();
        foreach (var pathology in options.Statements.Select(Pathology.Of))
        {
            var strength = options.Strength ?? shapeRandom.Uniform(0.3, 1);
            pathology.Change(shape, (float)strength, shapeRandom);
            planted.Add((pathology, strength));
        }

        var affected = Affected(beats, options, new EcgRandom(random.NextUInt64()));
        var length = (int)Math.Round(options.Seconds * options.SamplingRate);
        var leads =
            Project(Dipole(beats.Select((b, i) => (b, affected[i] ? shape : normal)), length, options.SamplingRate), anatomy.LeadField);
        ElectrodeNoise.AddTo(leads, options.SamplingRate, options.BaselineWander ?? wander, options.MuscleNoise ?? muscle, noiseRandom);
        var signal = new EcgSignal(Quantise(leads), new SignalLayout(SignalLayout.StandardLeads, length, options.SamplingRate));
        return new SyntheticRecording(signal)
        {
            Findings = [.. planted.Select(p => Finding(p.What, p.Strength, shape, beats.Where((_, i) => affected[i]), options.Seconds))],
            Intervals = IntervalsOf(shape, anatomy, [.. beats.Where(b => b.Time > 0 && b.Time < options.Seconds)]),
        };
    }

    private static SyntheticIntervals IntervalsOf(BeatShape shape, Anatomy anatomy, Beat[] beats) => new(
        beats.Length < 2 ? double.NaN : 60 * (beats.Length - 1) / (beats[^1].Time - beats[0].Time),
        anatomy.PrInterval + shape.QrsStart,
        shape.QrsEnd - shape.QrsStart,
        beats.Select(b => shape.RecoveryEnd(b.Rr) - shape.QrsStart).DefaultIfEmpty(double.NaN).Average());

    internal static void Check(SyntheticOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Between(options.SamplingRate, 50, 100_000, nameof(options.SamplingRate));
        Between(options.Seconds, 1, 3600, nameof(options.Seconds));
        Between(options.Strength ?? 1, 0, 1, nameof(options.Strength));
        Between(options.AffectedBeats, 0.01, 1, nameof(options.AffectedBeats));
        Between(options.HeartRate ?? 60, 30, 200, nameof(options.HeartRate));
        Between(options.BaselineWander ?? 0, 0, 5, nameof(options.BaselineWander));
        Between(options.MuscleNoise ?? 0, 0, 5, nameof(options.MuscleNoise));
    }

    private static void Between(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"allowed are {low} to {high}"));
    }

    /// <summary>
    /// Which beats show the abnormalities: each by chance, and one of those that are wholly in the recording in any case.
    /// </summary>
    private static bool[] Affected(List<Beat> beats, SyntheticOptions options, EcgRandom random)
    {
        bool[] affected = [.. beats.Select(_ => random.Chance(options.AffectedBeats))];
        int[] whole = [.. Enumerable.Range(0, beats.Count).Where(i => beats[i].Time > 0.3 && beats[i].Time < options.Seconds - 0.6)];
        if (whole.Length > 0)
            affected[whole[random.Below(whole.Length)]] = true;
        return affected;
    }

    private static Vector3[] Dipole(IEnumerable<(Beat Beat, BeatShape Shape)> beats, int length, double samplingRate)
    {
        var dipole = new Vector3[length];
        foreach (var (beat, shape) in beats)
        {
            foreach (var wave in shape.Atria.Concat(shape.Ventricles))
                Add(dipole, samplingRate, beat, wave);
            var end = shape.RecoveryEnd(beat.Rr);
            var recovery = end - shape.QrsEnd;
            // T rises more slowly than it falls, and ends three standard deviations after its peak.
            Add(dipole, samplingRate, beat, new Wave(shape.Repolarisation, end - 0.3 * recovery, 0.19 * recovery, 0.115 * recovery));
            AddSegment(dipole, samplingRate, beat, shape.Segment, shape.QrsEnd, end - 0.32 * recovery);
        }
        return dipole;
    }

    private static void Add(Vector3[] dipole, double samplingRate, Beat beat, Wave wave)
    {
        var center = beat.Time + wave.Center;
        var (first, last) = Samples(center - 4.5 * wave.Rise, center + 4.5 * wave.Fall, samplingRate, dipole.Length);
        for (var t = first; t <= last; t++)
        {
            var x = t / samplingRate - center;
            x /= x < 0 ? wave.Rise : wave.Fall;
            dipole[t] += (float)(beat.Gain * Math.Exp(-0.5 * x * x)) * wave.Peak;
        }
    }

    /// <summary>A plateau with smooth edges: quick at the J point, slow into the T wave.</summary>
    private static void AddSegment(Vector3[] dipole, double samplingRate, Beat beat, Vector3 level, double start, double end)
    {
        if (level == Vector3.Zero)
            return;
        var (first, last) = Samples(beat.Time + start - 0.06, beat.Time + end + 0.25, samplingRate, dipole.Length);
        for (var t = first; t <= last; t++)
        {
            var x = t / samplingRate - beat.Time;
            var plateau = 1 / ((1 + Math.Exp((start - x) / SegmentEdge)) * (1 + Math.Exp((x - end) / (3 * SegmentEdge))));
            dipole[t] += (float)(beat.Gain * plateau) * level;
        }
    }

    private static (int First, int Last) Samples(double start, double end, double samplingRate, int length) =>
        (Math.Max(0, (int)Math.Ceiling(start * samplingRate)), Math.Min(length - 1, (int)(end * samplingRate)));

    private static double[][] Project(Vector3[] dipole, Vector3[] field)
    {
        var leads = new double[field.Length][];
        for (var lead = 0; lead < field.Length; lead++)
        {
            leads[lead] = new double[dipole.Length];
            for (var t = 0; t < dipole.Length; t++)
                leads[lead][t] = Vector3.Dot(field[lead], dipole[t]);
        }
        return leads;
    }

    /// <summary>
    /// I, II, V1 to V6 to twelve leads of whole microvolts; I and II even, so that the halves in aVR, aVL and aVF are whole too.
    /// </summary>
    private static float[] Quantise(double[][] leads)
    {
        var length = leads[0].Length;
        var samples = new float[12 * length];
        for (var t = 0; t < length; t++)
        {
            var i = 2 * Microvolts(leads[0][t] / 2);
            var ii = 2 * Microvolts(leads[1][t] / 2);
            ReadOnlySpan<int> limbs = [i, ii, ii - i, -(i + ii) / 2, i - ii / 2, ii - i / 2];
            for (var lead = 0; lead < 12; lead++)
                samples[lead * length + t] = (lead < 6 ? limbs[lead] : Microvolts(leads[lead - 4][t])) / 1000f;
        }
        return samples;
    }

    private static int Microvolts(double millivolt) => (int)Math.Round(1000 * millivolt);

    private static SyntheticFinding Finding(Pathology what, double strength, BeatShape shape, IEnumerable<Beat> beats, double seconds)
    {
        var start = what.Part == BeatPart.WholeVentricle ? shape.QrsStart : shape.QrsEnd;
        var intervals = beats
            .Select(b => new TimeInterval(Math.Max(0, b.Time + start), Math.Min(seconds, b.Time + shape.RecoveryEnd(b.Rr))))
            .Where(i => i.End > i.Start)
            .Select(i => new TimeInterval(Math.Round(i.Start, 4), Math.Round(i.End, 4)));
        return new SyntheticFinding(what.Class, what.Statement, Math.Round(strength, 4), what.Leads, [.. intervals]);
    }

    internal static double LogUniform(EcgRandom random, double low, double high) => low * Math.Pow(high / low, random.Uniform());
}
