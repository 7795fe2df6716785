using System.Buffers.Binary;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Philips;

/// <summary>The representative beat, which has a rate and a resolution of its own.</summary>
internal static class PhilipsBeats
{
    /// <summary>The beat in millivolts; null if there is none or its leads differ in length, which is a warning.</summary>
    public static EcgSignal? ToSignal(List<PhilipsBeat> beats, List<string> warnings)
    {
        if (beats.Count == 0)
            return null;
        var bytes = beats[0].Samples.Length;
        if (bytes < 2 || bytes % 2 != 0 || beats.Any(b => b.Samples.Length != bytes))
        {
            warnings.Add("the leads of the representative beat differ in length or hold no whole samples; it is left out");
            return null;
        }
        var length = bytes / 2;
        var samples = new float[(long)beats.Count * length];
        var filled = length;
        for (var lead = 0; lead < beats.Count; lead++)
        {
            var last = length;
            for (var t = 0; t < length; t++)
            {
                var value = BinaryPrimitives.ReadInt16LittleEndian(beats[lead].Samples.AsSpan(2 * t));
                samples[(lead * length) + t] = (float)(value * beats[lead].Resolution / 1000);
                if (value != short.MaxValue)
                    last = t + 1;
            }
            filled = lead == 0 ? last : Math.Max(filled, last);
        }
        if (filled < length)
            warnings.Add($"the representative beat ends at sample {filled - 1}: " +
                $"the remaining {length - filled} samples hold the fill value 32767 in every lead");
        var names = LeadNames.Distinct([.. beats.Select(b => LeadNames.Recognize(b.Lead) ?? b.Lead)]);
        return new EcgSignal(samples, new SignalLayout(names, length, beats[0].SamplingRate));
    }
}
