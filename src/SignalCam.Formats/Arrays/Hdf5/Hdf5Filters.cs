using System.Buffers.Binary;
using System.IO.Compression;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>The filters of a dataset's chunks, and how to reverse them: deflate, shuffle, Fletcher's checksum and h5py's LZF.</summary>
internal sealed class Hdf5Filters
{
    private const int MostFilters = 32;
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Fletcher32 = 3;
    private const int Lzf = 32000;

    private readonly List<(int Id, uint[] Values)> _filters = [];

    private Hdf5Filters()
    {
    }

    /// <summary>Whether chunks are stored as they are.</summary>
    public bool IsEmpty => _filters.Count == 0;

    /// <summary>Reads a filter pipeline message; null for none.</summary>
    /// <exception cref="EcgFormatException">A filter is not supported; the message names it.</exception>
    public static Hdf5Filters Read(Hdf5Source source, Message? message)
    {
        var filters = new Hdf5Filters();
        if (message is not { } known)
            return filters;
        var fields = source.Cursor(known.Data.Span, known.Address);
        var (version, count) = (fields.Byte(), fields.Byte());
        if (version is not (1 or 2) || count > MostFilters)
            throw source.Error(known.Address, $"{count} filters of version {version}", $"at most {MostFilters} of version 1 or 2");
        if (version == 1)
            fields.Skip(6);
        for (var i = 0; i < count; i++)
        {
            var id = fields.UInt16();
            var nameLength = version == 1 || id >= 256 ? fields.UInt16() : 0;
            fields.Skip(2);
            var values = new uint[fields.UInt16()];
            fields.Skip(version == 1 ? (nameLength + 7) & ~7 : nameLength);
            for (var v = 0; v < values.Length; v++)
                values[v] = fields.UInt32();
            if (version == 1 && values.Length % 2 != 0)
                fields.Skip(4);
            if (id is not (Deflate or Shuffle or Fletcher32 or Lzf))
                throw source.Error(known.Address, $"chunks compressed by {NameOf(id)}", "gzip, LZF or none");
            filters._filters.Add((id, values));
        }
        return filters;
    }

    /// <summary>Undoes the filters of a chunk, the last one first.</summary>
    public byte[] Decode(Hdf5Source source, byte[] bytes, StoredChunk chunk, int size)
    {
        for (var i = _filters.Count - 1; i >= 0; i--)
        {
            if ((chunk.Mask >> i & 1) != 0)
                continue;
            var (id, values) = _filters[i];
            bytes = id switch
            {
                Deflate => Inflate(source, bytes, chunk, size + 4),
                Shuffle => Unshuffled(bytes, values is [var element, ..] ? element : 1),
                Fletcher32 => Verified(source, bytes, chunk),
                _ => LzfDecoder.Decode(bytes, size + 4) ?? throw source.Error(chunk.Address, "a chunk that is broken", "an LZF stream"),
            };
        }
        return bytes.Length >= size ? bytes : throw source.Error(chunk.Address, $"a chunk of {bytes.Length} bytes", $"{size}");
    }

    private static string NameOf(int id) => id switch { 4 => "SZIP", 5 => "N-bit", 6 => "scale and offset", 32001 => "Blosc",
        32004 => "LZ4", 32008 => "bitshuffle", 32015 => "Zstandard", 307 => "bzip2", _ => $"filter {id}" };

    /// <summary>In growing steps, and no more than a chunk has.</summary>
    private static byte[] Inflate(Hdf5Source source, byte[] bytes, StoredChunk chunk, int most)
    {
        try
        {
            using var inflater = new ZLibStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
            var buffer = new byte[Math.Min(most, Math.Max(1 << 12, 4L * bytes.Length))];
            for (var length = 0; ;)
            {
                length += inflater.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false);
                if (length < buffer.Length || length == most)
                {
                    Array.Resize(ref buffer, length);
                    return buffer;
                }
                Array.Resize(ref buffer, (int)Math.Min(most, 2L * buffer.Length));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new EcgFormatException(source.File, $"byte {chunk.Address}", $"a chunk that is broken ({e.Message})", "a zlib stream", e);
        }
    }

    /// <summary>First bytes of all elements, then second bytes, and so on: back to elements. What is left over stays at the end.</summary>
    private static byte[] Unshuffled(byte[] bytes, uint size)
    {
        if (size <= 1 || size > bytes.Length)
            return bytes;
        var (count, width) = (bytes.Length / (int)size, (int)size);
        var elements = (byte[])bytes.Clone();
        for (var b = 0; b < width; b++)
            for (var i = 0; i < count; i++)
                elements[(i * width) + b] = bytes[(b * count) + i];
        return elements;
    }

    private static byte[] Verified(Hdf5Source source, byte[] bytes, StoredChunk chunk)
    {
        if (bytes.Length < 4)
            throw source.Error(chunk.Address, $"a chunk of {bytes.Length} bytes", "its checksum at least");
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4));
        var sum = Fletcher(bytes.AsSpan(0, bytes.Length - 4));
        return sum == stated ? bytes[..^4] : throw source.Error(chunk.Address, $"checksum {sum:x8} of a chunk",
            $"{stated:x8}, as the chunk states");
    }

    /// <summary>Fletcher's checksum over words with the first byte the higher one; a last single byte is a word's higher half.</summary>
    private static uint Fletcher(ReadOnlySpan<byte> bytes)
    {
        var (low, high) = (0U, 0U);
        for (var at = 0; at < bytes.Length; at += 2)
        {
            low = (low + (uint)(bytes[at] << 8 | (at + 1 < bytes.Length ? bytes[at + 1] : 0))) % 65535;
            high = (high + low) % 65535;
        }
        return high << 16 | low;
    }
}

/// <summary>Decodes LZF, the compression of h5py's "lzf": runs of literals, and references to what was decoded before.</summary>
internal static class LzfDecoder
{
    /// <summary>The decoded bytes; null if the stream is broken or becomes longer than it may.</summary>
    public static byte[]? Decode(ReadOnlySpan<byte> bytes, int most)
    {
        var decoded = new byte[most];
        var length = 0;
        for (var at = 0; at < bytes.Length;)
        {
            int control = bytes[at++];
            if (control < 32)
            {
                var run = control + 1;
                if (run > bytes.Length - at || run > most - length)
                    return null;
                bytes.Slice(at, run).CopyTo(decoded.AsSpan(length));
                at += run;
                length += run;
                continue;
            }
            var count = control >> 5;
            if (count == 7)
            {
                if (at >= bytes.Length)
                    return null;
                count += bytes[at++];
            }
            if (at >= bytes.Length)
                return null;
            var from = length - ((control & 31) << 8) - bytes[at++] - 1;
            count += 2;
            if (from < 0 || count > most - length)
                return null;
            // Byte by byte: the two may overlap.
            for (; count > 0; count--)
                decoded[length++] = decoded[from++];
        }
        return decoded[..length];
    }
}
