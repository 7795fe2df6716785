using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>A record and its sections, held to their lengths and checksums. EN 1064 5.2 to 5.3.</summary>
internal sealed class ScpRecord
{
    private const int RecordHeader = 6;
    private const int SectionHeader = 16;
    private const int PointerLength = 10;
    private const int MaxPointers = 1024;

    private readonly Dictionary<int, ScpSection> _sections = [];

    private ScpRecord(string file) => File = file;

    public string File { get; }

    /// <summary>Protocol version of section 0 in tenths: 13 for 1.3, 20 for 2.0.</summary>
    public int Version { get; private set; }

    /// <summary>Section 0 where it belongs: with its name, or with a first pointer that points at itself.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> head)
    {
        if (head.Length < RecordHeader + SectionHeader + PointerLength || BinaryPrimitives.ReadUInt16LittleEndian(head[8..]) != 0)
            return false;
        if (head[16..].StartsWith("SCPECG"u8))
            return true;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[10..]);
        return length is >= SectionHeader + PointerLength and < 1 << 16 && head[14] is >= 10 and < 40 && head[15] is >= 10 and < 40
            && BinaryPrimitives.ReadUInt16LittleEndian(head[22..]) == 0 && BinaryPrimitives.ReadUInt32LittleEndian(head[24..]) == length;
    }

    public static ScpRecord Parse(string file, ReadOnlyMemory<byte> bytes, bool isLenient, List<string> warnings)
    {
        var record = new ScpRecord(file);
        var span = bytes.Span;
        if (span.Length < RecordHeader + SectionHeader)
            throw record.Wrong(0, $"{span.Length} bytes", "an SCP-ECG record");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(span[2..]);
        if (length > span.Length || length < RecordHeader + SectionHeader)
            throw record.Wrong(2, $"a record length of {length}",
                $"at most {span.Length}, the length of the file: no conforming SCP-ECG record");
        if (length < span.Length)
            warnings.Add($"{span.Length - length} bytes behind the record are left out");
        bytes = bytes[..(int)length];

        var wrongSections = record.ReadSections(bytes);
        var stored = BinaryPrimitives.ReadUInt16LittleEndian(span);
        var isRecordWrong = stored != Crc16.Of(bytes.Span[2..]);
        if (wrongSections.Count == 0 && !isRecordWrong)
            return record;
        var what = wrongSections.Count > 0
            ? $"a wrong CRC of section {string.Join(", ", wrongSections)}{(isRecordWrong ? " and of the record" : "")}"
            : "a wrong CRC of the record";
        if (!isLenient)
            throw record.Wrong(0, what, "the CRC of the bytes that are there (the option Lenient reads on)");
        warnings.Add(what);
        return record;
    }

    /// <summary>A section that must be there.</summary>
    public ScpSection Required(int id) =>
        Section(id) ?? throw new EcgFormatException(File, null, $"no section {id}",
            "an SCP-ECG record with a recorded signal (sections 3 and 6)");

    /// <summary>A section; null if it is absent or empty.</summary>
    public ScpSection? Section(int id) => _sections.GetValueOrDefault(id);

    public EcgFormatException Wrong(long at, string found, string expected) => new(File, $"byte {at}", found, expected);

    /// <summary>
    /// Reads the pointers of section 0 and the sections they point at; gives the numbers of those whose checksum is wrong.
    /// </summary>
    private List<int> ReadSections(ReadOnlyMemory<byte> bytes)
    {
        var wrong = new List<int>();
        var zero = ReadSection(bytes, 0, RecordHeader, null, wrong);
        Version = zero.Protocol;
        var pointers = zero.Data.Span;
        if (pointers.Length / PointerLength > MaxPointers)
            throw Wrong(RecordHeader, $"{pointers.Length / PointerLength} pointers", $"at most {MaxPointers}");
        for (var at = 0; at + PointerLength <= pointers.Length; at += PointerLength)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(pointers[at..]);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(pointers[(at + 2)..]);
            var index = BinaryPrimitives.ReadUInt32LittleEndian(pointers[(at + 6)..]);
            if (id == 0 || length <= SectionHeader || index == 0)
                continue;
            if (index - 1L + length > bytes.Length)
                throw Wrong(zero.Offset + at, $"a pointer to bytes {index - 1L} to {index - 2L + length} for section {id}",
                    $"a section within the record's {bytes.Length} bytes");
            var section = ReadSection(bytes, id, (int)index - 1, length, wrong);
            if (!_sections.TryAdd(id, section))
                throw Wrong(zero.Offset + at, $"a second section {id}", "one section of each number");
        }
        return wrong;
    }

    private ScpSection ReadSection(ReadOnlyMemory<byte> bytes, int id, int start, uint? pointed, List<int> wrong)
    {
        var span = bytes.Span[start..];
        if (span.Length < SectionHeader)
            throw Wrong(start, $"{span.Length} bytes", $"section {id}");
        var foundId = BinaryPrimitives.ReadUInt16LittleEndian(span[2..]);
        if (foundId != id)
            throw Wrong(start, $"section {foundId}", $"section {id}, as its pointer says: no conforming SCP-ECG record");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(span[4..]);
        if (length < SectionHeader || length > span.Length || (pointed is { } stated && stated != length))
            throw Wrong(start + 4, $"a length of {length} for section {id}",
                (pointed is null ? $"{SectionHeader} to {span.Length}" : $"{pointed} (its pointer's)") + ": no conforming SCP-ECG record");
        if (BinaryPrimitives.ReadUInt16LittleEndian(span) != Crc16.Of(span[2..(int)length]))
            wrong.Add(id);
        return new ScpSection(this, id, start + SectionHeader, span[9], bytes.Slice(start + SectionHeader, (int)length - SectionHeader));
    }
}

/// <summary>The data of a section behind its header.</summary>
/// <param name="Record">The record that contains it.</param>
/// <param name="Id">Number of the section.</param>
/// <param name="Offset">Where the data begins in the file, for messages.</param>
/// <param name="Protocol">Protocol version in tenths.</param>
/// <param name="Data">The bytes without the header.</param>
internal sealed record ScpSection(ScpRecord Record, int Id, int Offset, int Protocol, ReadOnlyMemory<byte> Data)
{
    public int Length => Data.Length;

    public byte Byte(int at) => Data.Span[Require(at, 1)];

    public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Data.Span[Require(at, 2)..]);

    public short Int16(int at) => BinaryPrimitives.ReadInt16LittleEndian(Data.Span[Require(at, 2)..]);

    public uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Data.Span[Require(at, 4)..]);

    public ReadOnlyMemory<byte> Slice(int at, int length) => Data.Slice(Require(at, length), length);

    public EcgFormatException Wrong(int at, string found, string expected) =>
        new(Record.File, $"byte {Offset + at}, section {Id}", found, expected);

    private int Require(int at, int length) =>
        at >= 0 && length >= 0 && at <= Data.Length - length ? at
            : throw Wrong(Math.Min(at, Data.Length), $"the end of the section ({Data.Length} bytes)", $"{length} more bytes");
}
