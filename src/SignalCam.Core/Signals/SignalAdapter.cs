using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>
/// Converts any recording to one layout, such as the input of a model: leads, then sampling rate, then length.
/// </summary>
/// <remarks>
/// See <see cref="LeadMap"/>, <see cref="Resampler"/> and <see cref="SignalLength"/> for what each step does. Thread-safe.
/// </remarks>
internal sealed class SignalAdapter
{
    private readonly LengthPolicy _lengthPolicy;

    /// <summary>Creates the adapter.</summary>
    /// <param name="wanted">The layout to convert to.</param>
    /// <param name="lengthPolicy">
    /// How a recording that is too long or too short at the target rate is handled; by default it is refused.
    /// </param>
    public SignalAdapter(SignalLayout wanted, LengthPolicy lengthPolicy = LengthPolicy.Exact)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        Wanted = wanted;
        _lengthPolicy = lengthPolicy;
    }

    /// <summary>The target layout.</summary>
    public SignalLayout Wanted { get; }

    /// <summary>The recording in the target layout.</summary>
    /// <param name="signal">A recording in millivolts; not changed.</param>
    /// <returns>A recording in millivolts whose layout equals <see cref="Wanted"/>; the same instance if it already has that
    /// layout.</returns>
    /// <exception cref="SignalMismatchException">
    /// A lead is missing and cannot be derived, the length policy does not allow its length, or samples are missing in the part to
    /// resample or cut.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The rates are more than 1000 times apart.</exception>
    public EcgSignal Adapt(EcgSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        // Leads first: there is no use in resampling some that are not wanted.
        var withLeads = LeadMap.Select(signal, Wanted.Leads);
        var withRate = Resampler.Resample(withLeads, Wanted.SamplingRate);
        var adapted = SignalLength.Fit(withRate, Wanted.Length, _lengthPolicy);
        SignalGaps.Refuse(adapted, withLeads);
        return adapted;
    }
}
