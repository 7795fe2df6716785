using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Xml;

/// <summary>
/// Goes through an XML file from front to back, element by element. No document type is processed, no entity is expanded and nothing is
/// fetched; depth is bounded; every fault becomes an <see cref="EcgFormatException"/> with the line.
/// </summary>
internal sealed class XmlCursor : IDisposable
{
    private const int MaxDepth = 200;
    private const int NodesPerCancellationCheck = 1024;

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n");

    private readonly XmlReader _reader;
    private readonly CancellationToken _cancellationToken;
    private char[] _text = new char[256];
    private int _nodes;

    private XmlCursor(string file, XmlReader reader, CancellationToken cancellationToken)
    {
        File = file;
        _reader = reader;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The file's name, for errors.</summary>
    public string File { get; }

    /// <summary>The current element's name without its prefix.</summary>
    public string Name => _reader.LocalName;

    /// <summary>The current line, for errors.</summary>
    public string Position => string.Create(CultureInfo.InvariantCulture, $"line {((IXmlLineInfo)_reader).LineNumber}");

    /// <summary>Opens a file and moves to its root element.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">The size limit.</param>
    /// <param name="doctype">Whether a document type declaration is skipped; otherwise it is an error.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static XmlCursor Open(EcgFileSource file, EcgReadOptions options, bool doctype, CancellationToken cancellationToken)
    {
        var content = file.ReadAll(options.MaxBytes);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = doctype ? DtdProcessing.Ignore : DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = content.Length + 1L,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
            CheckCharacters = false,
            CloseInput = true,
        };
        var stream = MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);
        var text = new StreamReader(stream, XmlEncoding.Of(content.Span, file.Name));
        var cursor = new XmlCursor(file.Name, XmlReader.Create(text, settings), cancellationToken);
        try
        {
            while (cursor.Read())
                if (cursor._reader.NodeType == XmlNodeType.Element)
                    return cursor;
            throw cursor.Error("no element", "an XML document");
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    /// <summary>
    /// An attribute of the current element by its name without prefix or namespace; null if there is none or it is empty.
    /// </summary>
    public string? Attribute(string name) => _reader.GetAttribute(name) is { Length: > 0 } value ? value.Trim() : null;

    /// <summary>The element's xsi:type without its prefix; null if there is none.</summary>
    public string? Type => _reader.GetAttribute("type", XmlSchemaInstance) is { } type
        ? type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..] : null;

    private const string XmlSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>
    /// Moves to one child element of the current element after the other. The body of the loop may go into a child (<see cref="Children"/>,
    /// <see cref="Text"/>) or leave it; it reads attributes before that.
    /// </summary>
    public ChildElements Children() => new(this);

    /// <summary>The text directly inside the current element, trimmed; null if it is blank. Ends at the element's end.</summary>
    public string? Text()
    {
        var text = Characters().Trim();
        return text.IsEmpty ? null : text.ToString();
    }

    /// <summary>
    /// The text inside the current element and the elements in it, a blank between two; null if it is blank. Ends at the element's end.
    /// </summary>
    public string? DeepText()
    {
        var text = Characters(deep: true).Trim();
        return text.IsEmpty ? null : text.ToString();
    }

    /// <summary>The characters directly inside the current element; valid until the next call. Ends at the element's end.</summary>
    public ReadOnlySpan<char> Characters() => Characters(deep: false);

    private ReadOnlySpan<char> Characters(bool deep)
    {
        if (_reader.IsEmptyElement)
            return [];
        var depth = _reader.Depth;
        var length = 0;
        while (Read())
        {
            if (_reader.NodeType == XmlNodeType.EndElement && _reader.Depth == depth)
                break;
            if (_reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA) || (!deep && _reader.Depth != depth + 1))
                continue;
            if (deep && length > 0)
                length = Append(length, ' ');
            length = Append(length);
        }
        return _text.AsSpan(0, length);
    }

    /// <summary>The bytes that the text of the current element holds in Base64. Ends at the element's end.</summary>
    public byte[] Base64()
    {
        var (name, position) = (Name, Position);
        var text = WithoutBlanks(Characters().Length);
        var padding = text is [.., '=', '='] ? 2 : text is [.., '='] ? 1 : 0;
        var bytes = new byte[Math.Max(0, (text.Length / 4 * 3) - padding)];
        return Convert.TryFromBase64Chars(text, bytes, out var written) && written == bytes.Length
            ? bytes
            : throw new EcgFormatException(File, position, $"text of {text.Length} characters in {name} that is not Base64", "Base64");
    }

    /// <summary>
    /// The text moved together over its blanks and line ends. Decoding is several times as fast on text without them.
    /// </summary>
    private ReadOnlySpan<char> WithoutBlanks(int length)
    {
        var rest = _text.AsSpan(0, length);
        var kept = 0;
        while (true)
        {
            var run = rest.IndexOfAny(Blanks);
            if (run < 0)
                run = rest.Length;
            rest[..run].CopyTo(_text.AsSpan(kept));
            kept += run;
            if (run == rest.Length)
                return _text.AsSpan(0, kept);
            rest = rest[(run + 1)..];
        }
    }

    /// <summary>An error at the current line.</summary>
    public EcgFormatException Error(string found, string expected) => new(File, Position, found, expected);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private int Append(int length, char character)
    {
        if (length == _text.Length)
            Array.Resize(ref _text, 2 * length);
        _text[length] = character;
        return length + 1;
    }

    private int Append(int length)
    {
        try
        {
            while (true)
            {
                if (length == _text.Length)
                    Array.Resize(ref _text, 2 * length);
                var read = _reader.ReadValueChunk(_text, length, _text.Length - length);
                if (read == 0)
                    return length;
                length += read;
            }
        }
        catch (XmlException fault)
        {
            throw Fault(fault);
        }
    }

    private bool Read()
    {
        if (++_nodes % NodesPerCancellationCheck == 0)
            _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!_reader.Read())
                return false;
        }
        catch (XmlException fault)
        {
            throw Fault(fault);
        }
        return _reader.Depth <= MaxDepth ? true : throw Error($"elements nested deeper than {MaxDepth}", "an ECG document");
    }

    private EcgFormatException Fault(XmlException fault) =>
        new(File, string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber}"),
            $"text that is not well-formed XML ({fault.Message})", "XML", fault);

    /// <summary>The child elements of the element at which it was made.</summary>
    public struct ChildElements
    {
        private readonly XmlCursor _cursor;
        private readonly int _depth;
        private bool _done;

        public ChildElements(XmlCursor cursor)
        {
            _cursor = cursor;
            _depth = cursor._reader.Depth;
            _done = cursor._reader.IsEmptyElement;
        }

        /// <summary>The child's name without its prefix.</summary>
        public readonly string Current => _cursor.Name;

        public readonly ChildElements GetEnumerator() => this;

        public bool MoveNext()
        {
            while (!_done && _cursor.Read())
            {
                if (_cursor._reader.NodeType == XmlNodeType.Element && _cursor._reader.Depth == _depth + 1)
                    return true;
                _done = _cursor._reader.NodeType == XmlNodeType.EndElement && _cursor._reader.Depth == _depth;
            }
            return false;
        }
    }
}
