using System.Buffers.Binary;
using System.Text;

namespace SignalCam.Formats.Scp;

/// <summary>Section 1: tagged fields of patient and acquisition. EN 1064 5.4.</summary>
internal sealed class ScpTags
{
    private const int End = 255;
    private const int MaxFields = 4096;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<(int Tag, ReadOnlyMemory<byte> Value)> _fields = [];

    public static ScpTags Read(ScpRecord record)
    {
        var tags = new ScpTags();
        if (record.Section(1) is not { } section)
            return tags;
        for (var at = 0; at < section.Length && section.Byte(at) is var tag && tag != End && tags._fields.Count < MaxFields;)
        {
            var length = section.UInt16(at + 1);
            tags._fields.Add((tag, section.Slice(at + 3, length)));
            at += 3 + length;
        }
        return tags;
    }

    /// <summary>The value of the first field with this tag; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Value(int tag) => _fields.FirstOrDefault(f => f.Tag == tag).Value;

    /// <summary>All texts with this tag that are not blank.</summary>
    public IEnumerable<string> Texts(int tag) => _fields.Where(f => f.Tag == tag).Select(f => Decode(f.Value.Span)).OfType<string>();

    /// <summary>The first text with this tag; null if there is none or it is blank.</summary>
    public string? Text(int tag) => Texts(tag).FirstOrDefault();

    /// <summary>A 16-bit number; null if it is absent or short.</summary>
    public int? UInt16(int tag) => Value(tag) is { Length: >= 2 } value ? BinaryPrimitives.ReadUInt16LittleEndian(value.Span) : null;

    public int? Byte(int tag) => Value(tag) is { Length: >= 1 } value ? value.Span[0] : null;

    /// <summary>Text up to its zero, as UTF-8 where it is that and as Latin-1 otherwise; null if it is blank.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        var zero = bytes.IndexOf((byte)0);
        bytes = zero >= 0 ? bytes[..zero] : bytes;
        string text;
        try
        {
            text = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            text = Encoding.Latin1.GetString(bytes);
        }
        text = text.Trim();
        return text.Length == 0 ? null : text;
    }
}
