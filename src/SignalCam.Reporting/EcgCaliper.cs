using System.Globalization;

namespace SignalCam.Reporting;

/// <summary>
/// A distance that somebody has measured on a lead: drawn as a box with milliseconds, how many a minute, and the difference in height.
/// </summary>
/// <param name="Lead">The lead's name, ignoring case.</param>
/// <param name="From">Seconds from the recording's start to one end.</param>
/// <param name="To">Seconds to the other end.</param>
/// <param name="FromValue">Height of one end, in the samples' unit.</param>
/// <param name="ToValue">Height of the other end.</param>
public sealed record EcgCaliper(string Lead, double From, double To, double FromValue, double ToValue)
{
    /// <summary>Whether the interval is marched out: repeated along the lead to both sides. Default false.</summary>
    public bool IsRepeated { get; init; }

    internal string Text(string unit)
    {
        var seconds = Math.Abs(To - From);
        var rate = seconds > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({60 / seconds:0}/min)") : "";
        var sign = ToValue < FromValue ? "\u2212" : "+";
        var height = Math.Abs(ToValue - FromValue);
        return string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:0} ms{rate}, {sign}{height:0.000} {unit}");
    }
}
