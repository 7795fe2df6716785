using System.Buffers.Binary;
using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Ishne;

/// <summary>
/// ISHNE Holter (F. Badilini, Ann Noninvasive Electrocardiol 3:263, 1998): an ambulatory recording of up to twelve leads.
/// </summary>
internal sealed class IshneFormat : IEcgFormat
{
    private const string Signature = "ISHNE1.0";
    private const string BeatSignature = "ANN  1.0";

    /// <inheritdoc/>
    public string Name => "ishne";

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) =>
        file.Head.Span.StartsWith("ISHNE1.0"u8) || file.Head.Span.StartsWith("ANN  1.0"u8);

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        var bytes = file.ReadAll(options.MaxBytes).Span;
        if (bytes.StartsWith("ANN  1.0"u8))
            throw new EcgFormatException(file.Name, "byte 0", $"'{BeatSignature}', a list of beats without ECG", Signature);
        List<string> warnings = [];
        var header = IshneHeader.Parse(file.Name, bytes);
        CheckCrc(file.Name, bytes, header, options, warnings);
        var frames = Frames(file.Name, bytes.Length, header, options, warnings);
        ValueLimit.Require(file.Name, header.Leads.Count, frames, options);
        var channels = Channels(bytes[header.EcgOffset..], header, frames, cancellationToken);
        var split = SignalOfChannels.From(channels)
            ?? throw new EcgFormatException(file.Name, "byte 206", "leads without a resolution",
                "nanovolts per unit, by which samples are volts");
        foreach (var lead in header.Leads)
            lead.AddWarnings(warnings);
        return new EcgRecording(split.Signal, Name)
        {
            Start = header.Start(warnings),
            Units = split.Units,
            OtherChannels = split.Others,
            Metadata = header.Metadata,
            Patient = options.IncludePatient ? header.Patient(bytes) : new Dictionary<string, string>(),
            Warnings = [.. warnings, .. split.Warnings],
        };
    }

    private static void CheckCrc(string file, ReadOnlySpan<byte> bytes, IshneHeader header, EcgReadOptions options, List<string> warnings)
    {
        var crc = Crc16.Of(bytes[IshneHeader.CrcBegin..header.EcgOffset]);
        if (crc == header.Crc)
            return;
        if (!options.Lenient)
            throw new EcgFormatException(file, "byte 8", $"CRC {header.Crc:X4}", $"{crc:X4}, as the header and the variable block have it");
        warnings.Add($"the header states CRC {header.Crc:X4}, its bytes have {crc:X4}");
    }

    /// <summary>
    /// Samples of each lead. Most writers state those of one lead, some those of all leads together: the file's size tells.
    /// </summary>
    private static long Frames(string file, int fileLength, IshneHeader header, EcgReadOptions options, List<string> warnings)
    {
        var frameBytes = 2L * header.Leads.Count;
        var there = (fileLength - header.EcgOffset) / frameBytes;
        if (there == 0)
            throw new EcgFormatException(file, Byte(header.EcgOffset), $"{fileLength - header.EcgOffset} bytes of ECG",
                $"at least {frameBytes}");
        if (header.SampleCount == there || header.SampleCount == there * header.Leads.Count)
            return there;
        var found = $"{there} samples of each of {header.Leads.Count} leads";
        if (header.SampleCount > 0 && header.SampleCount < there)
        {
            warnings.Add($"{found} where the header states {header.SampleCount}; the rest is not read");
            return header.SampleCount;
        }
        if (!options.Lenient)
            throw new EcgFormatException(file, Byte(header.EcgOffset), found, $"{header.SampleCount}, as the header states");
        warnings.Add($"{found} where the header states {header.SampleCount}");
        return there;
    }

    private static List<StoredChannel> Channels(ReadOnlySpan<byte> ecg, IshneHeader header, long frames,
        CancellationToken cancellationToken)
    {
        var count = header.Leads.Count;
        List<StoredChannel> channels = [];
        for (var lead = 0; lead < count; lead++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (name, resolution) = (header.Leads[lead].Name, header.Leads[lead].Nanovolts);
            var samples = new float[frames];
            var at = 2 * lead;
            // A resolution of 0 means that it is not known: the numbers stay unchanged.
            var scale = resolution > 0 ? resolution / 1e6 : 1;
            for (var t = 0; t < samples.Length; t++, at += 2 * count)
                samples[t] = (float)(BinaryPrimitives.ReadInt16LittleEndian(ecg[at..]) * scale);
            channels.Add(resolution > 0
                ? new StoredChannel(name, name, "nV", header.SamplingRate, samples, InMillivolt: true)
                : new StoredChannel(name, null, null, header.SamplingRate, samples, InMillivolt: false));
        }
        return channels;
    }

    private static string Byte(int offset) => string.Create(CultureInfo.InvariantCulture, $"byte {offset}");
}
