using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Reporting;

/// <summary>
/// A sheet of ECG paper with a place for each lead. All in mm, origin at the upper left of the sheet. Rows are as far apart as
/// the traces need, in steps of the paper's large squares, so that leads do not run into each other.
/// </summary>
internal sealed class EcgSheet
{
    public const double Margin = 5;
    public const double TraceStart = 25;
    private const double Large = 5;
    private const double AxisHeight = 6.5;
    private const double LowestRow = 15;
    private const double Clearance = 1.5;

    /// <summary>A trace is cut off this far from its baseline (4 mV at 10 mm/mV).</summary>
    private const double MaximumExcursion = 40;

    private readonly EcgScale _scale;
    private readonly double _dx;

    private EcgSheet(IReadOnlyList<Lane> lanes, SignalLayout layout, EcgScale scale, double gridHeight, double start)
    {
        Start = start;
        Lanes = lanes;
        _scale = scale;
        _dx = scale.Speed / layout.SamplingRate;
        Seconds = layout.Length / layout.SamplingRate;
        GridHeight = gridHeight;
        GridWidth = UpToLarge(TraceStart - Margin + (Seconds * scale.Speed)) + Large;
    }

    public IReadOnlyList<Lane> Lanes { get; }

    public double Seconds { get; }

    /// <summary>Millimetres for a second.</summary>
    public double Speed => _scale.Speed;

    /// <summary>Seconds from the start of the recording to the first sample of the sheet.</summary>
    public double Start { get; }

    public double GridWidth { get; }

    public double GridHeight { get; }

    public double Width => GridWidth + (2 * Margin);

    public double Height => GridHeight + AxisHeight;

    /// <summary>
    /// A place for a part of a lead: samples From to From + Count - 1 start at X; the row's paper reaches from Top to Bottom.
    /// </summary>
    public sealed record Lane(int Lead, string Name, int From, int Count, double X, double Baseline, double Top, double Bottom);

    /// <summary>Finds a place for every lead of signals that are drawn over each other.</summary>
    public static EcgSheet Arrange(
        IReadOnlyList<EcgSignal> signals, EcgLayout arrangement, EcgScale scale, string rhythmLead, double start = 0)
    {
        var layout = signals[0].Layout;
        List<Slot[]> rows = arrangement switch
        {
            EcgLayout.ThreeRows => [.. Columns(layout, 3), [new Slot(RhythmLead(layout, rhythmLead), 0, layout.Length)]],
            EcgLayout.SixRows => Columns(layout, 6),
            _ => [.. LeadNames.Order(layout.Leads).Select(lead => new[] { new Slot(lead, 0, layout.Length) })],
        };
        var heights = rows.ConvertAll(row => RowExtent(row, signals, scale));
        var baselines = new double[rows.Count];
        for (var row = 0; row < rows.Count; row++)
        {
            var need = row == 0
                ? Math.Max(heights[0].Up, scale.PulseHeight + Clearance)
                : Math.Max(LowestRow, heights[row - 1].Down + heights[row].Up);
            baselines[row] = (row == 0 ? 0 : baselines[row - 1]) + UpToLarge(need);
        }
        var bottom = UpToLarge(baselines[^1] + heights[^1].Down);
        var lanes = new List<Lane>();
        for (var row = 0; row < rows.Count; row++)
        {
            var top = row == 0 ? 0 : Between(row - 1);
            var end = row == rows.Count - 1 ? bottom : Between(row);
            lanes.AddRange(rows[row].Select(slot => new Lane(slot.Lead, LeadNames.Canonical(layout.Leads[slot.Lead]), slot.From, slot.Count,
                TraceStart + (slot.From / layout.SamplingRate * scale.Speed), baselines[row], top, end)));
        }
        return new EcgSheet(lanes, layout, scale, bottom, start);

        // The free paper between two rows is shared equally.
        double Between(int row) =>
            (baselines[row] + heights[row].Down + baselines[row + 1] - heights[row + 1].Up) / 2;
    }

    /// <summary>The ruled paper: lines at every mm, stronger ones at every 5 mm.</summary>
    public void Grid(Markup svg, string color, double strength)
    {
        var (fine, strong) = (new System.Text.StringBuilder(), new System.Text.StringBuilder());
        for (var x = 0; x <= (int)GridWidth; x++)
            (x % 5 == 0 ? strong : fine).Append('M').Append(x + (int)Margin).Append(" 0v").Append((int)GridHeight);
        for (var y = 0; y <= (int)GridHeight; y++)
            (y % 5 == 0 ? strong : fine).Append('M').Append((int)Margin).Append(' ').Append(y).Append('h').Append((int)GridWidth);
        svg.Add($"""<g fill="none" stroke="{color}"><path stroke-width=".1" stroke-opacity="{0.45 * strength}" """
            + $"""d="{fine.ToString()}"/><path stroke-width=".18" stroke-opacity="{strength}" d="{strong.ToString()}"/></g>""");
    }

