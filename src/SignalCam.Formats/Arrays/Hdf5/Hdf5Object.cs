namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>Message types of an object's header that are used here.</summary>
internal enum MessageType
{
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    FillValue = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    Filters = 0x0B,
    Attribute = 0x0C,
    Continuation = 0x10,
    SymbolTable = 0x11,
}

/// <summary>A message of an object's header.</summary>
/// <param name="Type">What it says.</param>
/// <param name="IsShared">Whether it only states where the message is.</param>
/// <param name="Data">What it says.</param>
/// <param name="Address">Where that is.</param>
internal readonly record struct Message(MessageType Type, bool IsShared, ReadOnlyMemory<byte> Data, long Address);

/// <summary>A group, dataset or named type: the messages of its header, version 1 or 2.</summary>
internal sealed class Hdf5Object
{
    private const int MostMessages = 10_000;

    private readonly Hdf5Source _source;
    private readonly List<Message> _messages = [];

    private Hdf5Object(Hdf5Source source) => _source = source;

    /// <summary>All messages in the order of the header.</summary>
    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>Reads the header at an address.</summary>
    public static Hdf5Object Read(Hdf5Source source, long address)
    {
        var header = new Hdf5Object(source);
        var prefix = source.ReadUpTo(address, 64, "an object header");
        if (prefix.AsSpan().StartsWith("OHDR"u8))
            header.ReadVersion2(address, prefix);
        else if (prefix is [1, ..])
            header.ReadVersion1(address, prefix);
        else
            throw source.Error(address, "no object header", "one of version 1 or 2");
        return header;
    }

    /// <summary>The first message of a type; null if there is none.</summary>
    public Message? Find(MessageType type)
    {
        foreach (var message in _messages)
            if (message.Type == type)
                return message.IsShared ? Shared(message) : message;
        return null;
    }

    /// <summary>A message that is kept in the header of a named type.</summary>
    private Message? Shared(Message message)
    {
        var fields = _source.Cursor(message.Data.Span, message.Address);
        var (version, kind) = (fields.Byte(), fields.Byte());
        if (version == 1)
            fields.Skip(6);
        if (version is < 1 or > 3 || (version == 3 && kind != 2))
            throw _source.Error(message.Address, $"a shared message of version {version} and type {kind}",
                "one that is in an object's header");
        var address = fields.Address() ?? throw _source.Error(message.Address, "a shared message without an address", "one");
        foreach (var found in Read(_source, address)._messages)
            if (found.Type == message.Type && !found.IsShared)
                return found;
        return null;
    }

    private void ReadVersion1(long address, byte[] prefix)
    {
        var fields = _source.Cursor(prefix, address);
        fields.Skip(8);
        var size = fields.UInt32();
        // The messages begin at the next multiple of 8.
        var blocks = new Queue<(long Address, long Length)>([(address + 16, size)]);
        while (blocks.TryDequeue(out var block))
            ReadMessages(block.Address, _source.Read(block.Address, block.Length, "the messages of an object header"), isVersion1: true,
                hasOrder: false, blocks);
    }

    private void ReadVersion2(long address, byte[] prefix)
    {
        var fields = _source.Cursor(prefix, address);
        fields.Skip(5);
        var flags = fields.Byte();
        fields.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        var size = fields.Number(1 << (flags & 3));
        var blocks = new Queue<(long Address, long Length)>();
        ReadMessages(address + fields.Position, _source.Read(address + fields.Position, size, "the messages of an object header"),
            isVersion1: false, (flags & 4) != 0, blocks);
        while (blocks.TryDequeue(out var block))
        {
            var bytes = _source.Read(block.Address, block.Length, "a continued object header");
            if (!bytes.AsSpan().StartsWith("OCHK"u8) || bytes.Length < 8)
                throw _source.Error(block.Address, "no continued object header", "OCHK");
            ReadMessages(block.Address + 4, bytes.AsMemory(4, bytes.Length - 8), isVersion1: false, (flags & 4) != 0, blocks);
        }
    }

    private void ReadMessages(long address, ReadOnlyMemory<byte> bytes, bool isVersion1, bool hasOrder, Queue<(long, long)> blocks)
    {
        var fields = _source.Cursor(bytes.Span, address);
        var smallest = isVersion1 ? 8 : hasOrder ? 6 : 4;
        while (fields.Left >= smallest)
        {
            var type = isVersion1 ? fields.UInt16() : fields.Byte();
            var size = fields.UInt16();
            var flags = fields.Byte();
            fields.Skip(isVersion1 ? 3 : hasOrder ? 2 : 0);
            var at = fields.Position;
            fields.Skip(size);
            if (_messages.Count >= MostMessages)
                throw _source.Error(address, $"more than {MostMessages} messages in an object header", "fewer");
            var message = new Message((MessageType)type, (flags & 2) != 0, bytes.Slice(at, size), address + at);
            _messages.Add(message);
            if (message.Type != MessageType.Continuation)
                continue;
            var next = _source.Cursor(message.Data.Span, message.Address);
            if (next.Address() is { } continued)
                blocks.Enqueue((continued, next.Length()));
        }
    }
}
