namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>A stored chunk.</summary>
/// <param name="Offset">Its first element on each axis.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Size">Its bytes there.</param>
/// <param name="Mask">A bit for each filter that was skipped.</param>
internal readonly record struct StoredChunk(long[] Offset, long Address, long Size, uint Mask);

/// <summary>Finds the chunks of a dataset.</summary>
internal static class Hdf5Chunks
{
    private const int DeepestTree = 32;

    /// <summary>The chunks that hold rows of the first axis; others may be among them.</summary>
    public static IEnumerable<StoredChunk> Of(Hdf5Source source, Hdf5Layout layout, long[] shape, int from, int count, Hdf5Filters filters)
    {
        if (layout.Address is not { } address)
            return [];
        return layout.Index switch
        {
            ChunkIndex.Tree => OfTree(source, address, shape.Length, from, (long)from + count, layout.Chunk!, DeepestTree),
            ChunkIndex.Single => [new StoredChunk(new long[shape.Length], address, layout.SingleChunk?.Size ?? layout.ChunkBytes,
                layout.SingleChunk?.Mask ?? 0)],
            ChunkIndex.Implicit => OfArray(layout, shape, index => (address + (index * layout.ChunkBytes), layout.ChunkBytes, 0)),
            _ => OfFixedArray(source, layout, shape, address, filters),
        };
    }

    private static IEnumerable<StoredChunk> OfTree(Hdf5Source source, long address, int axes, long from, long to, int[] chunk, int depth)
    {
        var keySize = 8 + (8 * (axes + 1));
        var (level, count, at) = Node(source, address, depth);
        var entries = source.Read(at, (count * ((long)keySize + source.OffsetSize)) + (level > 0 ? keySize : 0), "an index of chunks");
        for (var i = 0; i < count; i++)
        {
            var entry = i * (keySize + source.OffsetSize);
            var (child, stored) = Entry(source, entries, entry, axes, at);
            if (child is not { } known)
                continue;
            // Keys are in order: the next one ends what is below this one. Along the first axis a chunk begins no later than its rows.
            var next = level > 0 ? Entry(source, entries, entry + keySize + source.OffsetSize, axes, at, isKeyOnly: true).Stored.Offset[0]
                : stored.Offset[0];
            if (stored.Offset[0] >= to || next + chunk[0] <= from)
                continue;
            if (level == 0)
                yield return stored with { Address = known };
            else
                foreach (var below in OfTree(source, known, axes, from, to, chunk, depth - 1))
                    yield return below;
        }
    }

    private static (int Level, int Count, long At) Node(Hdf5Source source, long address, int depth)
    {
        var head = source.Read(address, 8 + (2 * source.OffsetSize), "an index of chunks");
        var fields = source.Cursor(head, address);
        if (depth == 0 || !fields.Take(4).SequenceEqual("TREE"u8) || fields.Byte() != 1)
            throw source.Error(address, "no index of chunks", $"TREE, at most {DeepestTree} deep");
        return (fields.Byte(), fields.UInt16(), address + head.Length);
    }

    private static (long? Child, StoredChunk Stored) Entry(Hdf5Source source, byte[] entries, int at, int axes, long address,
        bool isKeyOnly = false)
    {
        var fields = source.Cursor(entries.AsSpan(at), address + at);
        var (size, mask) = (fields.UInt32(), fields.UInt32());
        var offset = new long[axes];
        for (var axis = 0; axis < axes; axis++)
            offset[axis] = fields.Number(8);
        fields.Skip(8);
        return (isKeyOnly ? null : fields.Address(), new StoredChunk(offset, 0, size, mask));
    }

