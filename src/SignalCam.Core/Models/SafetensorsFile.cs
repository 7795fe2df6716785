using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// Tensors by name in the safetensors format (https://github.com/huggingface/safetensors): eight bytes with the header's length,
/// a JSON header, then the elements. Reading executes nothing and trusts no number.
/// </summary>
public sealed class SafetensorsFile
{
    private const int LengthBytes = 8;
    private const int Alignment = 8;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, NamedTensor> _byName;

    /// <summary>Collects tensors for writing.</summary>
    /// <param name="tensors">The tensors, whose order is kept; their names are distinct.</param>
    /// <param name="metadata">Free text by name; null for none.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a tensor has the reserved name __metadata__.</exception>
    public SafetensorsFile(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        _byName = new Dictionary<string, NamedTensor>(tensors.Count, StringComparer.Ordinal);
        foreach (var tensor in tensors)
            if (tensor.Name == SafetensorsHeader.MetadataName || !_byName.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"the name '{tensor.Name}' is taken", nameof(tensors));
        Tensors = tensors;
        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyList<NamedTensor> Tensors { get; }

    /// <summary>Free text by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists some that there are.</exception>
    public NamedTensor this[string name] => Find(name)
        ?? throw new KeyNotFoundException($"no tensor '{name}'; there are {string.Join(", ", Tensors.Take(20).Select(t => t.Name))}");

    /// <summary>The tensor of this name, or null.</summary>
    public NamedTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The file cannot be read or breaks the format; the message says where.</exception>
    public static SafetensorsFile Load(string path) => Read(ModelBytes.Read(path), path);

    /// <summary>Reads a file that is in memory; the tensors refer to these bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="ModelFormatException">The bytes break the format; the message says where.</exception>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (bytes.Length < LengthBytes)
            throw new ModelFormatException(name, $"byte {bytes.Length}", "the end of the file", "8 bytes with the header's length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (length > (ulong)(bytes.Length - LengthBytes))
            throw new ModelFormatException(
                name, "byte 0", $"a header of {length} bytes", $"at most {bytes.Length - LengthBytes}, which is what follows");
        if (length > ModelLimits.HeaderBytes)
            throw new ModelFormatException(name, "byte 0", $"a header of {length} bytes", $"at most {ModelLimits.HeaderBytes}");
        var header = SafetensorsHeader.Parse(bytes.Span.Slice(LengthBytes, (int)length), name);
        var data = bytes[(LengthBytes + (int)length)..];
        header.RequireComplete(data.Length, name);
        return new SafetensorsFile(
            [.. header.Entries.Select(e => new NamedTensor(e.Name, e.DType, e.Shape, data[(int)e.Begin..(int)e.End]))], header.Metadata);
    }

    /// <summary>Writes a file in one step: a reader finds the old file or the new one, never a part.</summary>
    public void Save(string path) => WholeFile.Write(path, ToBytes());

    /// <summary>
    /// The file's bytes; the same tensors and metadata always give the same ones. Elements start at a multiple of 8 bytes, larger element
    /// types come first, so that every tensor is aligned to its element type.
    /// </summary>
    public byte[] ToBytes()
    {
        var offsets = new Dictionary<string, (long Begin, long End)>(Tensors.Count, StringComparer.Ordinal);
        var end = 0L;
        var inFileOrder = Tensors.OrderByDescending(t => t.DType.Size()).ToArray();
        foreach (var tensor in inFileOrder)
            offsets.Add(tensor.Name, (end, end += tensor.Data.Length));

        var header = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(header, WriterOptions))
            WriteHeader(json, offsets);
        var padding = -header.WrittenCount & (Alignment - 1);

        var bytes = new byte[LengthBytes + header.WrittenCount + padding + end];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.WrittenCount + padding);
        header.WrittenSpan.CopyTo(bytes.AsSpan(LengthBytes));
        bytes.AsSpan(LengthBytes + header.WrittenCount, padding).Fill((byte)' ');
        var at = LengthBytes + header.WrittenCount + padding;
        foreach (var tensor in inFileOrder)
        {
            tensor.Data.CopyTo(bytes.AsMemory(at));
            at += tensor.Data.Length;
        }
        return bytes;
    }

    private void WriteHeader(Utf8JsonWriter json, Dictionary<string, (long Begin, long End)> offsets)
    {
        json.WriteStartObject();
        if (Metadata.Count > 0)
        {
            json.WriteStartObject(SafetensorsHeader.MetadataName);
            foreach (var (key, value) in Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        foreach (var tensor in Tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", SafetensorsHeader.NameOf(tensor.DType));
            json.WriteStartArray("shape");
            foreach (var size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offsets[tensor.Name].Begin);
            json.WriteNumberValue(offsets[tensor.Name].End);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
