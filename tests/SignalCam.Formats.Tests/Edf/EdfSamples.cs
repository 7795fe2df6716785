using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SignalCam.Formats.Tests;

/// <param name="Label">Up to 16 characters.</param>
/// <param name="Dimension">Unit.</param>
/// <param name="Records">Samples of each record.</param>
internal sealed record EdfSampleSignal(string Label, string Dimension, short[][] Records)
{
    public string PhysicalMinimum { get; init; } = "-32768";

    public string PhysicalMaximum { get; init; } = "32767";

    public string DigitalMinimum { get; init; } = "-32768";

    public string DigitalMaximum { get; init; } = "32767";

    /// <summary>A signal of one record.</summary>
    public static EdfSampleSignal Of(string label, string dimension, params short[] samples) => new(label, dimension, [samples]);

    /// <summary>An annotation signal with this text in each record.</summary>
    public static EdfSampleSignal Annotations(params string[] lists)
    {
        var length = (lists.Max(l => Encoding.UTF8.GetByteCount(l)) + 2) / 2 * 2;
        return new EdfSampleSignal("EDF Annotations", "", [.. lists.Select(list =>
        {
            var bytes = new byte[length];
            Encoding.UTF8.GetBytes(list, bytes);
            return Enumerable.Range(0, length / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i))).ToArray();
        })]);
    }
}

/// <summary>Writes EDF files.</summary>
internal sealed record EdfSamples
{
    public string Reserved { get; init; } = "";

    public string Patient { get; init; } = "X X X X";

    public string Recording { get; init; } = "Startdate 02-JAN-2020 X X X";

    public string StartDate { get; init; } = "02.01.20";

    public string StartTime { get; init; } = "03.04.05";

    public string Duration { get; init; } = "1";

    /// <summary>Null for the true one.</summary>
    public string? RecordCount { get; init; }

    public byte[] File(params EdfSampleSignal[] signals)
    {
        var text = new StringBuilder();
        var records = signals[0].Records.Length;
        Add("0", 8);
        Add(Patient, 80);
        Add(Recording, 80);
        Add(StartDate, 8);
        Add(StartTime, 8);
        Add((256 * (signals.Length + 1)).ToString(CultureInfo.InvariantCulture), 8);
        Add(Reserved, 44);
        Add(RecordCount ?? records.ToString(CultureInfo.InvariantCulture), 8);
        Add(Duration, 8);
        Add(signals.Length.ToString(CultureInfo.InvariantCulture), 4);
        AddAll(s => s.Label, 16);
        AddAll(_ => "", 80);
        AddAll(s => s.Dimension, 8);
        AddAll(s => s.PhysicalMinimum, 8);
        AddAll(s => s.PhysicalMaximum, 8);
        AddAll(s => s.DigitalMinimum, 8);
        AddAll(s => s.DigitalMaximum, 8);
        AddAll(_ => "", 80);
        AddAll(s => s.Records[0].Length.ToString(CultureInfo.InvariantCulture), 8);
        AddAll(_ => "", 32);
        var samples = Enumerable.Range(0, records).SelectMany(r => signals.SelectMany(s => s.Records[r])).ToArray();
        var bytes = new byte[text.Length + (2 * samples.Length)];
        Encoding.Latin1.GetBytes(text.ToString(), bytes);
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(text.Length + (2 * i)), samples[i]);
        return bytes;

        void Add(string value, int length) => text.Append(value.PadRight(length));

        void AddAll(Func<EdfSampleSignal, string> field, int length)
        {
            foreach (var signal in signals)
                Add(field(signal), length);
        }
    }
}
