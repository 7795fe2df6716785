using System.Text;

namespace SignalCam.Formats.Dicom;

/// <summary>Specific Character Set (0008,0005), PS3.3 C.12.1.1.2.</summary>
internal static class DicomCharacterSet
{
    /// <summary>
    /// The encoding of a text. If there are several values, the first is used, so that text after an escape sequence (ISO 2022) is
    /// decoded incorrectly; an unknown name is read as Latin-1, which is lossless.
    /// </summary>
    public static Encoding Of(string? value)
    {
        var name = (value ?? "").Split('\\')[0].Trim().Replace("ISO 2022 IR ", "ISO_IR ", StringComparison.OrdinalIgnoreCase);
        return name switch
        {
            "ISO_IR 192" => Encoding.UTF8,
            "ISO_IR 101" => CodePage(28592),
            "ISO_IR 109" => CodePage(28593),
            "ISO_IR 110" => CodePage(28594),
            "ISO_IR 144" => CodePage(28595),
            "ISO_IR 127" => CodePage(28596),
            "ISO_IR 126" => CodePage(28597),
            "ISO_IR 138" => CodePage(28598),
            "ISO_IR 148" => CodePage(28599),
            "ISO_IR 203" => CodePage(28605),
            "ISO_IR 166" => CodePage(874),
            "ISO_IR 13" => CodePage(932),
            "GB18030" or "GBK" => CodePage(54936),
            _ => Encoding.Latin1,
        };
    }

    private static Encoding CodePage(int number) => CodePagesEncodingProvider.Instance.GetEncoding(number) ?? Encoding.Latin1;
}
