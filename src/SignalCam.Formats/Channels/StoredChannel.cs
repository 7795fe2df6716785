using SignalCam.Abstractions;

namespace SignalCam.Formats.Channels;

/// <summary>A channel as a file holds it, before it is known which channels make up the signal.</summary>
/// <param name="Name">Its name as the file states it.</param>
/// <param name="Lead">The ECG lead; null for another signal.</param>
/// <param name="Unit">Its unit as the file states it.</param>
/// <param name="SamplingRate">Samples per second.</param>
/// <param name="Samples">Values in <paramref name="Unit"/>, or in millivolts where <paramref name="InMillivolt"/>; a missing sample is
/// NaN.</param>
/// <param name="InMillivolt">Whether the values are in millivolts.</param>
internal sealed record StoredChannel(string Name, string? Lead, string? Unit, double SamplingRate, float[] Samples, bool InMillivolt)
{
    /// <summary>The channel as one that is not part of the signal: in its own unit.</summary>
    public EcgChannel ToOther()
    {
        if (!InMillivolt || VoltageUnit.Millivolts(Unit) is not { } millivolt)
            return new EcgChannel(Name, InMillivolt ? "mV" : Unit, SamplingRate, Samples);
        var own = new float[Samples.Length];
        for (var t = 0; t < own.Length; t++)
            own[t] = (float)(Samples[t] / millivolt);
        return new EcgChannel(Name, Unit, SamplingRate, own);
    }
}
