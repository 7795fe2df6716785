using System.Buffers.Binary;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace ThirdParty.Tests.Formats;

// "STRIP 250 I,II,V1\n", then 16-bit samples in microvolts, little-endian, all leads of a sample together.
// services.AddSignalCam().AddFormat<StripFormat, StripOptions>("strip");

public sealed class StripOptions
{
    [Range(1, 100_000)]
    public int MaxSeconds { get; set; } = 86_400;
}

public sealed class StripFormat(StripOptions limits) : IEcgFormat
{
    private const short Missing = short.MinValue;

    private static ReadOnlySpan<byte> Magic => "STRIP "u8;

    public string Name => "strip";

    public bool Recognizes(EcgFileSource file) => file.Head.Span.StartsWith(Magic);

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        var bytes = file.ReadAll(options.MaxBytes).Span;
        var end = bytes.IndexOf((byte)'\n');
        var words = end < 0 ? [] : Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        if (words.Length != 3 || !double.TryParse(words[1], CultureInfo.InvariantCulture, out var rate) || !(rate is > 0 and <= 10_000))
            throw new EcgFormatException(file.Name, "line 1", "no rate and leads", "STRIP RATE LEADS");
        var leads = words[2].Split(',');
        var body = bytes[(end + 1)..];
        var length = body.Length / (2 * leads.Length);
        if (length == 0 || body.Length % (2 * leads.Length) != 0 || length > rate * limits.MaxSeconds)
            throw new EcgFormatException(file.Name, $"byte {end + 1}", $"{body.Length} bytes", $"whole samples of {leads.Length} leads");
        var samples = new float[leads.Length * length];
        for (var t = 0; t < length; t++)
            for (var lead = 0; lead < leads.Length; lead++)
            {
                var stored = BinaryPrimitives.ReadInt16LittleEndian(body[(2 * (t * leads.Length + lead))..]);
                samples[lead * length + t] = stored == Missing ? float.NaN : stored / 1000f;
            }
        return new EcgRecording(new EcgSignal(samples, new SignalLayout(leads, length, rate)), Name)
        {
            Units = [.. leads.Select(_ => "uV")],
        };
    }
}
