namespace SignalCam.Core.Wfdb;

/// <summary>A recording as it is stored: digital values of each signal.</summary>
internal sealed class WfdbRecording
{
    /// <summary>Marks an invalid sample: marked so in the file, in a gap, or beyond the file's end because of a skew.</summary>
    public const int InvalidSample = int.MinValue;

    internal WfdbRecording(WfdbHeader header, IReadOnlyList<WfdbDigitalSignal> signals)
    {
        Header = header;
        Signals = signals;
    }

    /// <summary>The record's header.</summary>
    public WfdbHeader Header { get; }

    /// <summary>The signals that were read, in the requested order.</summary>
    public IReadOnlyList<WfdbDigitalSignal> Signals { get; }
}

/// <summary>The digital values of one signal.</summary>
internal sealed class WfdbDigitalSignal
{
    internal WfdbDigitalSignal(WfdbSignalSpec spec, string name, double samplingRate, int[] samples)
    {
        Spec = spec;
        Name = name;
        SamplingRate = samplingRate;
        Samples = samples;
    }

    /// <summary>The signal's line in the header; of the layout or the first segment for a multi-segment recording.</summary>
    public WfdbSignalSpec Spec { get; }

    /// <summary>
    /// The signal's name: its description with standard leads spelled the usual way (AVR as aVR), made distinct within the record.
    /// </summary>
    public string Name { get; }

    /// <summary>Samples per second: the frame rate times the samples per frame.</summary>
    public double SamplingRate { get; }

    /// <summary>
    /// Digital values; an invalid sample is <see cref="WfdbRecording.InvalidSample"/>, whatever the format marks it with.
    /// </summary>
    public int[] Samples { get; }

    /// <summary>The samples in the unit that <see cref="Spec"/> states, (digital - baseline) / gain; an invalid sample is NaN.</summary>
    public double[] ToPhysical()
    {
        var (baseline, gain) = ((double)Spec.EffectiveBaseline, Spec.EffectiveGain);
        return Array.ConvertAll(Samples, sample => sample == WfdbRecording.InvalidSample ? double.NaN : (sample - baseline) / gain);
    }
}
