using SignalCam.Formats.Xml;

namespace SignalCam.Formats.Philips;

/// <summary>The content of a Philips document.</summary>
internal sealed class PhilipsDocument : RestingEcgDocument
{
    public string? Version { get; set; }

    /// <summary>Hz, from signalcharacteristics; parsedwaveforms may state its own.</summary>
    public double? SamplingRate { get; set; }

    /// <summary>Microvolt per unit, from signalcharacteristics; parsedwaveforms may state its own.</summary>
    public double? Resolution { get; set; }

    public PhilipsWaveforms? Waveforms { get; set; }

    public List<PhilipsBeat> Beats { get; } = [];
}

/// <summary>The element parsedwaveforms.</summary>
/// <param name="Position">Its line, for errors.</param>
/// <param name="LeadLabels">Names of the leads; null if the file does not state them (1.03).</param>
/// <param name="Milliseconds">Duration of each lead.</param>
/// <param name="IsXli">Whether the bytes are compressed by XLI.</param>
/// <param name="Compression">What the file states as compression.</param>
/// <param name="Bytes">The decoded Base64.</param>
internal sealed record PhilipsWaveforms(
    string Position, IReadOnlyList<string>? LeadLabels, double? Milliseconds, bool IsXli, string? Compression, byte[] Bytes);

/// <summary>The representative beat of one lead.</summary>
/// <param name="Lead">The lead's name.</param>
/// <param name="SamplingRate">Samples per second.</param>
/// <param name="Resolution">Microvolt per unit.</param>
/// <param name="Samples">16-bit samples, little endian.</param>
internal sealed record PhilipsBeat(string Lead, double SamplingRate, double Resolution, byte[] Samples);
