using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace SignalCam.Reporting;

/// <summary>
/// Text of an SVG or HTML document that is being written. What stands in an interpolated string literally is markup; every value in it
/// is escaped or formatted, so that a record's name can never become markup and a number never depends on the culture.
/// </summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup with values in it.</summary>
    public Markup Add([InterpolatedStringHandlerArgument("")] ref Handler markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>Appends markup that was written by this class before.</summary>
    public Markup AddRaw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A number with at most two decimals: a hundredth of a millimetre or of a pixel is below anything visible.</summary>
    public static string Number(double value)
    {
        var text = Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>
    /// Appends text in which markup's own characters are replaced by entities, and characters that XML forbids by U+FFFD.
    /// </summary>
    public static void Escape(StringBuilder output, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                output.Append(c).Append(text[++i]);
                continue;
            }
            switch (c)
            {
                case '&': output.Append("&amp;"); break;
                case '<': output.Append("&lt;"); break;
                case '>': output.Append("&gt;"); break;
                case '"': output.Append("&quot;"); break;
                case '\'': output.Append("&#39;"); break;
                default: output.Append(System.Xml.XmlConvert.IsXmlChar(c) ? c : '\uFFFD'); break;
            }
        }
    }

    /// <summary>Receives the parts of an interpolated string from the compiler.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        public Handler(int literalLength, int formattedCount, Markup markup)
        {
            // The builder grows by itself; how much is to come does not matter.
            _ = literalLength + formattedCount;
            _text = markup._text;
        }

        public void AppendLiteral(string literal) => _text.Append(literal);

        public void AppendFormatted(double value) => _text.Append(Number(value));

        public void AppendFormatted(int value) => _text.Append(value.ToString(CultureInfo.InvariantCulture));

        public void AppendFormatted(string? text) => Escape(_text, text ?? "");
    }
}
