using System.Globalization;
using System.Xml.Linq;
using SignalCam.Testing;
using SkiaSharp;

namespace SignalCam.Imaging.Tests;

/// <summary>Draws an SVG with Debian's Chromium, in the font that pictures are set in.</summary>
internal static class Chromium
{
    /// <summary>Dots an inch: four times those of a CSS pixel, near those of a print.</summary>
    public const double Resolution = Scale * 96;

    private const int Scale = 4;

    public static SKBitmap Draw(string svg)
    {
        using var folder = TestData.Folder();
        var root = XElement.Parse(svg);
        var (width, height) = (Pixels(root.Attribute("width")!.Value), Pixels(root.Attribute("height")!.Value));
        File.WriteAllText(folder["page.html"], $$"""
            <!doctype html><meta charset="utf-8"><style>
            @font-face {
              font-family: "Picture"; font-weight: 100 500; src: url(data:font/ttf;base64,{{Font("LiberationSans-Regular.ttf")}})
            }
            @font-face {
              font-family: "Picture"; font-weight: 600 900; src: url(data:font/ttf;base64,{{Font("LiberationSans-Bold.ttf")}})
            }
            html, body { margin: 0; background: #fff } svg { display: block; font-family: Picture !important }
            </style>{{svg}}
            """);
        var (exitCode, text) = TestProgram.Run("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", $"--force-device-scale-factor={Scale}",
            $"--user-data-dir={folder["profile"]}",
            string.Create(CultureInfo.InvariantCulture, $"--window-size={Math.Ceiling(width)},{Math.Ceiling(height)}"),
            $"--screenshot={folder["drawn.png"]}", new Uri(folder["page.html"]).AbsoluteUri,
        ]);
        Skip.If(exitCode == -1, "chromium is not here: install chromium");
        Assert.True(File.Exists(folder["drawn.png"]), text);
        using var drawn = SKBitmap.Decode(folder["drawn.png"]);
        var cut = new SKBitmap((int)Math.Round(width * Scale), (int)Math.Round(height * Scale));
        drawn.ExtractSubset(cut, new SKRectI(0, 0, Math.Min(drawn.Width, cut.Width), Math.Min(drawn.Height, cut.Height)));
        return cut.Copy();
    }

    private static string Font(string file)
    {
        using var stream = PictureFont.Open(file);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Convert.ToBase64String(bytes.ToArray());
    }

    private static double Pixels(string length) => length.EndsWith("mm", StringComparison.Ordinal)
        ? double.Parse(length[..^2], CultureInfo.InvariantCulture) / 25.4 * 96
        : double.Parse(length.Replace("px", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
