using SignalCam.Abstractions;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>A dataset of numbers: its shape, and its rows (of the first axis) as they are requested.</summary>
internal sealed class Hdf5Dataset
{
    private readonly Hdf5Source _source;
    private readonly EcgReadOptions _options;
    private readonly Hdf5Type _type;
    private readonly long[] _shape;
    private readonly Hdf5Layout _layout;
    private readonly Hdf5Filters _filters;
    private readonly byte[]? _fill;

    private Hdf5Dataset(Hdf5Source source, EcgReadOptions options, Hdf5Type type, long[] shape, Hdf5Layout layout, Hdf5Filters filters,
        byte[]? fill) =>
        (_source, _options, _type, _shape, _layout, _filters, _fill) = (source, options, type, shape, layout, filters, fill);

    /// <summary>Adds a dataset to what a file holds: numbers as an array that is loaded when it is wanted, short texts at once.</summary>
    /// <exception cref="EcgFormatException">It is corrupt, or of a kind that is not supported; the message names it.</exception>
    public static void Add(Hdf5Source source, Hdf5Object header, string name, EcgReadOptions options, ArrayContent content)
    {
        if (header.Find(MessageType.Datatype) is not { } typeMessage || header.Find(MessageType.Dataspace) is not { } shapeMessage
            || header.Find(MessageType.Layout) is not { } layoutMessage)
            return;
        var type = Hdf5Type.Read(source, typeMessage.Data.Span, typeMessage.Address);
        var shape = Hdf5Values.Shape(source, shapeMessage.Data.Span, shapeMessage.Address);
        if (shape is null || (type.Kind is null && !type.IsText) || shape.Any(axis => axis is <= 0 or > int.MaxValue))
            return;
        if (header.Find(MessageType.ExternalFiles) is { } external)
            throw source.Error(external.Address, $"dataset {name} in other files", "one in this file");
        var layout = Hdf5Layout.Read(source, layoutMessage, shape, type.Size);
        var filters = Hdf5Filters.Read(source, header.Find(MessageType.Filters));
        var dataset = new Hdf5Dataset(source, options, type, shape, layout, filters, FillValue(source, header, type.Size));
        if (type.IsText)
        {
            if (Hdf5Values.Count(shape) <= 1000)
                content.Add(name, Hdf5Values.Texts(source, type, dataset.Load(0, (int)(shape is [var first, ..] ? first : 1)),
                    layoutMessage.Address));
            return;
        }
        int[] axes = shape.Length == 0 ? [1] : [.. shape.Select(axis => (int)axis)];
        content.Add(new NumericArray(name, axes, IsColumnMajor: false, type.Kind!.Value, type.IsBigEndian,
            ReadOnlyMemory<byte>.Empty) { Load = dataset.Load });
    }

    /// <summary>Rows of the first axis, as they would lie in memory.</summary>
    private byte[] Load(int from, int count)
    {
        var shape = _shape.Length == 0 ? [1] : (long[])[count, .. _shape[1..]];
        var values = Hdf5Values.Count(shape);
        var size = (Int128)values * _type.Size;
        // What the file does not store takes memory all the same; deflate makes at most about a thousand of one.
        ValueLimit.RequireWithGaps(_source.File, 1, values, Math.Max(_source.Length, 1), _options);
        if (size > Array.MaxLength)
            throw new EcgFormatException(_source.File, null, $"{size} bytes of one recording", $"at most {Array.MaxLength}");
        var rowSize = _shape.Length == 0 ? _type.Size : (long)(size / count);
        if (_layout.Compact is { } compact)
            return compact.Slice((int)(from * rowSize), (int)size).ToArray();
        if (_layout.Chunk is null)
            return _layout.Address is { } address ? _source.Read(address + (from * rowSize), (long)size, "samples") : Filled((int)size);
        var target = Filled((int)size);
        var copy = new Hdf5ChunkCopy(_shape, _layout.Chunk, _type.Size, from, count, target);
        foreach (var chunk in Hdf5Chunks.Of(_source, _layout, _shape, from, count, _filters))
            if (copy.Touches(chunk.Offset))
                copy.Write(_filters.Decode(_source, _source.Read(chunk.Address, chunk.Size, "a chunk"), chunk, _layout.ChunkBytes),
                    chunk.Offset);
        return target;
    }

    private byte[] Filled(int size)
    {
        var bytes = new byte[size];
        if (_fill is { Length: > 0 } fill && fill.AsSpan().ContainsAnyExcept((byte)0))
            for (var at = 0; at + fill.Length <= size; at += fill.Length)
                fill.CopyTo(bytes, at);
        return bytes;
    }

    /// <summary>The value of elements that are not stored; null for zeros.</summary>
    private static byte[]? FillValue(Hdf5Source source, Hdf5Object header, int size)
    {
        if (header.Find(MessageType.FillValue) is not { } message)
            return null;
        var fields = source.Cursor(message.Data.Span, message.Address);
        var version = fields.Byte();
        if (version == 3)
        {
            if ((fields.Byte() & 0x20) == 0)
                return null;
        }
        else
        {
            fields.Skip(2);
            if (version is not (1 or 2) || (fields.Byte() == 0 && version == 2))
                return null;
        }
        var length = fields.UInt32();
        return length == size ? fields.Take(length).ToArray() : null;
    }
}