    /// <summary>Calibration pulses, lead names and the time axis.</summary>
    public void Furniture(Markup svg, IReadOnlyList<EcgSignal> signals)
    {
        var height = _scale.PulseHeight;
        svg.Add($"""<g fill="none" stroke="{Palette.Ink}" stroke-width=".3" stroke-linejoin="round">""");
        foreach (var row in Lanes.Where(lane => lane.From == 0))
            svg.Add($"""<path d="M{TraceStart - 8} {row.Baseline}h1.5v{-height}h5v{height}h1.5"/>""");
        foreach (var lane in Lanes.Where(lane => lane.From > 0))
            svg.Add($"""<path d="M{lane.X} {lane.Baseline - 4}v2M{lane.X} {lane.Baseline + 2}v2"/>""");
        svg.Add($"""</g><g font-size="3.6" font-weight="600" fill="{Palette.Ink}" stroke="{Palette.Paper}" stroke-width=".9" """
            + $"""stroke-linejoin="round" paint-order="stroke">""");
        foreach (var lane in Lanes)
            svg.Add($"""<text x="{(lane.From == 0 ? Margin + 1.5 : lane.X + 1)}" y="{NameAt(lane, signals)}">{lane.Name}</text>""");
        svg.Add($"""</g><g font-size="2.8" fill="{Palette.Muted}" text-anchor="middle">""");
        var step = Seconds <= 15 ? 1 : Seconds <= 60 ? 5 : 30;
        for (var second = Math.Ceiling((Start / step) - 1e-9) * step; second <= Start + Seconds + 1e-9; second += step)
        {
            var x = TraceStart + ((second - Start) * _scale.Speed);
            svg.Add($"""<path d="M{x} {GridHeight}v1.2" stroke="{Palette.Muted}" stroke-width=".25"/><text x="{x}" """
                + $"""y="{GridHeight + 4.4}">{Nice.Text(second, 0)} s</text>""");
        }
        svg.Add($"</g>");
    }

    /// <summary>Draws one signal on all lanes, with a mark where it leaves the paper.</summary>
    public void Trace(Markup svg, EcgSignal signal, string color, double width = 0.3)
    {
        svg.Add($"""<g fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round" stroke-linecap="round">""");
        var cut = new List<(double X, double Y, int Direction)>();
        foreach (var lane in Lanes)
        {
            var y = new double[lane.Count];
            var previous = 0;
            for (var i = 0; i < y.Length; i++)
            {
                var height = signal.Lead(lane.Lead)[lane.From + i] * _scale.MillimetresPerUnit;
                var direction = height > MaximumExcursion ? 1 : height < -MaximumExcursion ? -1 : 0;
                if (direction != 0 && direction != previous && float.IsFinite((float)height))
                    cut.Add((lane.X + (i * _dx), lane.Baseline - (direction * MaximumExcursion), direction));
                previous = direction;
                y[i] = double.IsFinite(height) ? lane.Baseline - Math.Clamp(height, -MaximumExcursion, MaximumExcursion) : double.NaN;
            }
            svg.Add($"""<path data-lead="{lane.Name}" d="{TracePath.Data(y, lane.X, _dx)}"/>""");
        }
        svg.Add($"</g>");
        foreach (var (x, y, direction) in cut)
            svg.Add($"""<path fill="{Palette.Alarm}" d="M{x - 1} {y}h2l-1 {-1.6 * direction}z"/>""");
    }

    /// <summary>Boxes with what they measure, numbered as they are given, each on a lane that shows an end of it.</summary>
    public void Calipers(Markup svg, IReadOnlyList<EcgCaliper> calipers)
    {
        for (var i = 0; i < calipers.Count; i++)
        {
            var caliper = calipers[i];
            var (from, to) = (Math.Min(caliper.From, caliper.To) - Start, Math.Max(caliper.From, caliper.To) - Start);
            if (LaneOf(caliper.Lead, from) is not { } lane && (lane = LaneOf(caliper.Lead, to)) is null)
                continue;
            var (left, right) = (X(lane, from), X(lane, to));
            var (one, other) = (Y(lane, caliper.FromValue), Y(lane, caliper.ToValue));
            var (top, bottom) = (Math.Min(one, other), Math.Max(one, other));
            if (caliper.IsRepeated)
                Repeats(svg, lane, left, right - left);
            svg.Add($"""
                <rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" fill="none"
                stroke="{Palette.Caliper}" stroke-width=".35" stroke-dasharray="1.2 .8"/>
                """);
            // At the lower edge of its row, where the trace seldom is; a box that reaches down there has it above.
            var y = bottom + 4 <= lane.Bottom ? lane.Bottom - 0.8 : top - 1.2;
            svg.Add($"""
                <text x="{left}" y="{y}" font-size="3" font-weight="600" fill="{Palette.Caliper}"
                stroke="{Palette.Paper}" stroke-width=".8" stroke-linejoin="round"
                paint-order="stroke">{i + 1}: {caliper.Text(_scale.Unit)}</text>
                """);
        }
    }

