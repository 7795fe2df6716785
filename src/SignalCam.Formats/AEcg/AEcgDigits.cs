using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Formats.Xml;

namespace SignalCam.Formats.AEcg;

/// <summary>
/// The digits of an SLIST: whole numbers between blanks. Numbers with a fraction are read too, since writers put them there.
/// </summary>
internal static class AEcgDigits
{
    // A number takes a digit and a blank at least; most take more.
    private const int FewestCharacters = 2;
    private const int UsualCharacters = 4;
    private const int LongestInteger = 12;

    /// <summary>Reads the digits of the current element.</summary>
    /// <param name="xml">At the element digits; ends at its end.</param>
    /// <param name="scale">What one unit of a digit is worth.</param>
    /// <param name="origin">What a digit of 0 is worth.</param>
    public static float[] Read(XmlCursor xml, double scale, double origin)
    {
        var position = xml.Position;
        var text = xml.Characters();
        var samples = new float[(text.Length / UsualCharacters) + 1];
        var count = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (IsBlank(text[index]))
                continue;
            var start = index;
            if (!TryInteger(text, ref index, out var number))
            {
                while (index < text.Length && !IsBlank(text[index]))
                    index++;
                if (!double.TryParse(text[start..index], NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                    || !double.IsFinite(number))
                    throw new EcgFormatException(xml.File, position, $"'{Shortened(text[start..index])}' as digit {count}", "a number");
            }
            if (count == samples.Length)
                Array.Resize(ref samples, (text.Length / FewestCharacters) + 1);
            samples[count++] = (float)((number * scale) + origin);
        }
        Array.Resize(ref samples, count);
        return samples;
    }

    /// <summary>
    /// The whole number at <paramref name="index"/>, which moves to the blank after it; false where something else stands there.
    /// </summary>
    private static bool TryInteger(ReadOnlySpan<char> text, ref int index, out double number)
    {
        var at = index;
        var isNegative = text[at] == '-';
        if (isNegative)
            at++;
        var first = at;
        var value = 0L;
        while (at < text.Length && (uint)(text[at] - '0') <= 9 && at - first < LongestInteger)
            value = (value * 10) + text[at++] - '0';
        number = isNegative ? -value : value;
        if (at == first || (at < text.Length && !IsBlank(text[at])))
            return false;
        index = at;
        return true;
    }

    private static bool IsBlank(char character) => character <= ' ' || character is ',' or ';';

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 20 ? text.ToString() : $"{text[..20]}...";
}
