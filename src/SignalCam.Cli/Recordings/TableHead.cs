using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Core.Signals;

namespace SignalCam.Cli.Recordings;

/// <summary>Tells tables of samples from other tables by what stands at their beginning.</summary>
internal static class TableHead
{
    private static readonly char[] s_separators = [',', ';', '\t'];
    private static readonly char[] s_unitStarts = ['(', '[', '_'];

    /// <summary>Whether a cell near the beginning is the name of an ECG lead, with or without its unit.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool NamesLead(string path)
    {
        Span<byte> head = stackalloc byte[EcgFileSource.HeadLength];
        using var file = RegularFile.OpenRead(path);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return Encoding.UTF8.GetString(head).Split('\n').SelectMany(line => line.Split(s_separators)).Any(IsLead);
    }

    private static bool IsLead(string cell)
    {
        var name = cell.Trim().Trim('"', '\'').Trim();
        var unit = name.IndexOfAny(s_unitStarts);
        return name.Length is > 0 and <= 32 && LeadNames.Recognize(unit > 0 ? name[..unit].Trim() : name) is not null;
    }
}
