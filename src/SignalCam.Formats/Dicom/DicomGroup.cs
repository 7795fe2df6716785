using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>A multiplex group: channels that were sampled together. PS3.3 C.10.9.1.</summary>
internal sealed class DicomGroup
{
    private const int MaxChannels = 512;
    private const double LongestBeat = 2.5;
    private static readonly string[] BeatWords = ["MEDIAN", "BEAT", "AVERAGE", "TEMPLATE"];

    private readonly DicomData _item;
    private readonly DicomSampleFormat _format;

    private DicomGroup(
        int number, DicomData item, double samplingRate, IReadOnlyList<DicomChannel> channels, int length, DicomSampleFormat format)
    {
        (_item, _format) = (item, format);
        Number = number;
        Label = item.Text(DicomTag.GroupLabel);
        IsDerived = item.Text(DicomTag.Originality) == "DERIVED";
        OffsetSeconds = (item.Decimal(DicomTag.GroupTimeOffset) ?? 0) / 1000;
        SamplingRate = samplingRate;
        Channels = channels;
        Length = length;
    }

    /// <summary>From 1, as annotations refer to it.</summary>
    public int Number { get; }

    public string? Label { get; }

    public bool IsDerived { get; }

    /// <summary>When it begins, after the acquisition's start.</summary>
    public double OffsetSeconds { get; }

    public double SamplingRate { get; }

    public IReadOnlyList<DicomChannel> Channels { get; }

    /// <summary>Samples per channel.</summary>
    public int Length { get; }

    /// <summary>
    /// Whether it is the average of beats and no stretch of the recording: derived, and not as long as one, or called so.
    /// </summary>
    public bool IsBeat => IsDerived && (Length / SamplingRate <= LongestBeat || SaysBeat(Label));

    /// <summary>Decodes the samples of a channel, in millivolts for a lead; a missing sample is NaN.</summary>
    /// <param name="channel">From 0.</param>
    /// <param name="samples">Receives <see cref="Length"/> values.</param>
    public void Decode(int channel, Span<float> samples) =>
        _format.Decode(_item.Bytes(DicomTag.WaveformData), channel, Channels, samples[..Length]);

    public static DicomGroup Read(DicomData item, int index, bool isEcgObject, EcgReadOptions options)
    {
        var (rate, channelCount, length) = Shape(item, options);
        var definitions = item.Items(DicomTag.ChannelDefinitions);
        if (definitions.Count != channelCount)
            throw item.Wrong(DicomTag.ChannelDefinitions, $"{definitions.Count} channel definitions",
                $"{channelCount}, as Number of Waveform Channels says");
        var channels = definitions.Select((d, i) => DicomChannel.Read(d, i, isEcgObject, rate, options)).ToArray();
        var format = DicomSampleFormat.Read(item);
        var data = item.Bytes(DicomTag.WaveformData);
        var expected = (long)channelCount * length * format.Bytes;
        if (data.Length < expected)
            throw item.Wrong(DicomTag.WaveformData, $"{data.Length} bytes of samples",
                $"{channelCount} channels x {length} samples x {format.Bytes} bytes = {expected}");
        return new DicomGroup(index + 1, item, rate, channels, length, format);
    }

    private static (double Rate, int Channels, int Length) Shape(DicomData item, EcgReadOptions options)
    {
        var rate = item.Decimal(DicomTag.SamplingFrequency) ?? 0;
        if (!(rate > 0 && rate <= 1e6))
            throw item.Wrong(DicomTag.SamplingFrequency, FormattableString.Invariant($"{rate} Hz"), "a sampling frequency above 0");
        var channels = item.Unsigned(DicomTag.ChannelCount) ?? 0;
        if (channels is 0 or > MaxChannels)
            throw item.Wrong(DicomTag.ChannelCount, $"{channels} channels", $"1 to {MaxChannels}");
        var length = item.Unsigned(DicomTag.SampleCount) ?? 0;
        if (length == 0 || channels * (long)length > options.MaxValues)
            throw item.Wrong(DicomTag.SampleCount, $"{channels} channels x {length} samples",
                $"at least one sample, at most {options.MaxValues} values");
        return (rate, (int)channels, (int)length);
    }

    private static bool SaysBeat(string? label) => label is not null
        && BeatWords.Any(word => label.Contains(word, StringComparison.OrdinalIgnoreCase));
}
