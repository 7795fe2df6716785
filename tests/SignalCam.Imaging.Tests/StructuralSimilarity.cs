using SkiaSharp;

namespace SignalCam.Imaging.Tests;

/// <summary>
/// Mean structural similarity of two pictures' luminance (Wang et al. 2004, doi 10.1109/TIP.2003.819861), on windows of 8 x 8 pixels, at a
/// quarter of the resolution: how the two smooth the edges of lines that are thinner than a pixel is not seen.
/// </summary>
internal static class StructuralSimilarity
{
    private const int Window = 8;
    private const int Step = 4;
    private const int Finer = 4;
    private const double C1 = 0.01 * 255 * 0.01 * 255;
    private const double C2 = 0.03 * 255 * 0.03 * 255;

    public static double Of(SKBitmap a, SKBitmap b)
    {
        var (width, height) = (Math.Min(a.Width, b.Width) / Finer, Math.Min(a.Height, b.Height) / Finer);
        var (left, right) = (Reduced(a, width, height), Reduced(b, width, height));
        var (sum, count) = (0.0, 0);
        for (var y = 0; y + Window <= height; y += Step)
        {
            for (var x = 0; x + Window <= width; x += Step)
            {
                sum += OfWindow(left, right, x, y);
                count++;
            }
        }
        return sum / count;
    }

    private static double OfWindow(double[,] a, double[,] b, int x, int y)
    {
        var (sa, sb, saa, sbb, sab) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (var dy = 0; dy < Window; dy++)
        {
            for (var dx = 0; dx < Window; dx++)
            {
                var (p, q) = (a[y + dy, x + dx], b[y + dy, x + dx]);
                (sa, sb, saa, sbb, sab) = (sa + p, sb + q, saa + (p * p), sbb + (q * q), sab + (p * q));
            }
        }
        const double n = Window * Window;
        var (ma, mb) = (sa / n, sb / n);
        var (va, vb, cov) = ((saa / n) - (ma * ma), (sbb / n) - (mb * mb), (sab / n) - (ma * mb));
        return ((2 * ma * mb) + C1) * ((2 * cov) + C2) / (((ma * ma) + (mb * mb) + C1) * (va + vb + C2));
    }

    private static double[,] Reduced(SKBitmap bitmap, int width, int height)
    {
        var (pixels, result) = (bitmap.Pixels, new double[height, width]);
        for (var y = 0; y < Finer * height; y++)
            for (var x = 0; x < Finer * width; x++)
                result[y / Finer, x / Finer] += Luminance(pixels[(y * bitmap.Width) + x]) / (Finer * Finer);
        return result;
    }

    private static double Luminance(SKColor c) => (0.2126 * c.Red) + (0.7152 * c.Green) + (0.0722 * c.Blue);
}
