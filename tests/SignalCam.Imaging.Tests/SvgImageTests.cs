using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using SignalCam.Reporting;
using SkiaSharp;
using UglyToad.PdfPig;

namespace SignalCam.Imaging.Tests;

public sealed class SvgImageTests
{
    public static TheoryData<string> Kinds => [.. PictureKinds.Names];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_PNG_looks_as_Chromium_draws_the_SVG(string kind)
    {
        var svg = PictureKinds.Render(kind);
        using var expected = Chromium.Draw(svg);
        using var found = SKBitmap.Decode(SvgImage.ToPng(svg, Chromium.Resolution));

        Assert.InRange(Math.Abs(expected.Width - found.Width) + Math.Abs(expected.Height - found.Height), 0, 4);
        var similarity = StructuralSimilarity.Of(expected, found);
        // Chromium sets the lines of small text a pixel further left, which counts where they fill much of a small picture.
        Assert.True(similarity >= (kind == "cam-leads-3x4" ? 0.97 : 0.98), $"{kind}: {similarity}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_PDF_is_as_large_as_the_picture_has_its_fonts_within_and_its_text_can_be_read(string kind)
    {
        var svg = PictureKinds.Render(kind);
        var pdf = SvgImage.ToPdf(kind, svg);

        using var document = PdfDocument.Open(pdf);
        var page = document.GetPage(1);
        var root = XElement.Parse(svg);
        Assert.Equal(1, document.NumberOfPages);
        Assert.Equal(Points(root.Attribute("width")!.Value), page.Width, 1.0);
        Assert.Equal(Points(root.Attribute("height")!.Value), page.Height, 1.0);
        Assert.Contains("/FontFile2", Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        // The white rim of lead names is drawn as glyphs of a font of type 3, which are outlines within the file, too.
        Assert.All(page.Letters.Select(l => l.FontName).Distinct(), font => Assert.Matches("LiberationSans|^Type3$", font));
        Assert.Contains(page.Letters, l => l.FontName!.Contains("LiberationSans", StringComparison.Ordinal));
        var read = Squeeze(page.Text);
        foreach (var text in root.Descendants().Where(e => e.Name.LocalName == "text" && e.Attribute("transform") is null)
            .Select(e => Squeeze(e.Value)))
            Assert.Contains(text, read, StringComparison.Ordinal);
    }

    [Fact]
    public void A_PNG_is_to_scale_and_says_its_resolution()
    {
        var svg = PictureKinds.Render("page");
        var png = SvgImage.ToPng(svg, 300);

        // 297 x 210 mm at 300 dots an inch; 11811 pixels a metre.
        Assert.Equal(3508, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(2480, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        var at = png.AsSpan().IndexOf("pHYs"u8);
        Assert.Equal(11811, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at + 4)));
        using var bitmap = SKBitmap.Decode(png);
        Assert.NotNull(bitmap);
    }

    [Fact]
    public void A_grey_picture_has_no_colour_and_still_tells_for_from_against()
    {
        using var bitmap = SKBitmap.Decode(SvgImage.ToPng(PictureKinds.Render("cam-grey"), 100));
        Assert.All(bitmap.Pixels, p => Assert.True(Math.Abs(p.Red - p.Green) <= 1 && Math.Abs(p.Green - p.Blue) <= 1, p.ToString()));
        Assert.Contains(bitmap.Pixels, p => p.Red is > 0x85 and < 0x95);
        Assert.NotEqual(ColorScale.GreySigned.ColorAt(0.2), ColorScale.GreySigned.ColorAt(0.8));
    }

    [Fact]
    public void Several_pictures_are_pages_of_one_PDF()
    {
        using var document = PdfDocument.Open(SvgImage.ToPdf("two", PictureKinds.Render("confusion"), PictureKinds.Render("page")));
        Assert.Equal(2, document.NumberOfPages);
        Assert.Equal("two", document.Information.Title);
    }

    [Fact]
    public void What_is_no_picture_or_too_large_is_refused_with_the_reason()
    {
        Assert.Contains("well-formed", Assert.Throws<ArgumentException>(() => SvgImage.ToPng("<svg")).Message, StringComparison.Ordinal);
        Assert.Contains("root is 'html'",
            Assert.Throws<ArgumentException>(() => SvgImage.ToPng("<html/>")).Message, StringComparison.Ordinal);
        Assert.Contains("width is ''",
            Assert.Throws<ArgumentException>(() => SvgImage.ToPng("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")).Message,
            StringComparison.Ordinal);
        var huge = """<svg xmlns="http://www.w3.org/2000/svg" width="45000mm" height="200mm" viewBox="0 0 45000 200"><rect width="1" """
            + """height="1"/></svg>""";
        Assert.Contains("allowed are", Assert.Throws<ArgumentException>(() => SvgImage.ToPng(huge)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => SvgImage.ToPng(huge, 3));
        Assert.Throws<ArgumentException>(() => SvgImage.ToPdf("none"));
    }

    private static double Points(string length) => length.EndsWith("mm", StringComparison.Ordinal)
        ? double.Parse(length[..^2], System.Globalization.CultureInfo.InvariantCulture) / 25.4 * 72
        : double.Parse(length.Replace("px", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) / 96 * 72;

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
