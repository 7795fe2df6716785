using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;
using Svg.Skia;

namespace SignalCam.Imaging;

/// <summary>Creates PNG and PDF of the pictures of SignalCam.Reporting, to scale: a millimetre of the SVG is a millimetre on
/// paper.</summary>
/// <remarks>
/// Text is set in Liberation Sans, which comes with the assembly: a picture looks the same on every machine, and a PDF has it embedded and
/// can be searched. Thread-safe.
/// </remarks>
public static class SvgImage
{
    /// <summary>The resolution that prints ask for, in dots an inch.</summary>
    public const double PrintResolution = 300;

    private const double MillimetresPerInch = 25.4;
    private const double PixelsPerInch = 96;
    private const double PointsPerInch = 72;
    private const double MostPixels = 250e6;

    /// <summary>Draws a picture in pixels.</summary>
    /// <param name="svg">An SVG document whose root has width and height in mm or px.</param>
    /// <param name="dpi">Dots per inch, 24 to 2400. The file states it, so that a program prints the picture to scale.</param>
    /// <returns>The PNG file.</returns>
    /// <exception cref="ArgumentException">It is not an SVG, has no size, or would have more than 250 million pixels.</exception>
    public static byte[] ToPng(string svg, double dpi = PrintResolution)
    {
        ArgumentNullException.ThrowIfNull(svg);
        if (!(dpi >= 24 && dpi <= 2400))
            throw new ArgumentOutOfRangeException(nameof(dpi), dpi, "a resolution is 24 to 2400 dots an inch");
        var root = Parse(svg);
        var size = SizeOf(root);
        var (width, height) = (Math.Round(size.Width * dpi), Math.Round(size.Height * dpi));
        if (width * height > MostPixels)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"the picture has {size.Width * MillimetresPerInch:0} x {size.Height * MillimetresPerInch:0} mm: at {dpi:0} dots an inch "
                + $"these are {width:0} x {height:0} pixels; allowed are {MostPixels:0} in all"), nameof(svg));
        using var drawing = Load(root);
        using var bitmap = new SKBitmap(
            new SKImageInfo(Math.Max(1, (int)width), Math.Max(1, (int)height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            // Not by the rounded size: a picture is to scale to the last column.
            Draw(canvas, drawing, (float)(size.Width * dpi), (float)(size.Height * dpi));
        }
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return PngScale.Write(encoded.ToArray(), dpi);
    }

    /// <summary>Draws pictures as vectors, a page each, as large as the picture.</summary>
    /// <param name="title">The document's title.</param>
    /// <param name="svgs">At least one SVG document.</param>
    /// <returns>The PDF file: its text can be selected and searched, and its fonts are embedded.</returns>
    /// <exception cref="ArgumentException">There is none, or one is not an SVG document or has no size.</exception>
    public static byte[] ToPdf(string title, params IReadOnlyList<string> svgs)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(svgs);
        if (svgs.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one picture", nameof(svgs));
        using var file = new MemoryStream();
        using (var document = SKDocument.CreatePdf(
            file, new SKDocumentPdfMetadata { Title = title, Creator = "SignalCam SDK", Producer = "Skia" }))
        {
            foreach (var svg in svgs)
            {
                var root = Parse(svg);
                var size = SizeOf(root);
                var (width, height) = ((float)(size.Width * PointsPerInch), (float)(size.Height * PointsPerInch));
                using var drawing = Load(root);
                using var canvas = document.BeginPage(width, height);
                Draw(canvas, drawing, width, height);
                document.EndPage();
            }
            document.Close();
        }
        return file.ToArray();
    }

    private static void Draw(SKCanvas canvas, SKSvg drawing, float width, float height)
    {
        var picture = drawing.Picture!;
        var box = picture.CullRect;
        canvas.Scale(width / box.Width, height / box.Height);
        canvas.Translate(-box.Left, -box.Top);
        canvas.DrawPicture(picture);
    }

    private static SKSvg Load(XElement root)
    {
        LargeText.Apply(root);
        var drawing = new SKSvg();
        try
        {
            drawing.Settings.TypefaceProviders = [new PictureFont()];
            return drawing.FromSvg(root.ToString(SaveOptions.DisableFormatting)) is not null
                ? drawing
                : throw new ArgumentException("the SVG has nothing to draw", nameof(root));
        }
        catch
        {
            drawing.Dispose();
            throw;
        }
    }

    private static XElement Parse(string svg)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(svg), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException e)
        {
            throw new ArgumentException($"the picture is no well-formed SVG: {e.Message}", nameof(svg), e);
        }
    }

    /// <summary>Width and height in inches.</summary>
    private static (double Width, double Height) SizeOf(XElement root) => root.Name.LocalName == "svg"
        ? (Inches(root, "width"), Inches(root, "height"))
        : throw new ArgumentException($"the picture is no SVG: its root is '{root.Name.LocalName}'", nameof(root));

    private static double Inches(XElement root, string name)
    {
        var text = root.Attribute(name)?.Value ?? "";
        var (number, perInch) = text.EndsWith("mm", StringComparison.Ordinal) ? (text[..^2], MillimetresPerInch)
            : (text.EndsWith("px", StringComparison.Ordinal) ? text[..^2] : text, PixelsPerInch);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value > 0 && double.IsFinite(value)
            ? value / perInch
            : throw new ArgumentException($"the SVG's {name} is '{text}', expected a number of mm or px above 0", nameof(root));
    }
}
