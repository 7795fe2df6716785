using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>
/// Changes the sampling rate of recordings: anti-aliased by a windowed-sinc low-pass (Kaiser window) in polyphase form
/// (Crochiere and Rabiner 1981, doi 10.1109/PROC.1981.11969), without shift in time.
/// </summary>
/// <remarks>
/// <para>With N = half of the lower of the two rates: frequencies up to 0.8 N pass unchanged to 0.01 percent, those from N on are
/// attenuated by at least 80 dB, so that 50 Hz mains does not fold into a 100 Hz recording. 500 Hz to 100 Hz keeps 0 to 40 Hz, which is
/// what the 100 Hz recordings of PTB-XL hold of their 500 Hz originals.</para>
/// <para>The filter is symmetric: sample i of the result lies at the time i / rate of the recording, and a constant stays that constant.
/// Before the first and behind the last sample the lead goes on by odd reflection (2 x[0] - x[k]), which continues value and slope, so that
/// an offset or a drift starts no transient; the filter reaches 27 samples of the lower rate to each side.</para>
/// <para>Any two rates go: those whose ratio is up / down with both at most 2048 exactly; others (249.89 Hz) with each sample placed
/// to the nearest 1 / 4096 of a sample of the lower rate, which does not add up over a long recording.</para>
/// <para>A sample that is not a number makes those in the filter's reach not a number. Safe for concurrent callers.</para>
/// </remarks>
internal static class Resampler
{
    /// <summary>The recording at another sampling rate.</summary>
    /// <param name="signal">A recording; stays as it is.</param>
    /// <param name="samplingRate">Samples per second and lead of the result.</param>
    /// <returns>
    /// <see cref="LengthAfter"/> samples per lead in millivolt, same leads; the same instance when it has the rate already.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate is not a positive number, or more than 1000 times above or below the recording's.
    /// </exception>
    public static EcgSignal Resample(EcgSignal signal, double samplingRate)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal.SamplingRate.Equals(samplingRate))
            return signal;
        var length = LengthAfter(signal.Length, signal.SamplingRate, samplingRate);
        var samples = new float[checked(signal.Layout.LeadCount * length)];
        for (var lead = 0; lead < signal.Layout.LeadCount; lead++)
            Resample(signal.Lead(lead), signal.SamplingRate, samples.AsSpan(lead * length, length), samplingRate);
        return new EcgSignal(samples, new SignalLayout(signal.Leads, length, samplingRate));
    }

    /// <summary>
    /// Writes one lead at another sampling rate; sample i of the result lies at the time i / <paramref name="destinationRate"/>.
    /// </summary>
    /// <param name="lead">At least one sample.</param>
    /// <param name="samplingRate">Samples per second of <paramref name="lead"/>.</param>
    /// <param name="destination">As many samples as <see cref="LengthAfter"/> says; must not overlap <paramref name="lead"/>.</param>
    /// <param name="destinationRate">Samples per second of <paramref name="destination"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate is not a positive number, or one is more than 1000 times the other.</exception>
    /// <exception cref="ArgumentException">There is no sample, or <paramref name="destination"/> has another length.</exception>
    public static void Resample(ReadOnlySpan<float> lead, double samplingRate, Span<float> destination, double destinationRate)
    {
        if (lead.IsEmpty)
            throw new ArgumentException("a lead has at least one sample", nameof(lead));
        var length = LengthAfter(lead.Length, samplingRate, destinationRate);
        if (destination.Length != length)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{lead.Length} samples at {samplingRate} Hz make {length} at {destinationRate} Hz; "
                    + $"there is room for {destination.Length}"),
                nameof(destination));
        var bank = PolyphaseFilter.For(samplingRate, destinationRate);
        if (bank.KeepsRate)
        {
            lead.CopyTo(destination);
            return;
        }
        var extended = ArrayPool<double>.Shared.Rent(checked(lead.Length + (2 * bank.Reach)));
        try
        {
            var samples = extended.AsSpan(0, lead.Length + (2 * bank.Reach));
            TensorPrimitives.ConvertTruncating(lead, samples.Slice(bank.Reach, lead.Length));
            ExtendByOddReflection(samples, bank.Reach);
            bank.Apply(samples, destination);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(extended);
        }
    }

    /// <summary>
    /// Samples after a change of the rate: length x new rate / old rate, rounded to the nearest (half away from zero), at least 1.
    /// </summary>
    /// <param name="length">Samples before, at least 1.</param>
    /// <param name="samplingRate">Samples per second before.</param>
    /// <param name="destinationRate">Samples per second after.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no sample, a rate is not a positive number, or one is more than 1000 times the other.
    /// </exception>
    /// <exception cref="OverflowException">The result is more than an array can hold.</exception>
    public static int LengthAfter(int length, double samplingRate, double destinationRate)
    {
        const double largestRatio = 1000;
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ThrowIfNoRate(samplingRate, nameof(samplingRate));
        ThrowIfNoRate(destinationRate, nameof(destinationRate));
        if (Math.Max(samplingRate, destinationRate) / Math.Min(samplingRate, destinationRate) > largestRatio)
            throw new ArgumentOutOfRangeException(
                nameof(destinationRate), destinationRate,
                string.Create(CultureInfo.InvariantCulture,
                    $"a recording at {samplingRate} Hz can be brought to "
                    + $"{samplingRate / largestRatio} to {samplingRate * largestRatio} Hz"));
        // The product first: 2570 x 100 / 257 is exactly 1000.
        return Math.Max(1, checked((int)Math.Round(length * destinationRate / samplingRate, MidpointRounding.AwayFromZero)));
    }

    private static void ThrowIfNoRate(double rate, string name)
    {
        if (!(rate > 0) || double.IsInfinity(rate))
            throw new ArgumentOutOfRangeException(name, rate, "a sampling rate is a positive, finite number of samples per second");
    }

    /// <summary>
    /// Fills <paramref name="reach"/> values at both ends. Where the lead is shorter than that, its reflections are reflected again.
    /// </summary>
    private static void ExtendByOddReflection(Span<double> samples, int reach)
    {
        var (first, last) = (reach, samples.Length - reach - 1);
        if (first == last)
        {
            samples.Fill(samples[first]);
            return;
        }
        // Both ends in step: what one end reflects beyond the lead is there, as the other end wrote it in an earlier round.
        for (var k = 1; k <= reach; k++)
        {
            samples[first - k] = (2 * samples[first]) - samples[first + k];
            samples[last + k] = (2 * samples[last]) - samples[last - k];
        }
    }
}
