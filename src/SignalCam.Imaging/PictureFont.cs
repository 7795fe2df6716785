using SkiaSharp;
using Svg.Skia.TypefaceProviders;

namespace SignalCam.Imaging;

/// <summary>Liberation Sans, which comes with the assembly and is as wide as Helvetica, in place of whatever fonts a machine has.</summary>
internal sealed class PictureFont : ITypefaceProvider
{
    private static readonly Lazy<SKTypeface> s_regular = new(() => Load("LiberationSans-Regular.ttf"));
    private static readonly Lazy<SKTypeface> s_bold = new(() => Load("LiberationSans-Bold.ttf"));

    /// <inheritdoc/>
    public SKTypeface? FromFamilyName(
        string fontFamily, SKFontStyleWeight fontWeight, SKFontStyleWidth fontWidth, SKFontStyleSlant fontStyle) =>
            (int)fontWeight >= (int)SKFontStyleWeight.SemiBold ? s_bold.Value : s_regular.Value;

    /// <summary>The font's file as it is embedded.</summary>
    internal static Stream Open(string file) => typeof(PictureFont).Assembly.GetManifestResourceStream(file)
        ?? throw new InvalidOperationException($"the assembly lacks its font {file}");

    private static SKTypeface Load(string file)
    {
        using var stream = Open(file);
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