    /// <summary>Chunks one behind the other, the last axis fastest.</summary>
    private static IEnumerable<StoredChunk> OfArray(Hdf5Layout layout, long[] shape, Func<long, (long? Address, long Size, uint Mask)> find)
    {
        var chunk = layout.Chunk!;
        var counts = shape.Select((axis, i) => (axis + chunk[i] - 1) / chunk[i]).ToArray();
        var total = Hdf5Values.Count(counts);
        for (var index = 0L; index < total; index++)
        {
            if (find(index) is not ({ } address, var size, var mask))
                continue;
            var offset = new long[shape.Length];
            var rest = index;
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                offset[axis] = rest % counts[axis] * chunk[axis];
                rest /= counts[axis];
            }
            yield return new StoredChunk(offset, address, size, mask);
        }
    }

    /// <summary>A header that names a block with an entry for each chunk; blocks in pages are refused.</summary>
    private static IEnumerable<StoredChunk> OfFixedArray(Hdf5Source source, Hdf5Layout layout, long[] shape, long address,
        Hdf5Filters filters)
    {
        var fields = source.Cursor(source.Read(address, 8 + source.LengthSize + source.OffsetSize, "a fixed array of chunks"), address);
        if (!fields.Take(4).SequenceEqual("FAHD"u8))
            throw source.Error(address, "no fixed array of chunks", "FAHD");
        fields.Skip(2);
        var (entrySize, pageBits) = (fields.Byte(), fields.Byte());
        var count = fields.Length();
        if (fields.Address() is not { } block)
            return [];
        var prefix = 6 + source.OffsetSize;
        if (count > 1L << Math.Min((int)pageBits, 62))
            throw source.Error(address, $"{count} chunks in a fixed array of pages",
                $"at most {1L << Math.Min((int)pageBits, 62)}, or chunks in a B-tree of version 1 (the default of h5py)");
        var sizeBytes = entrySize - source.OffsetSize - 4;
        if (filters.IsEmpty ? entrySize != source.OffsetSize : sizeBytes is < 1 or > 8)
            throw source.Error(address, $"entries of {entrySize} bytes in a fixed array of chunks",
                "an address, and the size and mask of a filtered chunk");
        var entries = source.Read(block + prefix, count * (long)entrySize, "a fixed array of chunks");
        return OfArray(layout, shape, index =>
        {
            if (index >= count)
                return default;
            var entry = source.Cursor(entries.AsSpan((int)(index * entrySize), entrySize), block);
            var chunk = entry.Address();
            return filters.IsEmpty ? (chunk, layout.ChunkBytes, 0) : (chunk, entry.Number(sizeBytes), entry.UInt32());
        });
    }
}

/// <summary>Copies what decoded chunks hold of some rows of a dataset.</summary>
/// <param name="shape">For the dataset.</param>
/// <param name="chunk">For a chunk.</param>
/// <param name="size">Bytes of an element.</param>
/// <param name="from">First row.</param>
/// <param name="count">Number of rows.</param>
/// <param name="target">Takes the rows.</param>
internal sealed class Hdf5ChunkCopy(long[] shape, int[] chunk, int size, int from, int count, byte[] target)
{
    /// <summary>Whether a chunk at an offset has something of the rows, and is inside the dataset.</summary>
    public bool Touches(long[] offset)
    {
        for (var axis = 0; axis < shape.Length; axis++)
            if (offset[axis] < 0 || offset[axis] >= shape[axis])
                return false;
        return offset[0] < (long)from + count && offset[0] + chunk[0] > from;
    }

    /// <summary>Copies a chunk.</summary>
    public void Write(ReadOnlySpan<byte> bytes, long[] offset) => Write(bytes, offset, 0, 0, 0);

    /// <summary>One axis after the other; the last one is copied at once.</summary>
    private void Write(ReadOnlySpan<byte> bytes, long[] offset, int axis, long source, long destination)
    {
        var start = axis == 0 ? Math.Max(0, from - offset[0]) : 0;
        var end = Math.Min(chunk[axis], (axis == 0 ? (long)from + count : shape[axis]) - offset[axis]);
        var origin = offset[axis] - (axis == 0 ? from : 0);
        var length = axis == 0 ? count : shape[axis];
        source *= chunk[axis];
        destination *= length;
        if (axis == shape.Length - 1)
        {
            bytes.Slice((int)(source + start) * size, (int)(end - start) * size)
                .CopyTo(target.AsSpan((int)(destination + origin + start) * size));
            return;
        }
        for (var i = start; i < end; i++)
            Write(bytes, offset, axis + 1, source + i, destination + origin + i);
    }
}
