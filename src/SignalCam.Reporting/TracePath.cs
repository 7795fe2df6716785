using System.Globalization;
using System.Text;

namespace SignalCam.Reporting;

/// <summary>
/// Writes samples as the data of one compact SVG path. Samples that lie on the line between their neighbours to within
/// <see cref="Tolerance"/> are left out; a NaN or infinity breaks the line.
/// </summary>
internal static class TracePath
{
    /// <summary>
    /// Largest vertical distance, in mm, of a left-out sample from the line drawn: a ninth of the line's width (3.5 microvolts at 10
    /// mm/mV).
    /// </summary>
    public const double Tolerance = 0.035;

    /// <summary>Path data for y(i) at x0 + i * dx, all in mm.</summary>
    public static string Data(ReadOnlySpan<double> y, double x0, double dx)
    {
        var path = new StringBuilder();
        for (var start = 0; start < y.Length; start++)
        {
            if (!double.IsFinite(y[start]))
                continue;
            var end = start;
            while (end + 1 < y.Length && double.IsFinite(y[end + 1]))
                end++;
            Segment(path, y[start..(end + 1)], x0 + (start * dx), dx);
            start = end;
        }
        return path.ToString();
    }

    private static void Segment(StringBuilder path, ReadOnlySpan<double> y, double x0, double dx)
    {
        var (lastX, lastY) = (Hundredths(x0), Hundredths(y[0]));
        path.Append('M').Append(Text(lastX)).Append(' ').Append(Text(lastY));
        if (y.Length == 1)
        {
            path.Append("h0");
            return;
        }
        path.Append('l');
        for (var (at, first) = (0, true); at < y.Length - 1; first = false)
        {
            at = Reach(y, at, dx);
            var (x, to) = (Hundredths(x0 + (at * dx)), Hundredths(y[at]));
            Pair(path, x - lastX, to - lastY, first);
            (lastX, lastY) = (x, to);
        }
    }

    /// <summary>The farthest sample to which a straight line from this one passes all samples between within the tolerance.</summary>
    private static int Reach(ReadOnlySpan<double> y, int from, double dx)
    {
        var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
        var reached = from + 1;
        for (var i = from + 1; i < y.Length; i++)
        {
            var distance = (i - from) * dx;
            var slope = (y[i] - y[from]) / distance;
            if (slope >= low && slope <= high)
                reached = i;
            (low, high) = (Math.Max(low, slope - (Tolerance / distance)), Math.Min(high, slope + (Tolerance / distance)));
            if (low > high)
                break;
        }
        return reached;
    }

    private static void Pair(StringBuilder path, long dx, long dy, bool first)
    {
        if (!first)
            path.Append(' ');
        path.Append(Text(dx));
        if (dy >= 0)
            path.Append(' ');
        path.Append(Text(dy));
    }

    private static long Hundredths(double value) => (long)Math.Round(value * 100);

    /// <summary>Hundredths as a decimal number without a leading zero.</summary>
    private static string Text(long hundredths)
    {
        var text = (hundredths / 100m).ToString("0.##", CultureInfo.InvariantCulture);
        return text.StartsWith("0.", StringComparison.Ordinal) ? text[1..]
            : text.StartsWith("-0.", StringComparison.Ordinal) ? "-" + text[2..] : text;
    }
}
