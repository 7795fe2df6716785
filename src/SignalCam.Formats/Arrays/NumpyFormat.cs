using System.Buffers.Binary;
using System.IO.Compression;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays;

/// <summary>NumPy arrays: .npy holds one, .npz is a ZIP archive of several.</summary>
internal sealed class NumpyFormat : IEcgFormat
{
    private const int MostEntries = 1000;
    private const string Extension = ".npy";

    public string Name => "numpy";

    public bool Recognizes(EcgFileSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return NpyArray.IsArray(file.Head.Span) || IsArchive(file.Head.Span);
    }

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var bytes = file.ReadAll(options.MaxBytes);
        var content = new ArrayContent();
        if (NpyArray.IsArray(bytes.Span))
            NpyArray.Read(file.Name, "", bytes, content);
        else
            ReadArchive(file, options, content, cancellationToken);
        return ArrayRecording.From(file.Name, Name, content, options);
    }

    /// <summary>A ZIP archive whose first entry is an array.</summary>
    private static bool IsArchive(ReadOnlySpan<byte> head)
    {
        const int NameAt = 30;
        if (head.Length < NameAt || !head.StartsWith("PK\u0003\u0004"u8))
            return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(head[26..]);
        return length <= head.Length - NameAt && head.Slice(NameAt, length).EndsWith(".npy"u8);
    }

    private static void ReadArchive(EcgFileSource file, EcgReadOptions options, ArrayContent content, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = file.Open();
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            if (archive.Entries.Count > MostEntries)
                throw new EcgFormatException(file.Name, null, $"{archive.Entries.Count} entries", $"at most {MostEntries} arrays");
            var left = options.MaxBytes;
            foreach (var entry in archive.Entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                    continue;
                using var data = entry.Open();
                var bytes = Sources.BoundedReading.ReadToEnd(data, $"{file.Name}, {entry.FullName}", left);
                left -= bytes.Length;
                NpyArray.Read($"{file.Name}, {entry.FullName}", entry.FullName[..^Extension.Length], bytes, content);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new EcgFormatException(file.Name, null, $"a broken ZIP archive ({e.Message})", "an archive as numpy.savez writes it", e);
        }
    }
}
