using System.Text;

namespace SignalCam.Reporting;

/// <summary>
/// A strip of colours as plain bars: runs of one colour, drawn as lines as thick as the strip is high, one path for each of 65 colours.
/// Gradients with many stops and stretched images are smoothed differently by browsers and printers; bars are the same everywhere.
/// </summary>
internal sealed class HeatBand(ColorScale colors, double limit)
{
    /// <summary>Odd, so that one colour stands for zero alone; neighbours differ by less than the eye sees.</summary>
    private const int Levels = 65;

    private const int Zero = Levels / 2;

    /// <summary>
    /// Runs reach a little below their neighbour, so that no seam shows between them, and never to the neighbour's middle.
    /// </summary>
    private const double Overlap = 0.1;

    /// <summary>
    /// Draws values as a strip; value i covers half a step on either side of x + i * dx, cut off at left and right. NaN and infinities stay
    /// uncoloured. Values are never averaged, and only zero has the colour of zero: the sign of every value can be seen.
    /// </summary>
    public void Draw(Markup svg, ReadOnlySpan<float> values, double x, double dx, double top, double bottom,
        double left = double.NegativeInfinity, double right = double.PositiveInfinity)
    {
        var paths = new StringBuilder?[Levels];
        var overlap = Math.Min(Overlap, 0.4 * dx);
        var middle = Markup.Number((top + bottom) / 2);
        var last = Math.Min(right, x + ((values.Length - 0.5) * dx));
        for (var start = 0; start < values.Length;)
        {
            var level = Level(values[start]);
            var end = start + 1;
            while (end < values.Length && Level(values[end]) == level)
                end++;
            var from = Math.Max(left, x + ((start - 0.5) * dx));
            var to = Math.Min(last, x + ((end - 0.5) * dx) + overlap);
            if (level is { } color && to > from)
                (paths[color] ??= new StringBuilder()).Append('M').Append(Markup.Number(from)).Append(' ').Append(middle)
                    .Append('H').Append(Markup.Number(to));
            start = end;
        }
        svg.Add($"""<g fill="none" stroke-width="{bottom - top}">""");
        for (var level = 0; level < Levels; level++)
            if (paths[level] is { } path)
                svg.Add($"""<path stroke="{colors.ColorAt(level / (Levels - 1.0))}" d="{path.ToString()}"/>""");
        svg.Add($"</g>");
    }

    private int? Level(float value)
    {
        if (!float.IsFinite(value))
            return null;
        var position = value / limit;
        if (!colors.IsSigned)
            return (int)Math.Round(Math.Clamp(position, 0, 1) * (Levels - 1));
        var level = (int)Math.Round(Math.Clamp((position + 1) / 2, 0, 1) * (Levels - 1));
        return value > 0 ? Math.Max(Zero + 1, level) : value < 0 ? Math.Min(Zero - 1, level) : Zero;
    }
}
