using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>
/// The bytes of an HDF5 file, read at any address, and the sizes of addresses and lengths from its superblock. Every structure that is
/// followed counts towards a limit, so that no file can keep a reader busy forever.
/// </summary>
internal sealed class Hdf5Source
{
    /// <summary>Structures that are followed in one file: headers, nodes of trees, heaps, blocks.</summary>
    private const int MostStructures = 200_000;

    private readonly Stream _stream;
    private readonly long _base;
    private readonly CancellationToken _cancellationToken;
    private int _structures;

    private Hdf5Source(Stream stream, string file, long start, CancellationToken cancellationToken) =>
        (_stream, File, _base, _cancellationToken) = (stream, file, start, cancellationToken);

    /// <summary>For messages.</summary>
    public string File { get; }

    /// <summary>Bytes of an address.</summary>
    public int OffsetSize { get; private set; }

    /// <summary>Bytes of a length.</summary>
    public int LengthSize { get; private set; }

    /// <summary>Address of the root group's object header.</summary>
    public long Root { get; private set; }

    /// <summary>Bytes of the file from the superblock on.</summary>
    public long Length => _stream.Length - _base;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>
    /// Where the superblock is: at the beginning, or behind a user block of 512 bytes and its doublings; null if there is none in these
    /// bytes.
    /// </summary>
    public static int? FindSuperblock(ReadOnlySpan<byte> head)
    {
        for (var at = 0; at + Signature.Length <= head.Length; at = at == 0 ? 512 : 2 * at)
            if (head[at..].StartsWith(Signature))
                return at;
        return null;
    }

    /// <summary>Opens a file.</summary>
    /// <param name="stream">Its bytes, which can be read at any place.</param>
    /// <param name="file">For messages.</param>
    /// <param name="superblock">Where the superblock is; all addresses count from there.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EcgFormatException">The superblock is corrupt, or of a version that is not known.</exception>
    public static Hdf5Source Open(Stream stream, string file, long superblock, CancellationToken cancellationToken)
    {
        var source = new Hdf5Source(stream, file, superblock, cancellationToken);
        source.ReadSuperblock();
        return source;
    }

    /// <summary>A block of bytes at an address.</summary>
    /// <exception cref="EcgFormatException">It reaches beyond the end of the file, or too many blocks were read.</exception>
    public byte[] Read(long address, long length, string what)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (++_structures > MostStructures)
            throw Error(address, $"more than {MostStructures} structures", "a file of fewer parts");
        if (address < 0 || length < 0 || length > Length - address || length > Array.MaxLength)
            throw Error(address, $"{what} of {length} bytes", $"at most the {Math.Max(0, Length - address)} that are there");
        var bytes = new byte[length];
        _stream.Position = _base + address;
        if (Sources.BoundedReading.Guard(File, () => _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)) < bytes.Length)
            throw Error(address, "the end of the file", what);
        return bytes;
    }

    /// <summary>The bytes from an address on, at most a number of them.</summary>
    public byte[] ReadUpTo(long address, long most, string what) => Read(address, Math.Min(most, address < 0 ? 0 : Length - address), what);

    /// <summary>Reads the fields of a block one after the other.</summary>
    public Hdf5Cursor Cursor(ReadOnlySpan<byte> bytes, long address = 0) => new(this, bytes, address);

    /// <summary>An error at an address.</summary>
    public EcgFormatException Error(long address, string found, string expected) => new(File, $"byte {_base + address}", found, expected);

    private void ReadSuperblock()
    {
        const int AtMost = 128;
        (OffsetSize, LengthSize) = (8, 8);
        var fields = Cursor(ReadUpTo(0, AtMost, "a superblock"));
        fields.Skip(8);
        var version = fields.Byte();
        if (version > 3)
            throw Error(8, $"version {version} of the superblock", "0 to 3");
        if (version <= 1)
            fields.Skip(4);
        OffsetSize = fields.Byte();
        LengthSize = fields.Byte();
        if (OffsetSize is not (2 or 4 or 8) || LengthSize is not (2 or 4 or 8))
            throw Error(8, $"addresses of {OffsetSize} and lengths of {LengthSize} bytes", "2, 4 or 8");
        if (version <= 1)
        {
            fields.Skip(version == 0 ? 9 : 13);
            // Base address, free space, end of file, driver information, then the root group's entry: its name and header.
            fields.Skip(5 * OffsetSize);
        }
        else
        {
            fields.Skip(1 + (3 * OffsetSize));
        }
        Root = fields.Address() ?? throw Error(8, "no root group", "its address");
    }
}
