using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays;

/// <summary>
/// The header of a NumPy array: {'descr': '&lt;f4', 'fortran_order': False, 'shape': (5000, 12), }, a dictionary in Python's notation.
/// </summary>
internal sealed class NpyHeader
{
    private readonly string _file;
    private readonly string _text;
    private int _at;

    /// <summary>Takes the text apart.</summary>
    /// <exception cref="EcgFormatException">It is no such dictionary, or the elements have several fields.</exception>
    public NpyHeader(string file, string text)
    {
        (_file, _text) = (file, text);
        string? descriptor = null;
        int[]? shape = null;
        bool? isFortranOrder = null;
        Expect('{');
        while (!Accept('}'))
        {
            switch (ReadText())
            {
                case "descr":
                    descriptor = AfterColon() && Peek() is '\'' or '"' ? ReadText()
                        : throw Error("elements of several fields", "numbers or texts");
                    break;
                case "fortran_order":
                    isFortranOrder = AfterColon() && ReadWord() is var word && word is "True" or "False" ? word == "True"
                        : throw Error($"'{Shown()}'", "True or False");
                    break;
                case "shape":
                    shape = AfterColon() ? ReadShape() : null;
                    break;
                default:
                    throw Error($"a header with '{Shown()}'", "descr, fortran_order and shape");
            }
            if (!Accept(',') && Peek() != '}')
                throw Error($"'{Shown()}'", "a comma or the end of the header");
        }
        Descriptor = descriptor ?? throw Error("a header without descr", "descr, fortran_order and shape");
        Shape = shape ?? throw Error("a header without shape", "descr, fortran_order and shape");
        IsFortranOrder = isFortranOrder ?? false;
    }

    /// <summary>Type of the elements, such as "&lt;f4".</summary>
    public string Descriptor { get; }

    /// <summary>Length of each axis.</summary>
    public int[] Shape { get; }

    /// <summary>Whether the elements of the first axis lie side by side.</summary>
    public bool IsFortranOrder { get; }

    private int[] ReadShape()
    {
        var shape = new List<int>();
        Expect('(');
        while (!Accept(')'))
        {
            var digits = ReadWord();
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var axis) || shape.Count > 32)
                throw Error($"an axis of '{digits}'", "a whole number that is not negative");
            shape.Add(axis);
            if (!Accept(',') && Peek() != ')')
                throw Error($"'{Shown()}'", "a comma or a closing parenthesis");
        }
        return [.. shape];
    }

    private string ReadText()
    {
        var quote = Peek();
        if (quote is not ('\'' or '"'))
            throw Error($"'{Shown()}'", "a text in quotes");
        var end = _text.IndexOf(quote, _at + 1);
        if (end < 0)
            throw Error($"'{Shown()}'", "a closing quote");
        var text = _text[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    private string ReadWord()
    {
        Peek();
        var start = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
            _at++;
        return _text[start.._at];
    }

    private bool AfterColon()
    {
        Expect(':');
        return true;
    }

    /// <summary>The next character that is not a blank; 0 at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Accept(char mark)
    {
        if (Peek() != mark)
            return false;
        _at++;
        return true;
    }

    private void Expect(char mark)
    {
        if (!Accept(mark))
            throw Error($"'{Shown()}'", $"'{mark}'");
    }

    private string Shown() => string.Concat(_text.AsSpan(_at, Math.Min(20, _text.Length - _at)).ToString()
        .Select(c => char.IsControl(c) ? '?' : c));

    private EcgFormatException Error(string found, string expected) => new(_file, "header", found, expected);
}
