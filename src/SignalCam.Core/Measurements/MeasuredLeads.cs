using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Measurements;

/// <summary>The leads of a recording that can be measured, at a rate that is fine enough for milliseconds.</summary>
/// <param name="Names">Canonical names.</param>
/// <param name="Samples">In millivolt, by lead, then by time.</param>
/// <param name="Rate">Samples a second.</param>
internal sealed record MeasuredLeads(IReadOnlyList<string> Names, float[][] Samples, double Rate)
{
    private const double FineRate = 500;
    private const double LowestRate = 80;
    private const double HighestRate = 1100;

    public int Length => Samples[0].Length;

    public int Count => Samples.Length;

    /// <summary>A number of samples, at least one.</summary>
    public int Of(double seconds) => Math.Max(1, (int)Math.Round(seconds * Rate));

    /// <summary>Null where no lead has a signal, or the rate is too low or cannot be brought to one that is fine enough.</summary>
    public static MeasuredLeads? TryCreate(EcgSignal recording)
    {
        var usable = Enumerable.Range(0, recording.Layout.LeadCount).Where(lead => HasSignal(recording.Lead(lead))).ToArray();
        if (usable.Length == 0 || recording.SamplingRate < LowestRate || recording.Length < 2 * recording.SamplingRate)
            return null;
        var samples = new float[usable.Length * recording.Length];
        for (var i = 0; i < usable.Length; i++)
            recording.Lead(usable[i]).CopyTo(samples.AsSpan(i * recording.Length));
        var chosen = new EcgSignal(
            samples, new SignalLayout([.. usable.Select(lead => recording.Leads[lead])], recording.Length, recording.SamplingRate));
        if (recording.SamplingRate is < FineRate or > HighestRate)
        {
            try
            {
                chosen = Resampler.Resample(chosen, FineRate);
            }
            catch (ArgumentOutOfRangeException)
            {
                // A rate without a ratio to 500 that the resampler takes.
                return null;
            }
        }
        return new MeasuredLeads(
            [.. chosen.Leads.Select(LeadNames.Canonical)],
            [.. Enumerable.Range(0, usable.Length).Select(lead => chosen.Lead(lead).ToArray())], chosen.SamplingRate);
    }

    private static bool HasSignal(ReadOnlySpan<float> lead)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in lead)
        {
            if (!float.IsFinite(value))
                return false;
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return high - low > 1e-6f;
    }
}
