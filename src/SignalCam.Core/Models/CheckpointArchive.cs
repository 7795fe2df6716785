using System.IO.Compression;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>The archive of a checkpoint: PREFIX/data.pkl, PREFIX/data/KEY for each storage, PREFIX/byteorder.</summary>
internal sealed class CheckpointArchive
{
    /// <summary>Several tensors may be views of one storage; together they may not be larger than the file by more than this.</summary>
    private const int MaxGrowth = 16;

    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _storages = new(StringComparer.Ordinal);
    private readonly string _file;
    private readonly string _prefix;
    private readonly long _length;
    private long _unread;
    private long _unviewed;

    public CheckpointArchive(ZipArchive archive, long length, string file)
    {
        _file = file;
        _length = length;
        _unread = length;
        _unviewed = length * MaxGrowth;
        foreach (var entry in archive.Entries)
            if (!_entries.TryAdd(entry.FullName, entry))
                throw Error(entry.FullName, "a second entry of this name", "distinct names");
        var pickles = _entries.Keys.Where(n => n.EndsWith("/data.pkl", StringComparison.Ordinal)).Take(2).ToArray();
        if (pickles.Length != 1)
            throw Error(null, pickles.Length == 0 ? "an archive without data.pkl" : "several data.pkl",
                "one data.pkl, as torch.save writes");
        _prefix = pickles[0][..^"data.pkl".Length];
        // Absent before PyTorch 2.1, which wrote the machine's own order: little-endian nearly everywhere.
        if (_entries.ContainsKey(_prefix + "byteorder")
            && Encoding.ASCII.GetString(Read("byteorder", 16)).Trim() is var order && order != "little")
            throw Error("byteorder", $"'{Shown.Of(order)}'", "'little'");
    }

    /// <summary>All bytes of an entry.</summary>
    public byte[] Read(string name, long most)
    {
        if (!_entries.TryGetValue(_prefix + name, out var entry))
            throw Error(name, "no such entry", "an entry of the archive");
        // torch.save stores without compression, and what is stored cannot be longer than the file.
        if (entry.CompressedLength != entry.Length)
            throw Error(name, "a compressed entry", "a stored one, as torch.save writes");
        if (entry.Length > Math.Min(most, _unread))
            throw Error(name, $"{entry.Length} bytes", $"at most {Math.Min(most, _unread)}");
        _unread -= entry.Length;
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || stream.ReadByte() >= 0)
            throw Error(name, "another number of bytes", $"{bytes.Length}, as the archive says");
        return bytes;
    }

    /// <summary>The elements of a tensor in row-major order; contiguous ones are not copied.</summary>
    public ReadOnlyMemory<byte> Elements(PickleTensor tensor)
    {
        var storage = Storage(tensor.Storage);
        var size = tensor.Storage.DType.Size();
        NamedTensor.TryCount(tensor.Shape, out var count);
        if (count == 0)
            return ReadOnlyMemory<byte>.Empty;
        _unviewed -= count * size;
        if (_unviewed < 0)
            throw Error(null, "views that together are larger than the file", $"at most {MaxGrowth} times its {_length} bytes");
        return tensor.IsContiguous()
            ? storage.AsMemory((int)(tensor.Offset * size), (int)(count * size))
            : Gather(tensor, storage, size, (int)count);
    }

    private byte[] Storage(PickleStorage storage)
    {
        var name = $"data/{storage.Key}";
        if (!_storages.TryGetValue(storage.Key, out var bytes))
            _storages.Add(storage.Key, bytes = Read(name, long.MaxValue));
        var size = storage.DType.Size();
        if (bytes.Length / size != storage.Count || bytes.Length % size != 0)
            throw Error(name, $"{bytes.Length} bytes", $"{storage.Count} elements of {size} bytes");
        return bytes;
    }

    private static byte[] Gather(PickleTensor tensor, byte[] storage, int size, int count)
    {
        var elements = new byte[count * size];
        var index = new long[tensor.Shape.Length];
        var from = tensor.Offset;
        for (var i = 0; i < count; i++)
        {
            storage.AsSpan((int)from * size, size).CopyTo(elements.AsSpan(i * size));
            for (var d = index.Length - 1; d >= 0; d--)
            {
                from += tensor.Strides[d];
                if (++index[d] < tensor.Shape[d])
                    break;
                from -= tensor.Strides[d] * tensor.Shape[d];
                index[d] = 0;
            }
        }
        return elements;
    }

    private ModelFormatException Error(string? entry, string found, string expected) =>
        new(_file, entry is null ? null : Shown.Of(entry), found, expected);
}
