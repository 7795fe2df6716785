using System.Text;

namespace SignalCam.Reporting;

/// <summary>
/// A strip of colours as plain bars: runs of one colour, drawn as lines as thick as the strip is high, one path for each of 65 colours.
/// Gradients with many stops and stretched images are smoothed differently by browsers and printers; bars are the same everywhere.
/// </summary>
internal sealed class HeatBand(ColorScale colors, double limit, double finest = HeatBand.Finest)
{
    /// <summary>Odd, so that one colour stands for zero alone; neighbours differ by less than the eye sees.</summary>
    private const int Levels = 65;

    /// <summary>No run begins or ends more finely than this, in mm: 10 ms.</summary>
    public const double Finest = 0.25;

    /// <summary>Runs reach a little below their neighbour, so that no seam shows between them.</summary>
    private const double Overlap = 0.1;

    /// <summary>Draws values as a strip; value i covers half a step on either side of x + i * dx. NaN and infinities stay uncoloured.</summary>
    public void Draw(Markup svg, ReadOnlySpan<float> values, double x, double dx, double top, double bottom)
    {
        var paths = new StringBuilder?[Levels];
        var step = Math.Max(1, (int)Math.Round(finest / dx));
        var middle = Markup.Number((top + bottom) / 2);
        var right = x + ((values.Length - 0.5) * dx);
        for (var start = 0; start < values.Length;)
        {
            var level = Level(values, start, step);
            var end = start + step;
            while (end < values.Length && Level(values, end, step) == level)
                end += step;
            if (level is { } color)
            {
                var from = x + ((start - 0.5) * dx);
                var to = Math.Min(right, x + ((end - 0.5) * dx) + Overlap);
                (paths[color] ??= new StringBuilder()).Append('M').Append(Markup.Number(from)).Append(' ').Append(middle).Append('H').Append(Markup.Number(to));
            }
            start = end;
        }
        svg.Add($"""<g fill="none" stroke-width="{bottom - top}">""");
        for (var level = 0; level < Levels; level++)
            if (paths[level] is { } path)
                svg.Add($"""<path stroke="{colors.ColorAt(level / (Levels - 1.0))}" d="{path.ToString()}"/>""");
        svg.Add($"</g>");
    }

    private int? Level(ReadOnlySpan<float> values, int start, int step)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values[start..Math.Min(values.Length, start + step)])
            if (float.IsFinite(value))
                (sum, count) = (sum + value, count + 1);
        if (count == 0)
            return null;
        var position = sum / count / limit;
        return (int)Math.Round(Math.Clamp(colors.IsSigned ? (position + 1) / 2 : position, 0, 1) * (Levels - 1));
    }
}
