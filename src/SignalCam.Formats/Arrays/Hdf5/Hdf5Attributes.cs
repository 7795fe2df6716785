using System.Text;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>
/// Adds the attributes of groups and datasets to what a file holds: texts, and single numbers. Those in a fractal heap (more than eight,
/// new format) are not read.
/// </summary>
internal static class Hdf5Attributes
{
    private const int LargestValue = 1 << 16;

    public static void Read(Hdf5Source source, Hdf5Object owner, ArrayContent content)
    {
        foreach (var message in owner.Messages)
            if (message is { Type: MessageType.Attribute, IsShared: false })
                Read(source, message, content);
    }

    private static void Read(Hdf5Source source, Message message, ArrayContent content)
    {
        var fields = source.Cursor(message.Data.Span, message.Address);
        var version = fields.Byte();
        var flags = fields.Byte();
        // A shared type or shape would have to be looked up for a fact that an option can give.
        if (version is < 1 or > 3 || (version > 1 && (flags & 3) != 0))
            return;
        var (nameSize, typeSize, shapeSize) = (fields.UInt16(), fields.UInt16(), fields.UInt16());
        if (version == 3)
            fields.Skip(1);
        var name = Encoding.UTF8.GetString(Take(ref fields, nameSize, version)).TrimEnd('\0');
        var type = Hdf5Type.Read(source, Take(ref fields, typeSize, version), message.Address);
        var shape = Hdf5Values.Shape(source, Take(ref fields, shapeSize, version), message.Address);
        if (shape is null || name.Length == 0)
            return;
        var size = (Int128)Hdf5Values.Count(shape) * type.Size;
        if (size > Math.Min(fields.Left, LargestValue))
            return;
        var data = fields.Take((long)size);
        if (type.IsText)
            content.Add(name, Hdf5Values.Texts(source, type, data, message.Address));
        else if (type.Kind is { } kind && data.Length == type.Size)
            content.Add(new NumericArray(name, [1], IsColumnMajor: false, kind, type.IsBigEndian, data.ToArray()));
    }

    /// <summary>Parts of version 1 end at a multiple of 8.</summary>
    private static ReadOnlySpan<byte> Take(ref Hdf5Cursor fields, int size, int version)
    {
        var part = fields.Take(size);
        if (version == 1)
            fields.Skip(Math.Min(fields.Left, -size & 7));
        return part;
    }
}
