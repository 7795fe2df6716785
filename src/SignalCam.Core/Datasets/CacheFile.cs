using System.IO.MemoryMappedFiles;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Datasets;

/// <summary>
/// The file of a <see cref="CachedDataset"/>: what it is made of, a byte for each entry that says whether it is kept, then from a page's
/// begin on the samples (entry, lead, time) in thousandths of a millivolt, 16 bits each.
/// </summary>
internal sealed class CacheFile : IDisposable
{
    // Raised with every change of the layout.
    private const string Kind = "SignalCam recordings 1";
    private const int PageBytes = 4096;
    private const float UnitsPerMillivolt = 1000;
    private const short Invalid = short.MinValue;

    // More than any text in the head has: a file that claims more is not one of ours.
    private const int MostTextBytes = 4096;
    private const int MostLeads = 4096;

    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _begin;
    private readonly byte[] _kept;
    private readonly SignalLayout _layout;

    private CacheFile(MemoryMappedFile map, long begin, byte[] kept, SignalLayout layout)
    {
        (_map, _begin, _kept, _layout) = (map, begin, kept, layout);
        _view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>What a cache of this dataset, as it is now, is known by.</summary>
    public static string FingerprintOf(IVersionedDataset dataset)
    {
        var text = new StringBuilder().Append(Kind).Append('\n').Append(BitConverter.IsLittleEndian).Append('\n').Append(dataset.Name).Append('\n').Append(dataset.FindVersion());
        foreach (var entry in dataset.Entries)
            text.Append('\n').Append(entry.Id);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Opens a cache; null where there is none, or one of something else.</summary>
    public static CacheFile? Open(string path, string fingerprint, int count)
    {
        // A pipe or a device says that it has no bytes, and would be waited for.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return null;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var reader = new BinaryReader(stream);
        try
        {
            if (ReadText(reader) != Kind || ReadText(reader) != fingerprint || reader.ReadInt32() is not (>= 1 and <= MostLeads and var leadCount))
                return null;
            var leads = new string[leadCount];
            for (var i = 0; i < leads.Length; i++)
                leads[i] = ReadText(reader);
            var layout = new SignalLayout(leads, reader.ReadInt32(), reader.ReadDouble());
            var kept = reader.ReadBytes(count);
            var begin = PageAfter(stream.Position);
            return stream.Length == begin + Bytes(layout, count)
                ? new CacheFile(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read), begin, kept, layout)
                : null;
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or OverflowException or FormatException)
        {
            // Not one of ours, or cut off.
            return null;
        }
    }

    /// <summary>Reads all recordings of a dataset and writes them, in one step as others see it.</summary>
    public static async Task WriteAsync(string path, string fingerprint, IVersionedDataset dataset, CancellationToken cancellationToken)
    {
        var entries = dataset.Entries;
        var reader = new RecordingReader(dataset, options: new RecordingReaderOptions { OnBadRecording = OnBadRecording.Skip });
        var layout = await reader.LayoutOfFirstReadableAsync(entries, cancellationToken).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var kept = new byte[entries.Count];
            var (keptAt, begin) = WriteHead(unfinished, fingerprint, layout, entries.Count);
            using (var map = MemoryMappedFile.CreateFromFile(unfinished, FileMode.Open))
            using (var view = map.CreateViewAccessor())
            {
                var size = layout.LeadCount * layout.Length;
                await reader.ForEachAsync(entries, (index, signal) => kept[index] = Keep(signal, layout, view, begin + (long)index * size * sizeof(short)), null, cancellationToken).ConfigureAwait(false);
                view.WriteArray(keptAt, kept, 0, kept.Length);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>A recording; null where it is not kept.</summary>
    public unsafe EcgSignal? Read(int index)
    {
        if (_kept[index] == 0)
            return null;
        var size = _layout.LeadCount * _layout.Length;
        var samples = GC.AllocateUninitializedArray<float>(size);
        byte* address = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        try
        {
            ToMillivolt((short*)(address + _begin) + (long)index * size, samples);
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        return new EcgSignal(samples, _layout);
    }

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
    }

    private static unsafe void ToMillivolt(short* source, float[] samples)
    {
        Vector256<float> zero = default, units = Vector256.Create(UnitsPerMillivolt);
        fixed (float* target = samples)
        {
            var i = 0;
            for (; i <= samples.Length - Vector128<short>.Count; i += Vector128<short>.Count)
                InterleavedLeads.Scale(Vector128.Load(source + i), zero, units).Store(target + i);
            for (; i < samples.Length; i++)
                target[i] = source[i] == Invalid ? float.NaN : source[i] / UnitsPerMillivolt;
        }
    }

    private static (long KeptAt, long Begin) WriteHead(string path, string fingerprint, SignalLayout layout, int count)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        using var writer = new BinaryWriter(stream);
        writer.Write(Kind);
        writer.Write(fingerprint);
        writer.Write(layout.LeadCount);
        foreach (var lead in layout.Leads)
            writer.Write(lead);
        writer.Write(layout.Length);
        writer.Write(layout.SamplingRate);
        writer.Flush();
        var keptAt = stream.Position;
        var begin = PageAfter(keptAt + count);
        stream.SetLength(begin + Bytes(layout, count));
        return (keptAt, begin);
    }

    /// <summary>Text as <see cref="BinaryWriter"/> writes it, whose reader trusts the length that the file claims.</summary>
    private static string ReadText(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        if (length is < 0 or > MostTextBytes)
            throw new FormatException($"a text of {length} bytes");
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new EndOfStreamException();
    }

    /// <summary>Writes a recording if it comes back the same; returns whether it did.</summary>
    private static byte Keep(EcgSignal signal, SignalLayout layout, MemoryMappedViewAccessor view, long at)
    {
        if (!signal.Layout.Equals(layout))
            return 0;
        var samples = signal.Samples.Span;
        var digital = new short[samples.Length];
        for (var i = 0; i < digital.Length; i++)
        {
            var rounded = float.IsNaN(samples[i]) ? Invalid : MathF.Round(samples[i] * UnitsPerMillivolt);
            if (!(Math.Abs(rounded) <= short.MaxValue) && !float.IsNaN(samples[i]))
                return 0;
            digital[i] = (short)rounded;
            if (digital[i] != Invalid && digital[i] / UnitsPerMillivolt != samples[i])
                return 0;
        }
        view.WriteArray(at, digital, 0, digital.Length);
        return 1;
    }

    private static long Bytes(SignalLayout layout, int count) => checked((long)layout.LeadCount * layout.Length * sizeof(short) * count);

    private static long PageAfter(long position) => (position + PageBytes - 1) / PageBytes * PageBytes;
}
