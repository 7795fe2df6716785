using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Scoring;

/// <summary>A recording in the leads and rate of a model, with the windows that the model looks at.</summary>
internal sealed class AdaptedRecording
{
    private readonly EcgSignal _signal;
    private readonly SignalLayout _input;

    private AdaptedRecording(EcgSignal signal, SignalLayout input, int[] starts, double start, int kept)
    {
        (_signal, _input, Starts, Kept) = (signal, input, starts, kept);
        Stretch = new EcgStretch(start, kept / input.SamplingRate);
    }

    /// <summary>Where each window starts, in samples from the stretch's first.</summary>
    public int[] Starts { get; }

    /// <summary>Samples of the stretch: all of them the recording's, none of them padding.</summary>
    public int Kept { get; }

    /// <summary>Which part of the recording is looked at.</summary>
    public EcgStretch Stretch { get; }

    /// <summary>The stretch in millivolt, without padding.</summary>
    public EcgSignal Signal => Kept == _signal.Length ? _signal : Cut(0, Kept);

    /// <summary>Adapts a recording: leads, then rate, then length.</summary>
    /// <param name="recording">Samples in millivolt.</param>
    /// <param name="input">What the model takes.</param>
    /// <param name="policy">What may be done to a recording of another length.</param>
    /// <param name="step">Samples from one window to the next where it is slid over.</param>
    /// <exception cref="SignalMismatchException">
    /// A lead is not there and cannot be derived, the rates are too far apart, the length is not what the policy makes up for, or samples
    /// are missing from what was resampled or cut.
    /// </exception>
    public static AdaptedRecording Of(EcgSignal recording, SignalLayout input, LengthPolicy policy, int step)
    {
        var stored = LeadMap.Select(recording, input.Leads);
        var signal = Resample(stored, input.SamplingRate);
        var excess = signal.Length - input.Length;
        if (excess > 1 && policy.HasFlag(LengthPolicy.Slide))
        {
            SignalGaps.Refuse(signal, stored);
            return new AdaptedRecording(signal, input, WindowStarts(signal.Length, input.Length, step), 0, signal.Length);
        }
        var fitted = SignalLength.Fit(signal, input.Length, policy & ~LengthPolicy.Slide);
        SignalGaps.Refuse(fitted, stored);
        return new AdaptedRecording(fitted, input, [0], SignalLength.StartOf(signal.Length, input.Length) / input.SamplingRate,
            Math.Min(signal.Length, input.Length));
    }

    /// <summary>The samples of a window, lead-major.</summary>
    /// <param name="window">Which window.</param>
    /// <param name="scratch">Room for an input of the model, used where the window is a part of the recording.</param>
    public ReadOnlySpan<float> Window(int window, Span<float> scratch)
    {
        if (_signal.Length == _input.Length)
            return _signal.Samples.Span;
        for (var lead = 0; lead < _input.LeadCount; lead++)
            _signal.Lead(lead).Slice(Starts[window], _input.Length).CopyTo(scratch.Slice(lead * _input.Length, _input.Length));
        return scratch;
    }

    /// <summary>A window as a recording.</summary>
    public EcgSignal WindowSignal(int window) => _signal.Length == _input.Length ? _signal : Cut(Starts[window], _input.Length);

    private EcgSignal Cut(int start, int length)
    {
        var samples = new float[_input.LeadCount * length];
        for (var lead = 0; lead < _input.LeadCount; lead++)
            _signal.Lead(lead).Slice(start, length).CopyTo(samples.AsSpan(lead * length));
        return new EcgSignal(samples, new SignalLayout(_input.Leads, length, _input.SamplingRate));
    }

    private static EcgSignal Resample(EcgSignal signal, double rate)
    {
        try
        {
            return Resampler.Resample(signal, rate);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new SignalMismatchException(
                FormattableString.Invariant($"{signal.Layout} cannot be brought to {rate} Hz: {e.Message}"), [], e);
        }
    }

    /// <summary>Windows every <paramref name="step"/> samples, and one at the very end where those leave a rest.</summary>
    private static int[] WindowStarts(int length, int window, int step)
    {
        var last = length - window;
        var starts = new int[(last + step - 1) / step + 1];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = Math.Min(i * step, last);
        return starts;
    }
}
