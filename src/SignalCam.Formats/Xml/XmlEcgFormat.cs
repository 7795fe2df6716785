using SignalCam.Abstractions;

namespace SignalCam.Formats.Xml;

/// <summary>A format that is XML, told from others by its root element and read from front to back.</summary>
/// <param name="name">The name it is looked up by.</param>
/// <param name="root">Local name of the root element.</param>
/// <param name="mayHaveDoctype">Whether files name a DTD, which is stepped over and never fetched; otherwise it is an error.</param>
internal abstract class XmlEcgFormat(string name, string root, bool mayHaveDoctype = false) : IEcgFormat
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool Recognizes(EcgFileSource file) => XmlRoot.Is(file, root);

    /// <inheritdoc/>
    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        using var xml = XmlCursor.Open(file, options, mayHaveDoctype, cancellationToken);
        return Read(xml, options);
    }

    /// <summary>Reads the document.</summary>
    /// <param name="xml">At the root element.</param>
    /// <param name="options">What to read, and how strictly.</param>
    protected abstract EcgRecording Read(XmlCursor xml, EcgReadOptions options);
}
