using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Datasets;

/// <summary>
/// The file of a <see cref="CachedDataset"/>: what it is made of, a byte for each entry that says whether it is kept, then from a page's
/// begin on the samples (entry, lead, time) in thousandths of a millivolt, 16 bits each.
/// </summary>
/// <remarks>
/// Read and written at its places, not mapped into memory: where a mapped file is cut short, or its disk is full, the process ends.
/// </remarks>
internal sealed class CacheFile : IDisposable
{
    // Raised with every change of the layout.
    private const string Kind = "SignalCam recordings 1";
    private const int PageBytes = 4096;
    private const float UnitsPerMillivolt = 1000;
    private const short Invalid = short.MinValue;

    // Far above any recording; a head that is longer is none of ours.
    private const int MostHeadBytes = 1 << 16;
    private const int MostLeads = 1000;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _begin;
    private readonly byte[] _kept;
    private readonly SignalLayout _layout;

    private CacheFile(SafeFileHandle file, string path, Head head, byte[] kept) =>
        (_file, _path, _begin, _kept, _layout) = (file, path, head.Begin(kept.Length), kept, head.Layout);

    /// <summary>The part of the file before the bytes that say which entries are kept.</summary>
    private readonly record struct Head(SignalLayout Layout, int Bytes)
    {
        public long RecordingBytes => (long)Layout.LeadCount * Layout.Length * sizeof(short);

        public long Begin(int count) => (Bytes + (long)count + PageBytes - 1) / PageBytes * PageBytes;

        /// <summary>Length of the whole file, which a head that is none of ours may claim to be beyond all bounds.</summary>
        public Int128 FileBytes(int count) => (Int128)RecordingBytes * count + Begin(count);
    }

    /// <summary>What a cache of this dataset, as it is now, is known by.</summary>
    public static string FingerprintOf(IVersionedDataset dataset)
    {
        var text = new StringBuilder().Append(Kind).Append('\n').Append(BitConverter.IsLittleEndian).Append('\n').Append(dataset.Name)
            .Append('\n').Append(dataset.FindVersion());
        foreach (var entry in dataset.Entries)
            text.Append('\n').Append(entry.Id);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Opens a cache; null where there is none, or one of something else.</summary>
    /// <exception cref="IOException">Something that is no regular file is there, or it cannot be read.</exception>
    public static CacheFile? Open(string path, string fingerprint, int count)
    {
        SafeFileHandle file;
        try
        {
            file = RegularFile.OpenHandle(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        try
        {
            var kept = new byte[count];
            if (ReadHead(file, fingerprint) is { } head && head.RecordingBytes <= Array.MaxLength
                && head.FileBytes(count) == RandomAccess.GetLength(file) && Fill(file, kept, head.Bytes))
            {
                var cache = new CacheFile(file, path, head, kept);
                file = null!;
                return cache;
            }
            // Not one of ours, or cut off.
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Reads all recordings of a dataset and writes them, in one step as others see it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task WriteAsync(string path, string fingerprint, IVersionedDataset dataset, CancellationToken cancellationToken)
    {
        RegularFile.RequireWritable(path);
        var entries = dataset.Entries;
        var reader = new RecordingReader(dataset, options: new RecordingReaderOptions { OnBadRecording = OnBadRecording.Skip });
        var layout = await reader.LayoutOfFirstReadableAsync(entries, cancellationToken).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var kept = new byte[entries.Count];
            var bytes = HeadOf(fingerprint, layout);
            var head = new Head(layout, bytes.Length);
            using (var file = File.OpenHandle(unfinished, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                RandomAccess.Write(file, bytes, 0);
                RandomAccess.SetLength(file, (long)head.FileBytes(entries.Count));
                await reader.ForEachAsync(
                    entries,
                    (index, signal) => kept[index] = Keep(signal, layout, file, head.Begin(entries.Count) + index * head.RecordingBytes),
                    null, cancellationToken).ConfigureAwait(false);
                RandomAccess.Write(file, kept, bytes.Length);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>A recording; null where it is not kept.</summary>
    /// <exception cref="EcgFormatException">The file has become shorter since it was opened.</exception>
    public EcgSignal? Read(int index)
    {
        if (_kept[index] == 0)
            return null;
        var size = _layout.LeadCount * _layout.Length;
        var rented = ArrayPool<byte>.Shared.Rent(size * sizeof(short));
        try
        {
            var bytes = rented.AsSpan(0, size * sizeof(short));
            var at = _begin + (long)index * bytes.Length;
            if (!Fill(_file, bytes, at))
                throw new EcgFormatException(_path, $"byte {at}", "the end of the file", "the samples that were there when it was opened");
            var samples = GC.AllocateUninitializedArray<float>(size);
            ToMillivolt(MemoryMarshal.Cast<byte, short>(bytes), samples);
            return new EcgSignal(samples, _layout);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "a cache of recordings");
            throw new EcgFormatException(_path, null, found, expected, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Dispose() => _file.Dispose();

    private static unsafe void ToMillivolt(ReadOnlySpan<short> digital, float[] samples)
    {
        Vector256<float> zero = default, units = Vector256.Create(UnitsPerMillivolt);
        fixed (short* source = digital)
        fixed (float* target = samples)
        {
            var i = 0;
            for (; i <= samples.Length - Vector128<short>.Count; i += Vector128<short>.Count)
                InterleavedLeads.Scale(Vector128.Load(source + i), zero, units).Store(target + i);
            for (; i < samples.Length; i++)
                target[i] = source[i] == Invalid ? float.NaN : source[i] / UnitsPerMillivolt;
        }
    }

    private static bool Fill(SafeFileHandle file, Span<byte> bytes, long at)
    {
        for (int read; !bytes.IsEmpty; bytes = bytes[read..], at += read)
            if ((read = RandomAccess.Read(file, bytes, at)) == 0)
                return false;
        return true;
    }

    private static byte[] HeadOf(string fingerprint, SignalLayout layout)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Kind);
        writer.Write(fingerprint);
        writer.Write(layout.LeadCount);
        foreach (var lead in layout.Leads)
            writer.Write(lead);
        writer.Write(layout.Length);
        writer.Write(layout.SamplingRate);
        writer.Flush();
        return bytes.ToArray();
    }

    private static Head? ReadHead(SafeFileHandle file, string fingerprint)
    {
        var bytes = new byte[Math.Min(MostHeadBytes, RandomAccess.GetLength(file))];
        if (!Fill(file, bytes, 0))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (reader.ReadString() != Kind || reader.ReadString() != fingerprint
                || reader.ReadInt32() is var leadCount && leadCount is < 1 or > MostLeads)
                return null;
            var leads = new string[leadCount];
            for (var i = 0; i < leads.Length; i++)
                leads[i] = reader.ReadString();
            return new Head(new SignalLayout(leads, reader.ReadInt32(), reader.ReadDouble()), (int)reader.BaseStream.Position);
        }
        // IOException: a text whose length is negative.
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Writes a recording if it comes back the same; returns whether it did.</summary>
    private static byte Keep(EcgSignal signal, SignalLayout layout, SafeFileHandle file, long at)
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
        RandomAccess.Write(file, MemoryMarshal.AsBytes<short>(digital), at);
        return 1;
    }
}
