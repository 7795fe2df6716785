using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Muse;

/// <summary>The content of a MUSE document.</summary>
internal sealed class MuseDocument : RestingEcgDocument
{
    public List<MuseWaveform> Waveforms { get; } = [];
}

/// <summary>A Waveform element: leads with one sampling rate.</summary>
internal sealed class MuseWaveform
{
    public string? Type { get; set; }

    /// <summary>SampleBase and SampleExponent: the rate is base x 10^exponent.</summary>
    public double? SampleBase { get; set; }

    public int SampleExponent { get; set; }

    public List<MuseLead> Leads { get; } = [];

    public Dictionary<string, string> Filters { get; } = [];

    public bool Is(string type) => string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A LeadData element.</summary>
/// <param name="Id">The lead's name.</param>
/// <param name="Unit">"MICROVOLTS".</param>
/// <param name="MillivoltPerBit">What one unit of a sample is worth.</param>
/// <param name="Samples">16-bit samples as stored, little endian.</param>
internal sealed record MuseLead(string Id, string Unit, double MillivoltPerBit, byte[] Samples)
{
    public int Length => Samples.Length / 2;
}
