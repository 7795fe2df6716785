using System.Globalization;
using System.Text.RegularExpressions;

namespace SignalCam.Reporting;

/// <summary>Takes the colours out of a picture, for printers without any.</summary>
internal static partial class Greyscale
{
    /// <summary>The picture with every colour as the grey of the same luminance (ITU-R BT.709 on sRGB values).</summary>
    /// <param name="svg">An SVG document, as the plots of this namespace give.</param>
    public static string Of(string svg)
    {
        ArgumentNullException.ThrowIfNull(svg);
        return Color().Replace(svg, match =>
        {
            var rgb = int.Parse(match.Groups[2].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var grey = (int)Math.Round((0.2126 * (rgb >> 16)) + (0.7152 * ((rgb >> 8) & 255)) + (0.0722 * (rgb & 255)));
            return string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}=\"#{grey:x2}{grey:x2}{grey:x2}\"");
        });
    }

    [GeneratedRegex("\\b(fill|stroke|stop-color)=\"#([0-9a-fA-F]{6})\"", RegexOptions.CultureInvariant)]
    private static partial Regex Color();
}
