using System.Globalization;

namespace SignalCam.Reporting;

/// <summary>
/// Colours for the values of a heat map. All are light enough for a black trace to stay legible on them.
/// </summary>
/// <remarks>Immutable; thread-safe.</remarks>
public sealed class ColorScale
{
    private readonly (double At, double Red, double Green, double Blue)[] _stops;

    private ColorScale(string name, bool signed, params (double At, int Rgb)[] stops)
    {
        Name = name;
        IsSigned = signed;
        _stops = [.. stops.Select(s => (s.At, (double)(s.Rgb >> 16), (double)((s.Rgb >> 8) & 255), (double)(s.Rgb & 255)))];
    }

    /// <summary>
    /// For signed maps: blue below zero, white at zero, orange above. Blue and orange differ for every kind of colour vision.
    /// </summary>
    public static ColorScale Diverging { get; } = new("diverging", true,
        (0, 0x3f8fcb), (0.25, 0x9cc8e8), (0.5, 0xffffff), (0.75, 0xfcc78c), (1, 0xf0801f));

    /// <summary>For magnitudes: white at zero, through yellow to orange; its lightness falls steadily.</summary>
    public static ColorScale Sequential { get; } = new("sequential", false,
        (0, 0xffffff), (0.3, 0xfff0b3), (0.65, 0xfdbe57), (1, 0xec7a1c));

    /// <summary>
    /// Blue, cyan, yellow, red, as the EMBC 2025 paper shows maps that are min-max scaled to [0, 1], on a lightened scale.
    /// Its lightness is not monotonic: for comparison with the paper only.
    /// </summary>
    public static ColorScale Jet { get; } = new("jet", false,
        (0, 0x7373c0), (0.125, 0x7373ff), (0.375, 0x73ffff), (0.625, 0xffff73), (0.875, 0xff7373), (1, 0xc07373));

    /// <summary>For signed maps on printers without colours: dark below zero, a middle grey at zero, white above.</summary>
    public static ColorScale GreySigned { get; } = new("grey, signed", true, (0, 0x8a8a8a), (0.5, 0xc8c8c8), (1, 0xffffff));

    /// <summary>For magnitudes on printers without colours: white at zero, darker for more.</summary>
    public static ColorScale Grey { get; } = new("grey", false, (0, 0xffffff), (1, 0x8a8a8a));

    /// <summary>"diverging", "sequential", "jet", "grey, signed" or "grey".</summary>
    public string Name { get; }

    /// <summary>Whether the middle of the scale is neutral and stands for zero.</summary>
    public bool IsSigned { get; }

    /// <summary>The colour at a position from 0 to 1 as "#rrggbb"; positions beyond take the colour of the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is not a number.</exception>
    public string ColorAt(double position)
    {
        if (double.IsNaN(position))
            throw new ArgumentOutOfRangeException(nameof(position), position, "a position on a colour scale is a number from 0 to 1");
        position = Math.Clamp(position, 0, 1);
        var upper = 1;
        while (upper < _stops.Length - 1 && _stops[upper].At < position)
            upper++;
        var (a, b) = (_stops[upper - 1], _stops[upper]);
        var share = (position - a.At) / (b.At - a.At);
        return string.Create(CultureInfo.InvariantCulture,
            $"#{Mix(a.Red, b.Red, share):x2}{Mix(a.Green, b.Green, share):x2}{Mix(a.Blue, b.Blue, share):x2}");
    }

    /// <summary>The scale for printers without colours.</summary>
    internal ColorScale InGrey => IsSigned ? GreySigned : Grey;

    private static int Mix(double a, double b, double share) => (int)Math.Round(a + ((b - a) * share));
}
