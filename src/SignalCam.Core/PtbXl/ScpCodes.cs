using System.Buffers;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.PtbXl;

/// <summary>
/// Reads the column scp_codes, which is the Python literal of a dictionary from code to likelihood: {'NORM': 100.0, 'SR': 0.0}.
/// Just that form is understood; nothing is evaluated.
/// </summary>
internal static class ScpCodes
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.eE+-");

    /// <summary>Reads the literal.</summary>
    /// <exception cref="ScpCodesException">It has another form, a code twice, or a likelihood that is not from 0 to 100.</exception>
    public static Statement[] Parse(string text)
    {
        var reader = new Reader(text);
        var statements = new List<Statement>();
        reader.Take('{', "'{'");
        while (!reader.TryTake('}'))
        {
            if (statements.Count > 0)
            {
                reader.Take(',', "',' or '}'");
                // Python allows a comma after the last item.
                if (reader.TryTake('}'))
                    break;
            }
            var code = reader.TakeCode(out var character);
            if (statements.Exists(s => s.Code == code))
                throw new ScpCodesException(character, $"'{code}' a second time", "each code once");
            reader.Take(':', "':'");
            statements.Add(new Statement(code, reader.TakeLikelihood()));
        }
        reader.TakeEnd();
        return [.. statements];
    }

    private struct Reader(string text)
    {
        private int _position;

        public bool TryTake(char wanted)
        {
            SkipSpaces();
            if (_position >= text.Length || text[_position] != wanted)
                return false;
            _position++;
            return true;
        }

        public void Take(char wanted, string expected)
        {
            if (!TryTake(wanted))
                throw Error(Here(), expected);
        }

        public string TakeCode(out int character)
        {
            const string expected = "a code in quotation marks";
            SkipSpaces();
            character = _position + 1;
            if (_position >= text.Length || text[_position] is not ('\'' or '"'))
                throw Error(Here(), expected);
            var end = text.IndexOf(text[_position], _position + 1);
            if (end < 0)
                throw Error("a quotation mark that is never closed", expected);
            var code = text[(_position + 1)..end];
            if (code.Length == 0 || code.Contains('\\', StringComparison.Ordinal))
                throw Error($"'{code}'", "a code of at least one character and without a backslash");
            _position = end + 1;
            return code;
        }

        public double TakeLikelihood()
        {
            SkipSpaces();
            var length = text.AsSpan(_position).IndexOfAnyExcept(NumberCharacters);
            var number = length < 0 ? text.AsSpan(_position) : text.AsSpan(_position, length);
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
                out var likelihood) || likelihood > 100)
                throw Error(number.Length > 0 ? $"'{number}'" : Here(), "a likelihood from 0 to 100");
            _position += number.Length;
            return likelihood;
        }

        public void TakeEnd()
        {
            SkipSpaces();
            if (_position < text.Length)
                throw Error(Here(), "nothing after '}'");
        }

        private readonly ScpCodesException Error(string found, string expected) => new(_position + 1, found, expected);

        private readonly string Here() => _position < text.Length ? $"'{text[_position]}'" : "the end";

        private void SkipSpaces()
        {
            while (_position < text.Length && text[_position] == ' ')
                _position++;
        }
    }
}

/// <summary>What is wrong with a literal, and at which character, counted from 1. Never leaves the assembly.</summary>
internal sealed class ScpCodesException(
    int character, string found, string expected) : Exception($"character {character}: found {found}, expected {expected}")
{
    public int Character => character;

    public string Found => found;

    public string Expected => expected;
}
