using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace SignalCam.Reporting;

/// <summary>Makes an SVG document fit to stand within an HTML page beside others.</summary>
internal static partial class InlineSvg
{
    private static readonly HashSet<string> s_refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "foreignObject", "iframe", "handler",
    };

    /// <summary>The document's root element, its ids and the references to them beginning with a prefix.</summary>
    /// <exception cref="ArgumentException">See <see cref="HtmlSection.Figure"/>.</exception>
    public static string Prepare(string svg, string prefix)
    {
        var root = Parse(svg);
        foreach (var element in root.DescendantsAndSelf())
        {
            if (s_refused.Contains(element.Name.LocalName))
                throw new ArgumentException(
                    $"the figure holds a '{element.Name.LocalName}' element, which a report does not take", nameof(svg));
            foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
                attribute.Value = Attribute(attribute, prefix);
        }
        return root.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Parse(string svg)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var root = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return root.Name == XName.Get("svg", "http://www.w3.org/2000/svg")
                ? root : throw new ArgumentException($"the figure is no SVG: its root is '{root.Name}'", nameof(svg));
        }
        catch (XmlException e)
        {
            throw new ArgumentException($"the figure is no well-formed SVG: {e.Message}", nameof(svg), e);
        }
    }

    private static string Attribute(XAttribute attribute, string prefix)
    {
        var (name, value) = (attribute.Name.LocalName, attribute.Value);
        if (name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"the figure holds an event handler, '{name}', which a report does not take");
        if (name == "id")
            return prefix + value;
        if (name is "aria-labelledby" or "aria-describedby")
            return string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => prefix + id));
        if (name is "href" or "src")
            return value.StartsWith('#') ? "#" + prefix + value[1..]
                : value.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) ? value
                : throw new ArgumentException($"the figure refers to another file, '{value}'; a report is self-contained");
        return Reference().Replace(value, match => match.Groups[1].Value.StartsWith('#') ? $"url(#{prefix}{match.Groups[1].Value[1..]})"
            : throw new ArgumentException($"the figure refers to another file, '{match.Groups[1].Value}'; a report is self-contained"));
    }

    [GeneratedRegex("""url\(\s*['"]?([^'")\s]*)['"]?\s*\)""", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
