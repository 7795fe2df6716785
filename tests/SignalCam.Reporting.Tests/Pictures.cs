using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SignalCam.Abstractions;

namespace SignalCam.Reporting.Tests;

/// <summary>Small signals, and ways to read back what a picture shows.</summary>
internal static partial class Pictures
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>A recording from a function of lead and second.</summary>
    public static EcgSignal Signal(Func<int, double, double> value, int length = 1000, double rate = 100, params string[] leads)
    {
        if (leads.Length == 0)
            leads = [.. SignalLayout.StandardLeads];
        var samples = new float[leads.Length * length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)value(i / length, i % length / rate);
        return new EcgSignal(samples, new SignalLayout(leads, length, rate));
    }

    /// <summary>A beat a second with a little noise, the same every time.</summary>
    public static EcgSignal Beats(int length = 1000, double rate = 100)
    {
        var random = new Random(7);
        return Signal((lead, second) => (Math.Exp(-Math.Pow(((second % 1) - 0.3) / 0.015, 2)) * (1.2 - (0.15 * lead)))
            + (0.2 * Math.Exp(-Math.Pow(((second % 1) - 0.55) / 0.05, 2))) + (0.01 * (random.NextDouble() - 0.5)), length, rate);
    }

    public static XElement Parse(string svg) => XDocument.Parse(svg).Root!;

    public static IEnumerable<XElement> All(this XElement root, string name) => root.Descendants(Svg + name);

    public static string[] Texts(this XElement root) => [.. root.All("text").Select(t => t.Value)];

    public static double Number(this XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The path of a lead's trace as absolute points, one list for each unbroken line.</summary>
    public static List<List<(double X, double Y)>> Trace(this XElement root, string lead, int occurrence = 0)
    {
        var data = root.All("path").Where(p => p.Attribute("data-lead")?.Value == lead).ElementAt(occurrence).Attribute("d")!.Value;
        var lines = new List<List<(double, double)>>();
        foreach (var line in data.Split('M', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = Numeral().Matches(line).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).ToArray();
            var (x, y) = (numbers[0], numbers[1]);
            var points = new List<(double, double)> { (x, y) };
            for (var i = 2; i + 1 < numbers.Length; i += 2)
            {
                (x, y) = (x + numbers[i], y + numbers[i + 1]);
                points.Add((x, y));
            }
            lines.Add(points);
        }
        return lines;
    }

    /// <summary>Height of a line at x.</summary>
    public static double At(this List<(double X, double Y)> line, double x)
    {
        var right = Math.Max(1, line.FindIndex(p => p.X >= x));
        var (a, b) = (line[right - 1], line[right]);
        return a.Y + ((b.Y - a.Y) * (x - a.X) / (b.X - a.X));
    }

    [GeneratedRegex(@"-?(\d+\.?\d*|\.\d+)")]
    private static partial Regex Numeral();
}
