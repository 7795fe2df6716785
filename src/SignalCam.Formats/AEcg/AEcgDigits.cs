using System.Globalization;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>The digits of an SLIST: whole numbers between blanks. Numbers with a fraction are read too, since writers put them there.</summary>
internal static class AEcgDigits
{
    /// <summary>Reads the digits of the current element.</summary>
    /// <param name="xml">At the element digits; ends at its end.</param>
    /// <param name="scale">What one unit of a digit is worth.</param>
    /// <param name="origin">What a digit of 0 is worth.</param>
    public static float[] Read(XmlCursor xml, double scale, double origin)
    {
        var position = xml.Position;
        var text = xml.Characters();
        var samples = new float[Count(text)];
        var index = 0;
        for (var t = 0; t < samples.Length; t++)
        {
            while (IsBlank(text[index]))
                index++;
            var start = index;
            while (index < text.Length && !IsBlank(text[index]))
                index++;
            if (!TryParse(text[start..index], out var digit))
                throw new Abstractions.EcgFormatException(xml.File, position, $"'{Shortened(text[start..index])}' as digit {t}", "a number");
            samples[t] = (float)((digit * scale) + origin);
        }
        return samples;
    }

    private static bool TryParse(ReadOnlySpan<char> token, out double digit)
    {
        var at = token[0] is '-' or '+' ? 1 : 0;
        var number = 0L;
        var whole = token.Length > at && token.Length <= 12;
        for (; whole && at < token.Length; at++)
        {
            whole = char.IsAsciiDigit(token[at]);
            number = (number * 10) + token[at] - '0';
        }
        digit = token[0] == '-' ? -number : number;
        return whole || (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out digit) && double.IsFinite(digit));
    }

    private static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        var inside = false;
        foreach (var character in text)
        {
            var blank = IsBlank(character);
            count += !blank && !inside ? 1 : 0;
            inside = !blank;
        }
        return count;
    }

    private static bool IsBlank(char character) => character is ' ' or '\n' or '\r' or '\t' or ',' or ';';

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 20 ? text.ToString() : $"{text[..20]}...";
}
