using System.Buffers;
using System.Globalization;

namespace SignalCam.Formats.Tables;

/// <summary>Reads the numbers of a table.</summary>
internal static class TableNumber
{
    private const int Longest = 64;

    /// <summary>
    /// Up to here a whole number and a power of ten are exact in single precision, and so their quotient is the correctly rounded one.
    /// </summary>
    private const int LargestExact = 1 << 24;

    private static readonly SearchValues<byte> LettersOfWords = SearchValues.Create("nNiIyY"u8);

    private static readonly float[] Powers = [1, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "NA", "N/A", "#N/A", "NaN", "-NaN", "null", "none", "nil", "-", "--", "---", "?", "*", ".", "missing", "1.#QNAN", "1.#IND",
            "-1.#IND", "#NUM!", "<NA>",
    };

    /// <summary>Whether a field stands for a missing value.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> field)
    {
        field = Trim(field);
        if (field.Length > 8 || (field.Length > 0 && char.IsAsciiDigit((char)field[^1]) && field is not [(byte)'1', (byte)'.', ..]))
            return false;
        Span<char> text = stackalloc char[field.Length];
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)field[i];
        return Missing.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text);
    }

    /// <summary>Reads a finite number.</summary>
    public static bool TryRead(ReadOnlySpan<byte> field, bool isCommaDecimal, out double value)
    {
        field = Trim(field);
        if (!TryDigits(field, isCommaDecimal, out var digits, out var decimals))
            return TryGeneral(field, isCommaDecimal, out value) && double.IsFinite(value);
        value = digits / (double)Powers[decimals];
        return true;
    }

    /// <summary>Reads a finite number as a sample: exactly the float that its digits stand for, where it is in millivolts.</summary>
    public static bool TryReadSample(ReadOnlySpan<byte> field, bool isCommaDecimal, double unitsPerMillivolt, out float millivolt)
    {
        field = Trim(field);
        if (unitsPerMillivolt == 1)
        {
            if (TryDigits(field, isCommaDecimal, out var digits, out var decimals))
            {
                millivolt = digits / Powers[decimals];
                return true;
            }
            return TryGeneral(field, isCommaDecimal, out millivolt) && float.IsFinite(millivolt);
        }
        var isNumber = TryRead(field, isCommaDecimal, out var value);
        millivolt = (float)(value / unitsPerMillivolt);
        return isNumber && float.IsFinite(millivolt);
    }

    /// <summary>Without blanks around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> field) => field.Trim(" \t"u8);

    /// <summary>The form of nearly all numbers in a table: a sign, digits and a decimal point.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> field, bool isCommaDecimal, out int digits, out int decimals)
    {
        (digits, decimals) = (0, 0);
        var isNegative = field is [(byte)'-', ..];
        var at = isNegative || field is [(byte)'+', ..] ? 1 : 0;
        if (field.Length == at || field.Length - at > 12)
            return false;
        var (point, count) = (-1, 0);
        for (; at < field.Length; at++)
        {
            if (field[at] == (isCommaDecimal ? ',' : '.') && point < 0)
            {
                point = at;
                continue;
            }
            if (!char.IsAsciiDigit((char)field[at]) || ++count > 8)
                return false;
            digits = (10 * digits) + (field[at] - '0');
        }
        decimals = point < 0 ? 0 : field.Length - point - 1;
        // A negative zero, and what is more than a float holds exactly, go the general way.
        if (count == 0 || digits > LargestExact || (digits == 0 && isNegative))
            return false;
        digits = isNegative ? -digits : digits;
        return true;
    }

    private static bool TryGeneral<T>(ReadOnlySpan<byte> field, bool isCommaDecimal, out T value)
        where T : struct, IUtf8SpanParsable<T>, System.Numerics.INumberBase<T>
    {
        value = T.Zero;
        Span<byte> text = stackalloc byte[Longest];
        if (field.Length is 0 or > Longest)
            return false;
        // U+2212 is a minus as well.
        if (field.StartsWith("\u2212"u8))
        {
            text[0] = (byte)'-';
            field[3..].CopyTo(text[1..]);
            text = text[..(field.Length - 2)];
        }
        else
        {
            field.CopyTo(text);
            text = text[..field.Length];
        }
        if (isCommaDecimal)
        {
            if (text.Contains((byte)'.'))
                return false;
            text.Replace((byte)',', (byte)'.');
        }
        // Words for infinity and NaN are not numbers here.
        return !text.ContainsAny(LettersOfWords) && T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
