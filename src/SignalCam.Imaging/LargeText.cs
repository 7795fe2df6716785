using System.Globalization;
using System.Xml.Linq;

namespace SignalCam.Imaging;

/// <summary>Sets the text of a picture larger by a factor and scales it down by the same, which changes nothing for the eye.</summary>
/// <remarks>
/// Svg.Skia rounds the advance of a glyph to a unit of the picture's own coordinates. Where those are millimetres, a line of small text
/// would drift by parts of a millimetre.
/// </remarks>
internal static class LargeText
{
    private const double Factor = 32;

    /// <summary>Replaces every text of the picture whose size is stated by it or by an element around it.</summary>
    public static void Apply(XElement root) => Visit(root, null, null);

    private static void Visit(XElement element, double? fontSize, double? strokeWidth)
    {
        fontSize = Number(element, "font-size") ?? fontSize;
        strokeWidth = Number(element, "stroke-width") ?? strokeWidth;
        if (element.Name.LocalName == "text" && fontSize is { } size)
            Enlarge(element, size, strokeWidth);
        else
            foreach (var child in element.Elements())
                Visit(child, fontSize, strokeWidth);
    }

    private static void Enlarge(XElement text, double fontSize, double? strokeWidth)
    {
        var parts = text.Descendants().ToArray();
        // A place for each glyph cannot be moved as one.
        if (parts.Append(text).Any(e => IsList(e, "x") || IsList(e, "y") || IsList(e, "dx") || IsList(e, "dy")))
            return;
        var (x, y) = (Number(text, "x") ?? 0, Number(text, "y") ?? 0);
        text.SetAttributeValue("transform",
            $"{text.Attribute("transform")?.Value} translate({Text(x)} {Text(y)}) scale({Text(1 / Factor)})".TrimStart());
        text.SetAttributeValue("x", null);
        text.SetAttributeValue("y", null);
        text.SetAttributeValue("font-size", Text(fontSize * Factor));
        if (strokeWidth is { } width)
            text.SetAttributeValue("stroke-width", Text(width * Factor));
        foreach (var name in (string[])["dx", "dy", "letter-spacing"])
            Scale(text, name, 0);
        foreach (var part in parts)
        {
            Scale(part, "x", x);
            Scale(part, "y", y);
            foreach (var name in (string[])["dx", "dy", "letter-spacing", "font-size", "stroke-width"])
                Scale(part, name, 0);
        }
    }

    private static void Scale(XElement element, string name, double origin)
    {
        if (Number(element, name) is { } value)
            element.SetAttributeValue(name, Text((value - origin) * Factor));
    }

    private static bool IsList(XElement element, string name) =>
        element.Attribute(name)?.Value.Trim().AsSpan().IndexOfAny(" ,\t\n") >= 0;

    private static double? Number(XElement element, string name) => element.Attribute(name)?.Value is { } text
        && double.TryParse(text.EndsWith("px", StringComparison.Ordinal) ? text[..^2] : text, NumberStyles.Float,
            CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
