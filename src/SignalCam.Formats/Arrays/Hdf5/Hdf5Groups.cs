using System.Text;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>The members of a group: by a symbol table, or by link messages. Links to other files and soft links are not followed.</summary>
internal static class Hdf5Groups
{
    private const int DeepestTree = 32;
    private const int MostMembers = 100_000;

    /// <summary>Names and header addresses of the members; null for what is not a group.</summary>
    public static IReadOnlyList<(string Name, long Address)>? Members(Hdf5Source source, Hdf5Object header)
    {
        var members = new List<(string, long)>();
        if (header.Find(MessageType.SymbolTable) is { } table)
        {
            var fields = source.Cursor(table.Data.Span, table.Address);
            if (fields.Address() is not { } tree || fields.Address() is not { } heap)
                return members;
            AddTree(source, tree, Heap(source, heap), DeepestTree, members);
            return members;
        }
        var links = header.Messages.Where(m => m.Type == MessageType.Link).ToArray();
        if (header.Find(MessageType.LinkInfo) is { } info)
            RequireCompact(source, info);
        else if (links.Length == 0)
            return null;
        foreach (var link in links)
            AddLink(source, link, members);
        return members;
    }

    private static byte[] Heap(Hdf5Source source, long address)
    {
        var fields = source.Cursor(source.Read(address, 8 + (2 * source.LengthSize) + source.OffsetSize, "a local heap"), address);
        if (!fields.Take(4).SequenceEqual("HEAP"u8))
            throw source.Error(address, "no local heap", "HEAP");
        fields.Skip(4);
        var size = fields.Length();
        fields.Length();
        return source.Read(fields.Address() ?? throw source.Error(address, "a local heap without data", "their address"), size,
            "the names of a group");
    }

    private static void AddTree(Hdf5Source source, long address, byte[] names, int depth, List<(string, long)> members)
    {
        var head = source.Read(address, 8 + (2 * source.OffsetSize), "a node of a group");
        var fields = source.Cursor(head, address);
        if (depth == 0 || !fields.Take(4).SequenceEqual("TREE"u8) || fields.Byte() != 0)
            throw source.Error(address, "no node of a group", $"TREE, at most {DeepestTree} deep");
        var level = fields.Byte();
        var count = fields.UInt16();
        var children = source.Read(address + head.Length, count * ((long)source.LengthSize + source.OffsetSize), "a node of a group");
        fields = source.Cursor(children, address + head.Length);
        for (var i = 0; i < count; i++)
        {
            fields.Length();
            if (fields.Address() is not { } child)
                continue;
            if (level > 0)
                AddTree(source, child, names, depth - 1, members);
            else
                AddSymbols(source, child, names, members);
        }
    }

    private static void AddSymbols(Hdf5Source source, long address, byte[] names, List<(string, long)> members)
    {
        var fields = source.Cursor(source.Read(address, 8, "symbols of a group"), address);
        if (!fields.Take(4).SequenceEqual("SNOD"u8))
            throw source.Error(address, "no symbols of a group", "SNOD");
        fields.Skip(2);
        var count = fields.UInt16();
        var entries = source.Read(address + 8, count * (24L + (2 * source.OffsetSize)), "symbols of a group");
        fields = source.Cursor(entries, address + 8);
        for (var i = 0; i < count; i++)
        {
            var name = fields.Number(source.OffsetSize);
            var header = fields.Address();
            var kind = fields.UInt32();
            fields.Skip(20);
            // Kind 2 is a soft link, which has no header.
            if (header is { } known && kind != 2 && name < names.Length)
                Add(source, members, Text(names.AsSpan((int)name)), known);
        }
    }

    private static void RequireCompact(Hdf5Source source, Message info)
    {
        var fields = source.Cursor(info.Data.Span, info.Address);
        fields.Skip(1);
        fields.Skip((fields.Byte() & 1) != 0 ? 8 : 0);
        if (fields.Address() is not null)
            throw source.Error(info.Address, "a group whose many links are in a fractal heap",
                "links in the group's header, or a symbol table as h5py writes by default");
    }

    private static void AddLink(Hdf5Source source, Message link, List<(string, long)> members)
    {
        var fields = source.Cursor(link.Data.Span, link.Address);
        fields.Skip(1);
        var flags = fields.Byte();
        var kind = (flags & 8) != 0 ? fields.Byte() : 0;
        fields.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        var length = fields.Number(1 << (flags & 3));
        var name = Encoding.UTF8.GetString(fields.Take(length));
        if (kind == 0 && fields.Address() is { } address)
            Add(source, members, name, address);
    }

    private static void Add(Hdf5Source source, List<(string, long)> members, string name, long address)
    {
        if (members.Count >= MostMembers)
            throw source.Error(address, $"more than {MostMembers} members of a group", "fewer");
        members.Add((name, address));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(
        bytes[..(bytes.IndexOf((byte)0) is >= 0 and var end ? end : bytes.Length)]);
}