    /// <summary>A line at each multiple of a caliper's interval, as far as its lane reaches.</summary>
    private void Repeats(Markup svg, Lane lane, double left, double step)
    {
        // Closer than this, the lines would be a veil.
        if (step < 1)
            return;
        var path = new System.Text.StringBuilder();
        for (var x = left - (Math.Floor((left - lane.X) / step) * step); x <= lane.X + (lane.Count * _dx) + 1e-9; x += step)
            path.Append(CultureInfo.InvariantCulture, $"M{Math.Round(x, 3)} {Math.Round(lane.Top, 3)}V{Math.Round(lane.Bottom, 3)}");
        svg.Add($"""<path d="{path.ToString()}" fill="none" stroke="{Palette.Caliper}" stroke-width=".25" stroke-dasharray=".8 .8"/>""");
    }

    private Lane? LaneOf(string lead, double second) => Lanes.FirstOrDefault(lane =>
        lane.Name.Equals(LeadNames.Canonical(lead), StringComparison.OrdinalIgnoreCase)
        && X(lane, second) >= lane.X - 1e-9 && X(lane, second) <= lane.X + (lane.Count * _dx) + 1e-9);

    private double Y(Lane lane, double value) => lane.Baseline - (value * _scale.MillimetresPerUnit);

    private double X(Lane lane, double second) => lane.X + (second * Speed) - (lane.From * _dx);

    /// <summary>X of the left edge of a sample's share of the time axis within a lane.</summary>
    public double SampleEdge(Lane lane, int sample) => lane.X + ((sample - lane.From) * _dx);

    private readonly record struct Slot(int Lead, int From, int Count);

    /// <summary>Rows of columns that follow each other in time, filled column by column in the standard order.</summary>
    private static List<Slot[]> Columns(SignalLayout layout, int rowCount)
    {
        var order = LeadNames.Order(layout.Leads);
        var columns = (order.Count + rowCount - 1) / rowCount;
        var rows = new List<Slot[]>();
        for (var row = 0; row < Math.Min(rowCount, order.Count); row++)
        {
            rows.Add([.. Enumerable.Range(0, columns).Where(column => (column * rowCount) + row < order.Count).Select(column =>
            {
                var from = layout.Length * column / columns;
                return new Slot(order[(column * rowCount) + row], from, (layout.Length * (column + 1) / columns) - from);
            })]);
        }
        return rows;
    }

    internal static int RhythmLead(SignalLayout layout, string name) =>
        layout.Leads.Contains(name, StringComparer.OrdinalIgnoreCase) ? layout.IndexOf(name) : LeadNames.Order(layout.Leads)[0];

    /// <summary>How far a row's traces, names and clearance reach above and below its baseline, in mm.</summary>
    private static (double Up, double Down) RowExtent(Slot[] row, IReadOnlyList<EcgSignal> signals, EcgScale scale)
    {
        var (up, down) = (6.0, 3.0);
        foreach (var slot in row)
        {
            var (high, low) = Extent(slot.Lead, slot.From, slot.Count, signals, scale);
            (up, down) = (Math.Max(up, high), Math.Max(down, low));
        }
        // Within a row of several columns the names stand above the traces.
        return (up + Clearance + (row.Length > 1 ? 2 : 0), down + Clearance);
    }

    private static (double Up, double Down) Extent(int lead, int from, int count, IReadOnlyList<EcgSignal> signals, EcgScale scale)
    {
        var (up, down) = (0.0, 0.0);
        foreach (var signal in signals)
        {
            foreach (var value in signal.Lead(lead).Slice(from, count))
            {
                if (!float.IsFinite(value))
                    continue;
                up = Math.Max(up, value * scale.MillimetresPerUnit);
                down = Math.Max(down, -value * scale.MillimetresPerUnit);
            }
        }
        return (Math.Min(up, MaximumExcursion), Math.Min(down, MaximumExcursion));
    }

    /// <summary>Names at the left edge stand on the baseline; those amid the traces stand above what is drawn there.</summary>
    private double NameAt(Lane lane, IReadOnlyList<EcgSignal> signals)
    {
        if (lane.From == 0)
            return lane.Baseline + 1.2;
        var near = Math.Min(lane.Count, (int)Math.Ceiling(10 / _dx));
        return lane.Baseline - Math.Max(4.5, Extent(lane.Lead, lane.From, near, signals, _scale).Up + 1.2);
    }

    private static double UpToLarge(double millimetres) => Math.Ceiling((millimetres / Large) - 1e-9) * Large;
}
