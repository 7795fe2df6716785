using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>Parses values in tables and headers.</summary>
internal static class FieldText
{
    private static readonly HashSet<string> s_missing = new(StringComparer.OrdinalIgnoreCase) { "", "unknown", "nan", "na", "n/a", "null",
        "?" };
    private static readonly char[] s_separators = [';', '|'];

    /// <summary>Whether a field marks a missing value.</summary>
    public static bool IsMissing(string? text) => text is null || s_missing.Contains(text.Trim());

    /// <summary>0 or 1; null for other texts.</summary>
    public static bool? Flag(string text) => text.Trim().ToLowerInvariant() switch
    {
        "1" or "1.0" or "true" or "yes" => true,
        "0" or "0.0" or "false" or "no" => false,
        _ => null,
    };

    public static Sex? Sex(string text) => text.Trim().ToLowerInvariant() switch
    {
        "male" or "m" => Abstractions.Sex.Male,
        "female" or "f" => Abstractions.Sex.Female,
        _ => null,
    };

    /// <summary>A number that is finite; null for other texts.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The distinct codes of a field.</summary>
    public static IReadOnlyList<string> Codes(string text, params ReadOnlySpan<char> others) =>
        [.. text.Split([.. s_separators, .. others], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)];
}
