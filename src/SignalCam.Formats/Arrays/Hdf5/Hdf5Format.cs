using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>
/// HDF5, and with it MATLAB's MAT files of version 7.3: datasets of numbers and texts in groups, with attributes. Links to other files,
/// virtual datasets and soft links are not followed: a file is read from its own bytes alone.
/// </summary>
internal sealed class Hdf5Format : IEcgFormat
{
    private const int DeepestGroup = 16;
    private const int MostObjects = 10_000;

    public string Name => "hdf5";

    public bool Recognizes(EcgFileSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Hdf5Source.FindSuperblock(file.Head.Span) is not null;
    }

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        using var opened = file.Open();
        using var stream = opened.CanSeek ? opened : new MemoryStream(file.ReadAll(options.MaxBytes).ToArray(), writable: false);
        if (stream.Length > options.MaxBytes)
            throw new EcgFormatException(file.Name, null, $"{stream.Length} bytes",
                $"at most {options.MaxBytes} (EcgReadOptions.MaxBytes)");
        if (Hdf5Source.FindSuperblock(file.Head.Span) is not { } superblock)
            throw new EcgFormatException(file.Name, null, "no HDF5 signature", "one at byte 0, 512, 1024 or 2048");
        var source = Hdf5Source.Open(stream, file.Name, superblock, cancellationToken);
        var content = new ArrayContent();
        ReadObject(source, source.Root, "", options, content, DeepestGroup, []);
        return ArrayRecording.From(file.Name, Name, content, options);
    }

    /// <summary>Reads a group and all below it. An object that several links name is read once.</summary>
    private static void ReadObject(Hdf5Source source, long address, string path, EcgReadOptions options, ArrayContent content, int depth,
        HashSet<long> seen)
    {
        if (!seen.Add(address))
            return;
        if (depth == 0 || seen.Count > MostObjects)
            throw source.Error(address, depth == 0 ? $"groups more than {DeepestGroup} deep" : $"more than {MostObjects} objects", "fewer");
        var header = Hdf5Object.Read(source, address);
        Hdf5Attributes.Read(source, header, content);
        if (Hdf5Groups.Members(source, header) is not { } members)
        {
            Hdf5Dataset.Add(source, header, path, options, content);
            return;
        }
        foreach (var (name, child) in members)
            // MATLAB keeps what variables refer to in a group of this name.
            if (name != "#refs#" && name != "#subsystem#")
                ReadObject(source, child, path.Length == 0 ? name : $"{path}/{name}", options, content, depth - 1, seen);
    }
}
