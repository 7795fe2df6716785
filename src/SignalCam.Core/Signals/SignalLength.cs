using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>How to handle a recording that is too long or too short. <see cref="Crop"/> and <see cref="Pad"/> go together.</summary>
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

    /// <summary>A recording that is too short is padded with zeros at its end.</summary>
    Pad = 2,

    /// <summary>
    /// A recording that is too long is scored window by window: For classifiers, which combine the answers of the windows; <see
    /// cref="SignalLength"/> itself knows one window alone.
    /// </summary>
    Slide = 4,
}

/// <summary>Fits recordings to a number of samples.</summary>
/// <remarks>Thread-safe.</remarks>
internal static class SignalLength
{
    /// <summary>The recording with the requested number of samples per lead.</summary>
    /// <param name="signal">A recording; not changed.</param>
    /// <param name="length">Requested samples per lead, at least 1.</param>
    /// <param name="policy">The allowed changes; a difference of one sample is always compensated.</param>
    /// <returns>Same leads and rate, millivolt; the same instance when it has this length already.</returns>
    /// <exception cref="SignalMismatchException">
    /// The length differs by more than the policy allows; the message states both.
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
                $"the recording has {signal.Length} samples per lead at {signal.SamplingRate} Hz, {length} are expected; "
                + $"LengthPolicy.{remedy} {(excess > 0 ? "cuts it" : "fills it up with zeros")}"));
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
