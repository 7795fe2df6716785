using Google.Protobuf;

namespace SignalCam.Core.Onnx;

/// <summary>
/// A Protocol Buffers message that is being written, field by field. ONNX needs a dozen messages of which a few fields are used; their
/// numbers stand in <see cref="OnnxFields"/>, so that nothing has to be generated when the SDK is built.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    public ProtobufMessage Add(int field, long value) => Add(field, WireFormat.WireType.Varint, output => output.WriteInt64(value));

    public ProtobufMessage Add(int field, float value) => Add(field, WireFormat.WireType.Fixed32, output => output.WriteFloat(value));

    public ProtobufMessage Add(int field, string text) => Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(text));

    public ProtobufMessage Add(int field, ReadOnlyMemory<byte> bytes) =>
        Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes)));

    public ProtobufMessage Add(int field, ProtobufMessage message) =>
        Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(message.ToBytes())));

    /// <summary>A repeated integer, each with its tag, which every reader takes.</summary>
    public ProtobufMessage Add(int field, IEnumerable<long> values)
    {
        foreach (var value in values)
            Add(field, value);
        return this;
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            foreach (var write in _fields)
                write(output);
        return bytes.ToArray();
    }

    private ProtobufMessage Add(int field, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
