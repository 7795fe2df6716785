using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>
/// What the built-in checks know of a recording, measured once for all of them: statistics of each lead, blocks of noise and baseline,
/// beats and their mean. A check asks for the analysis of its recording by <see cref="Of"/>; the first one computes it.
/// </summary>
/// <remarks>One for each thread, whose arrays are used again: in the steady state nothing is allocated.</remarks>
internal sealed class RecordingAnalysis
{
    /// <summary>Samples of a block, at <see cref="Rate"/>: a multiple of every vector's width.</summary>
    public const int Block = 16;

    // A day of twelve leads would stay in memory for as long as its thread lives.
    private const int LargestKept = 1 << 22;

    private const double LowestRate = 100;

    [ThreadStatic]
    private static RecordingAnalysis? s_own;

    private readonly ResidualNoise _residual = new();
    private readonly WeakReference<EcgSignal?> _analysed = new(null);
    private float[] _working = [];
    private float[] _noise = [];
    private float[] _baseline = [];
    private float[] _slope = [];
    private LeadStatistics[] _leads = [];
    private EcgSignal _signal = null!;
    private bool _isCopied;

    private RecordingAnalysis()
    {
    }

    /// <summary>Samples per second of the working signal: 100 to 200, or the recording's own where that is lower.</summary>
    public double Rate { get; private set; }

    /// <summary>Samples of each lead of the working signal.</summary>
    public int Length { get; private set; }

    /// <summary>Seconds of the recording.</summary>
    public double Seconds { get; private set; }

    /// <summary>Whole blocks of each lead.</summary>
    public int Blocks { get; private set; }

    /// <summary>The recording, at its own rate.</summary>
    public EcgSignal Signal => _signal;

    /// <summary>What is known of each lead, in the recording's order.</summary>
    public ReadOnlySpan<LeadStatistics> Leads => _leads.AsSpan(0, _signal.Layout.LeadCount);

    /// <summary>The beats of all leads together.</summary>
    public BeatAnalysis Beats { get; } = new();

    /// <summary>Where the twelve standard leads are.</summary>
    public StandardLeadPlaces Places { get; } = new();

    /// <summary>The sum over the leads of the slope's size, in millivolt a sample: one value a sample.</summary>
    public ReadOnlySpan<float> Slope => _slope.AsSpan(0, Length);

    /// <summary>The analysis of a recording; valid until this thread asks for that of another one.</summary>
    public static RecordingAnalysis Of(EcgRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var own = s_own ??= new RecordingAnalysis();
        if (own._analysed.TryGetTarget(out var last) && ReferenceEquals(last, recording.Signal))
            return own;
        if (own._working.Length > LargestKept)
            s_own = own = new RecordingAnalysis();
        own._analysed.SetTarget(null);
        own.Run(recording.Signal);
        own._analysed.SetTarget(recording.Signal);
        return own;
    }

    /// <summary>A lead of the working signal, in millivolt: decimated, and without gaps.</summary>
    public ReadOnlySpan<float> Working(int lead) => _isCopied ? _working.AsSpan(lead * Length, Length) : _signal.Lead(lead);

    /// <summary>
    /// The mean size of the second difference in each block of a lead, which grows with what is above a quarter of <see cref="Rate"/>:
    /// millivolt.
    /// </summary>
    public ReadOnlySpan<float> Noise(int lead) => _noise.AsSpan(lead * Blocks, Blocks);

    /// <summary>The mean of each block of a lead: millivolt.</summary>
    public ReadOnlySpan<float> Baseline(int lead) => _baseline.AsSpan(lead * Blocks, Blocks);

    private void Run(EcgSignal signal)
    {
        _signal = signal;
        var leads = signal.Layout.LeadCount;
        var factor = Math.Max(1, (int)(signal.SamplingRate / LowestRate));
        (Rate, Length, Seconds) = (signal.SamplingRate / factor, signal.Length / factor, signal.Length / signal.SamplingRate);
        Blocks = Math.Max(0, (Length - 2) / Block);
        Grow(ref _leads, leads);
        Grow(ref _noise, leads * Blocks);
        Grow(ref _baseline, leads * Blocks);
        Grow(ref _slope, Length);
        _slope.AsSpan(0, Length).Clear();
        Places.Find(signal.Layout);
        var hasGaps = false;
        for (var lead = 0; lead < leads; lead++)
        {
            LeadMeasures.Measure(signal.Lead(lead), ref _leads[lead]);
            hasGaps |= _leads[lead].Missing > 0;
        }
        _isCopied = factor > 1 || hasGaps;
        if (_isCopied)
            Copy(signal, factor);
        for (var lead = 0; lead < leads; lead++)
            MeasureBlocks(lead);
        Beats.Find(this);
        for (var lead = 0; lead < leads; lead++)
        {
            LeadMeasures.MeasureShape(this, lead, ref _leads[lead]);
            _residual.Measure(this, lead, ref _leads[lead]);
        }
    }

    private void Copy(EcgSignal signal, int factor)
    {
        Grow(ref _working, checked(signal.Layout.LeadCount * Length));
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
        {
            var target = _working.AsSpan(lead * Length, Length);
            if (factor == 1)
                signal.Lead(lead).CopyTo(target);
            else
                Decimate(signal.Lead(lead), factor, target);
            if (_leads[lead].Missing > 0)
                Bridge(target);
        }
    }

    /// <summary>The mean of every <paramref name="factor"/> samples.</summary>
    private static void Decimate(ReadOnlySpan<float> source, int factor, Span<float> target)
    {
        var scale = 1f / factor;
        for (int t = 0, at = 0; t < target.Length; t++)
        {
            var sum = 0f;
            for (var end = at + factor; at < end; at++)
                sum += source[at];
            target[t] = sum * scale;
        }
    }

    /// <summary>Keeps the last value where samples are missing, so that the rest of the lead can be measured.</summary>
    private static void Bridge(Span<float> samples)
    {
        var last = 0f;
        foreach (var sample in samples)
            if (float.IsFinite(sample))
            {
                last = sample;
                break;
            }
        for (var t = 0; t < samples.Length; t++)
            if (float.IsFinite(samples[t]))
                last = samples[t];
            else
                samples[t] = last;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MeasureBlocks(int lead)
    {
        ref var x = ref MemoryMarshal.GetReference(Working(lead));
        ref var slope = ref MemoryMarshal.GetArrayDataReference(_slope);
        var (lanes, half, blocks) = (Vector<float>.Count, Vector.Create(0.5f), Blocks);
        for (var b = 0; b < blocks; b++)
        {
            var (noise, sum) = (Vector<float>.Zero, Vector<float>.Zero);
            for (int t = 1 + b * Block, end = t + Block; t < end; t += lanes)
            {
                var before = Vector.LoadUnsafe(ref x, (nuint)(t - 1));
                var here = Vector.LoadUnsafe(ref x, (nuint)t);
                var after = Vector.LoadUnsafe(ref x, (nuint)(t + 1));
                sum += here;
                noise += Vector.Abs(here - half * (before + after));
                (Vector.LoadUnsafe(ref slope, (nuint)t) + Vector.Abs(after - before)).StoreUnsafe(ref slope, (nuint)t);
            }
            _noise[lead * blocks + b] = Vector.Sum(noise) * (1f / Block);
            _baseline[lead * blocks + b] = Vector.Sum(sum) * (1f / Block);
        }
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
    }
}
