using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>
/// Brings any recording to one layout, such as the one that a model was trained with: leads, then sampling rate, then length.
/// </summary>
/// <remarks>
/// See <see cref="LeadMap"/>, <see cref="Resampler"/> and <see cref="SignalLength"/> for what each step does. Thread-safe.
/// </remarks>
internal sealed class SignalAdapter
{
    private readonly LengthPolicy _lengthPolicy;

    /// <summary>Creates the adapter.</summary>
    /// <param name="wanted">The layout that every recording is to have.</param>
    /// <param name="lengthPolicy">
    /// What may be done to a recording that is too long or too short at the wanted rate; by default it is refused.
    /// </param>
    public SignalAdapter(SignalLayout wanted, LengthPolicy lengthPolicy = LengthPolicy.Exact)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        Wanted = wanted;
        _lengthPolicy = lengthPolicy;
    }

    /// <summary>The layout that every recording is brought to.</summary>
    public SignalLayout Wanted { get; }

    /// <summary>The recording in the wanted layout.</summary>
    /// <param name="signal">A recording in millivolts; stays as it is.</param>
    /// <returns>A recording in millivolts whose layout equals <see cref="Wanted"/>; the same instance when it has it already.</returns>
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
