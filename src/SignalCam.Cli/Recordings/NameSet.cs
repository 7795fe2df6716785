using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SignalCam.Cli.Recordings;

/// <summary>A set of names that keeps 16 bytes of each: a million paths themselves would take some hundred megabytes.</summary>
internal sealed class NameSet
{
    private readonly HashSet<UInt128> _names = [];

    public int Count => _names.Count;

    /// <summary>Adds a name; false where it already exists.</summary>
    public bool Add(string name) => _names.Add(Digest(name));

    public bool Contains(string name) => _names.Contains(Digest(name));

    private static UInt128 Digest(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
