namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>How chunks are found.</summary>
internal enum ChunkIndex
{
    Tree,
    Single,
    Implicit,
    FixedArray,
}

/// <summary>Where the elements of a dataset are.</summary>
internal sealed class Hdf5Layout
{
    private Hdf5Layout()
    {
    }

    /// <summary>The elements themselves, where they are in the header.</summary>
    public ReadOnlyMemory<byte>? Compact { get; private init; }

    /// <summary>For the elements, or of the index of the chunks; null if nothing is stored.</summary>
    public long? Address { get; private init; }

    /// <summary>Elements of a chunk along each axis; null if there are no chunks.</summary>
    public int[]? Chunk { get; private init; }

    /// <summary>Bytes of a chunk when it is decoded.</summary>
    public int ChunkBytes { get; private init; }

    public ChunkIndex Index { get; private init; }

    /// <summary>Stored bytes and skipped filters of the only chunk; null if it is not filtered.</summary>
    public (long Size, uint Mask)? SingleChunk { get; private init; }

    /// <summary>Reads a layout message of version 3 or 4 (HDF5 1.6 and later).</summary>
    public static Hdf5Layout Read(Hdf5Source source, Message message, long[] shape, int elementSize)
    {
        var fields = source.Cursor(message.Data.Span, message.Address);
        var (version, kind) = (fields.Byte(), fields.Byte());
        if (version is not (3 or 4))
            throw source.Error(message.Address, $"a data layout of version {version}", "version 3 or 4, as HDF5 1.6 and later write it");
        var bytes = (Int128)Hdf5Values.Count(shape) * elementSize;
        switch (kind)
        {
            case 0:
                var size = fields.UInt16();
                if (size < bytes)
                    throw source.Error(message.Address, $"{size} bytes", $"{bytes} for the shape");
                var start = fields.Position;
                fields.Skip(size);
                return new Hdf5Layout { Compact = message.Data.Slice(start, size) };
            case 1:
                return new Hdf5Layout { Address = fields.Address() };
            case 2:
                return version == 3 ? ReadChunks(source, ref fields, message.Address, shape, elementSize)
                    : ReadIndexedChunks(source, ref fields, message.Address, shape, elementSize);
            default:
                throw source.Error(message.Address, kind == 3 ? "a virtual dataset" : $"a data layout of class {kind}",
                    "compact, contiguous or chunked");
        }
    }

    private static Hdf5Layout ReadChunks(Hdf5Source source, ref Hdf5Cursor fields, long address, long[] shape, int elementSize)
    {
        var axes = fields.Byte();
        var tree = fields.Address();
        var (chunk, bytes) = ReadChunkShape(source, ref fields, address, axes, 4, shape, elementSize);
        return new Hdf5Layout { Address = tree, Chunk = chunk, ChunkBytes = bytes, Index = ChunkIndex.Tree };
    }

    private static Hdf5Layout ReadIndexedChunks(Hdf5Source source, ref Hdf5Cursor fields, long address, long[] shape, int elementSize)
    {
        var (flags, axes, size) = (fields.Byte(), fields.Byte(), fields.Byte());
        var (chunk, bytes) = ReadChunkShape(source, ref fields, address, axes, size, shape, elementSize);
        var kind = fields.Byte();
        (long, uint)? single = null;
        switch (kind)
        {
            case 1:
                if ((flags & 2) != 0)
                    single = (fields.Length(), fields.UInt32());
                break;
            case 2:
                break;
            case 3:
                fields.Skip(1);
                break;
            default:
                throw source.Error(address, kind switch { 4 => "chunks in an extensible array", 5 => "chunks in a B-tree of version 2",
                    _ => $"chunks by index type {kind}" },
                    "chunks in a B-tree of version 1 (the default of h5py), one chunk, or a fixed array");
        }
        return new Hdf5Layout
        {
            Address = fields.Address(),
            Chunk = chunk,
            ChunkBytes = bytes,
            Index = kind switch { 1 => ChunkIndex.Single, 2 => ChunkIndex.Implicit, _ => ChunkIndex.FixedArray },
            SingleChunk = single,
        };
    }

    /// <summary>The last length of a chunk's shape is the size of an element.</summary>
    private static (int[] Chunk, int Bytes) ReadChunkShape(Hdf5Source source, ref Hdf5Cursor fields, long address, int axes, int size,
        long[] shape, int elementSize)
    {
        var chunk = new int[shape.Length];
        var bytes = (long)elementSize;
        if (axes != shape.Length + 1 || size is < 1 or > 8)
            throw source.Error(address, $"chunks of {axes - 1} axes", $"{shape.Length}, as the dataset has");
        for (var i = 0; i < chunk.Length; i++)
        {
            var length = fields.Number(size);
            if (length is <= 0 or > int.MaxValue || bytes > Array.MaxLength / length)
                throw source.Error(address, $"a chunk of {length} elements on an axis", $"at most {Array.MaxLength} bytes in all");
            chunk[i] = (int)length;
            bytes *= length;
        }
        if (fields.Number(size) is var element && element != elementSize)
            throw source.Error(address, $"chunks of elements of {element} bytes", $"{elementSize}");
        return (chunk, (int)bytes);
    }
}
