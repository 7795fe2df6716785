using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Sources;

/// <summary>A file whose content is in memory, perhaps with others beside it.</summary>
internal sealed class MemorySource(string name, ReadOnlyMemory<byte> content, IReadOnlyDictionary<string,
    ReadOnlyMemory<byte>>? siblings = null) : EcgFileSource
{
    public override string Name => name;

    public override ReadOnlyMemory<byte> Head => content[..Math.Min(content.Length, HeadLength)];

    public override Stream Open() => StreamOf(content);

    public override ReadOnlyMemory<byte> ReadAll(long maxBytes) => content.Length <= maxBytes ? content
        : throw BoundedReading.TooLarge(name, maxBytes);

    public override Stream? OpenSibling(string name)
    {
        SiblingName.RequirePlain(Name, name);
        return siblings is not null && siblings.TryGetValue(name, out var bytes) ? StreamOf(bytes) : null;
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
