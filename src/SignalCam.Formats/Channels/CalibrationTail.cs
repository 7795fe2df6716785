using SignalCam.Abstractions;

namespace SignalCam.Formats.Channels;

/// <summary>
/// What Philips recorders append to the patient's signal: zeros and, in every lead, a calibration pulse of 1 mV for 0.2 s. No field of
/// the files states it; it is detected because all leads are equal there.
/// </summary>
/// <param name="PatientSamples">Samples of the patient, from the beginning.</param>
/// <param name="PulseStart">First sample of the pulse.</param>
/// <param name="PulseEnd">First sample after the pulse.</param>
/// <param name="SamplingRate">Samples per second.</param>
internal sealed record CalibrationTail(int PatientSamples, int PulseStart, int PulseEnd, double SamplingRate)
{
    private const int FewestLeads = 3;
    private const float PulseMillivolts = 1;
    private const double PulseSeconds = 0.2;
    private const float Equal = 0.011f;
    private const float Near = 0.05f;

    /// <summary>The warning of a recording that has such an end.</summary>
    public string Warning =>
        FormattableString.Invariant(
            $"the patient's signal ends after {PatientSamples / SamplingRate:0.###} s (sample {PatientSamples - 1}); ")
        + FormattableString.Invariant(
            $"the rest is zeros and a 1 mV calibration pulse in every lead (samples {PulseStart} to {PulseEnd - 1})");

    /// <summary>The end of a recording; null if the patient's signal continues to the last sample.</summary>
    public static CalibrationTail? Find(EcgSignal signal)
    {
        if (signal.Layout.LeadCount < FewestLeads)
            return null;
        var start = signal.Length;
        while (start > 0 && LeadsAreEqual(signal, start - 1))
            start--;
        var first = signal.Lead(0);
        int? pulseStart = null;
        var pulseEnd = 0;
        for (var t = start; t < first.Length; t++)
        {
            if (Math.Abs(first[t] - PulseMillivolts) > Near)
                continue;
            pulseStart ??= t;
            pulseEnd = t + 1;
        }
        var shortest = PulseSeconds * signal.SamplingRate * 0.9;
        return pulseStart is { } begin && begin > start && pulseEnd - begin >= shortest && pulseEnd - begin <= shortest * 1.3
            ? new CalibrationTail(start, begin, pulseEnd, signal.SamplingRate)
            : null;
    }

    private static bool LeadsAreEqual(EcgSignal signal, int t)
    {
        var samples = signal.Samples.Span;
        for (var lead = 1; lead < signal.Layout.LeadCount; lead++)
            if (!(Math.Abs(samples[(lead * signal.Length) + t] - samples[t]) <= Equal))
                return false;
        return true;
    }
}
