using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Ishne;

/// <summary>The fixed header of 522 bytes.</summary>
internal sealed class IshneHeader
{
    /// <summary>First byte that the CRC covers.</summary>
    public const int CrcBegin = 10;

    private const int Size = 522;
    private const int MostLeads = 12;
    private const short Absent = -9;

    private IshneHeader()
    {
    }

    public ushort Crc { get; private init; }

    public int SampleCount { get; private init; }

    public int EcgOffset { get; private init; }

    public int SamplingRate { get; private init; }

    public IReadOnlyList<IshneLead> Leads { get; private init; } = [];

    public Dictionary<string, string> Metadata { get; private init; } = [];

    private short[] RecordingDate { get; init; } = [];

    private short[] StartTime { get; init; } = [];

    /// <exception cref="EcgFormatException">A field is out of its range.</exception>
    public static IshneHeader Parse(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Size)
            throw new EcgFormatException(file, null, $"{bytes.Length} bytes", $"a header of {Size} bytes");
        var ecg = BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]);
        if (ecg < Size || ecg > bytes.Length)
            throw new EcgFormatException(file, "byte 22", $"an ECG block at byte {ecg}",
                $"one between byte {Size} and the file's end, byte {bytes.Length}");
        var leads = Int16(bytes, 156);
        if (leads is < 1 or > MostLeads)
            throw new EcgFormatException(file, "byte 156", $"{leads} leads", $"1 to {MostLeads}");
        var rate = Int16(bytes, 272);
        if (rate < 1)
            throw new EcgFormatException(file, "byte 272", $"a sampling rate of {rate} Hz", "a positive one");
        var header = new IshneHeader
        {
            Crc = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            SampleCount = BinaryPrimitives.ReadInt32LittleEndian(bytes[14..]),
            EcgOffset = ecg,
            SamplingRate = rate,
            Leads = ParseLeads(bytes, leads),
            RecordingDate = Int16s(bytes, 138, 3),
            StartTime = Int16s(bytes, 150, 3),
        };
        header.AddMetadata(FieldNames.Model, Text(bytes, 232, 40));
        header.AddMetadata("pacemaker_code", Int16(bytes, 230).ToString(CultureInfo.InvariantCulture));
        header.AddMetadata(FieldNames.Version, Int16(bytes, 26).ToString(CultureInfo.InvariantCulture));
        return header;
    }

    /// <summary>Date and time of the first sample; null if they are absent, and where they are not date, which is a warning.</summary>
    public EcgStart? Start(List<string> warnings)
    {
        if (Date(RecordingDate) is { } day && StartTime is [>= 0 and < 24, >= 0 and < 60, >= 0 and < 60])
            return new EcgStart(day.Add(new TimeSpan(StartTime[0], StartTime[1], StartTime[2])));
        if (RecordingDate[0] != Absent)
            warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"the start {RecordingDate[2]}-{RecordingDate[1]}-{RecordingDate[0]} {StartTime[0]}:{StartTime[1]}:{StartTime[2]}") +
                " is no date and time");
        return null;
    }

    /// <summary>Fields that may identify the patient, including the variable block, which is free text.</summary>
    public Dictionary<string, string> Patient(ReadOnlySpan<byte> bytes)
    {
        var patient = new Dictionary<string, string>();
        Add(FieldNames.FirstName, Text(bytes, 28, 40));
        Add(FieldNames.LastName, Text(bytes, 68, 40));
        Add(FieldNames.PatientId, Text(bytes, 108, 20));
        Add(FieldNames.Sex, Int16(bytes, 128) switch { 1 => "M", 2 => "F", _ => "" });
        Add(FieldNames.BirthDate, Date(Int16s(bytes, 132, 3)) is { } birth ? FormattableString.Invariant($"{birth:yyyy-MM-dd}") : "");
        Add("variable_block", Text(bytes, Size, EcgOffset - Size));
        return patient;

        void Add(string name, string value)
        {
            if (value.Length > 0)
                patient[name] = value;
        }
    }

    private void AddMetadata(string name, string value)
    {
        if (value.Length > 0)
            Metadata[name] = value;
    }

    private static IshneLead[] ParseLeads(ReadOnlySpan<byte> bytes, int count)
    {
        var leads = new IshneLead[count];
        for (var lead = 0; lead < count; lead++)
            leads[lead] = new IshneLead(Int16(bytes, 158 + (2 * lead)), Int16(bytes, 182 + (2 * lead)), Int16(bytes, 206 + (2 * lead)));
        return leads;
    }

    private static DateTime? Date(short[] dayMonthYear) =>
        dayMonthYear is [var day and >= 1, var month and >= 1 and <= 12, var year and >= 1 and <= 9999]
            && day <= DateTime.DaysInMonth(year, month)
            ? new DateTime(year, month, day)
            : null;

    private static short Int16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt16LittleEndian(bytes[offset..]);

    private static short[] Int16s(ReadOnlySpan<byte> bytes, int offset, int count)
    {
        var values = new short[count];
        for (var i = 0; i < count; i++)
            values[i] = Int16(bytes, offset + (2 * i));
        return values;
    }

    /// <summary>Text up to the first zero. Latin-1, because every byte is a character of it.</summary>
    private static string Text(ReadOnlySpan<byte> bytes, int offset, int length)
    {
        var field = bytes.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]).Trim();
    }
}
