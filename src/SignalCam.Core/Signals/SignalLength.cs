using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>What may be done to a recording that is too long or too short. <see cref="Crop"/> and <see cref="Pad"/> go together.</summary>
[Flags]
public enum LengthPolicy
{
    /// <summary>
    /// The default: nothing but to make up for one sample, as a change of the sampling rate may leave: the last one is taken away or
    /// repeated.
    /// </summary>
    Exact = 0,

    /// <summary>
    /// A recording that is too long loses as many samples at its start as at its end (one more at its end where the number is odd).
    /// </summary>
    Crop = 1,

    /// <summary>A recording that is too short stays where it is, and zeros follow.</summary>
    Pad = 2,

    /// <summary>
    /// A recording that is too long is slid over: the model looks at it window by window. For classifiers, which make one answer of the
    /// windows';
    /// <see cref="SignalLength"/> itself knows one window alone.
    /// </summary>
    Slide = 4,
}

/// <summary>Fits recordings to a number of samples.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal static class SignalLength
{
    /// <summary>The recording with the wanted number of samples per lead.</summary>
    /// <param name="signal">A recording; stays as it is.</param>
    /// <param name="length">Wanted samples per lead, at least 1.</param>
    /// <param name="policy">What may be done; one sample more or less is made up for in any case.</param>
    /// <returns>Same leads and rate, millivolt; the same instance when it has this length already.</returns>
    /// <exception cref="SignalMismatchException">
    /// The length differs by more than the policy makes up for; the message says both.
    /// </exception>
    public static EcgSignal Fit(EcgSignal signal, int length, LengthPolicy policy = LengthPolicy.Exact)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var excess = signal.Length - length;
        if (excess == 0)
            return signal;
        var remedy = excess > 0 ? LengthPolicy.Crop : LengthPolicy.Pad;
        if (Math.Abs(excess) > 1 && !policy.HasFlag(remedy))
            throw new SignalMismatchException(string.Create(CultureInfo.InvariantCulture,
                $"the recording has {signal.Length} samples per lead at {signal.SamplingRate} Hz, {length} are wanted; "
                + $"LengthPolicy.{remedy} allows to {(excess > 0 ? "cut it" : "fill it up with zeros")}"));
        var samples = new float[checked(signal.Layout.LeadCount * length)];
        var from = StartOf(signal.Length, length);
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
        {
            var fitted = samples.AsSpan(lead * length, length);
            var kept = signal.Lead(lead).Slice(from, Math.Min(length, signal.Length));
            kept.CopyTo(fitted);
            if (excess == -1)
                fitted[^1] = kept[^1];
        }
        return new EcgSignal(samples, new SignalLayout(signal.Leads, length, signal.SamplingRate));
    }

    /// <summary>Samples that a recording loses at its start when it is cropped; 0 where it is not too long.</summary>
    internal static int StartOf(int found, int wanted) => Math.Max(0, (found - wanted) / 2);
}
