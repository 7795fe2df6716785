using Google.Protobuf;

namespace SignalCam.Core.Onnx;

/// <summary>
/// A Protocol Buffers message that is being written, field by field. ONNX needs a dozen messages of which a few fields are used; their
/// numbers stand in <see cref="OnnxFields"/>, so that nothing has to be generated when the SDK is built.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];
    private long _size;

    public ProtobufMessage Add(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    public ProtobufMessage Add(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, CodedOutputStream.ComputeFloatSize(value), output => output.WriteFloat(value));

    public ProtobufMessage Add(int field, string text) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(text), output => output.WriteString(text));

    public ProtobufMessage Add(int field, ReadOnlyMemory<byte> bytes) =>
        Add(field, WireFormat.WireType.LengthDelimited, WithLength(bytes.Length),
            output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes)));

    /// <summary>A message in the message, to which nothing may be added any more.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage message) =>
        Add(field, WireFormat.WireType.LengthDelimited, WithLength(message._size), output =>
        {
            output.WriteLength(checked((int)message._size));
            message.WriteTo(output);
        });

    /// <summary>A repeated integer, each with its tag, which every reader takes.</summary>
    public ProtobufMessage Add(int field, IEnumerable<long> values)
    {
        foreach (var value in values)
            Add(field, value);
        return this;
    }

    /// <summary>The message's bytes. Weights are copied once, from where they are to where they are written.</summary>
    /// <exception cref="OnnxExportException">They are more than a message may have.</exception>
    public byte[] ToBytes()
    {
        if (_size > Array.MaxLength)
            throw new OnnxExportException($"the model takes {_size} bytes as ONNX; a file of one part has at most {Array.MaxLength}");
        var bytes = new byte[_size];
        var output = new CodedOutputStream(bytes);
        WriteTo(output);
        output.CheckNoSpaceLeft();
        return bytes;
    }

    private static long WithLength(long size) => CodedOutputStream.ComputeUInt64Size((ulong)size) + size;

    private void WriteTo(CodedOutputStream output)
    {
        foreach (var write in _fields)
            write(output);
    }

    private ProtobufMessage Add(int field, WireFormat.WireType type, long size, Action<CodedOutputStream> write)
    {
        _size += CodedOutputStream.ComputeTagSize(field) + size;
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
