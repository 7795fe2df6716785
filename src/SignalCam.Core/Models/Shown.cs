namespace SignalCam.Core.Models;

/// <summary>Text out of a file, for messages.</summary>
internal static class Shown
{
    private const int Longest = 120;

    /// <summary>The text, cut short and without control characters.</summary>
    public static string Of(string? text)
    {
        if (text is null)
            return "";
        var shown = text.Length > Longest ? text[..Longest] + "..." : text;
        return string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
