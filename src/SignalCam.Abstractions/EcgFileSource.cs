namespace SignalCam.Abstractions;

/// <summary>A file as a format sees it: its name, its first bytes, its content, and the files beside it.</summary>
/// <remarks>Its origin (a path, a stream, an upload, an archive) does not matter to the format.</remarks>
public abstract class EcgFileSource
{
    /// <summary>The maximum length of <see cref="Head"/> in bytes.</summary>
    public const int HeadLength = 4096;

    /// <summary>The path or name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>The file's first bytes, at most <see cref="HeadLength"/>.</summary>
    public abstract ReadOnlyMemory<byte> Head { get; }

    /// <summary>Opens the file from its beginning. The caller disposes the stream.</summary>
    /// <exception cref="EcgFormatException">It cannot be opened.</exception>
    public abstract Stream Open();

    /// <summary>
    /// The whole content; valid until <see cref="IEcgFormat.Read"/> returns, after which the memory may serve another file.
    /// </summary>
    /// <param name="maxBytes">The maximum number of bytes to read.</param>
    /// <exception cref="EcgFormatException">The file is larger, or cannot be read.</exception>
    public abstract ReadOnlyMemory<byte> ReadAll(long maxBytes);

    /// <summary>Opens a file beside this one by its plain name; null if there is none. The caller disposes the stream.</summary>
    /// <exception cref="EcgFormatException">
    /// The name is a path, leads out of the folder, or names something that is not a regular file.
    /// </exception>
    public abstract Stream? OpenSibling(string name);
}
