using SignalCam.Abstractions;

namespace SignalCam.Formats.Sources;

/// <summary>Names of files beside a file: plain names that cannot lead out of the folder.</summary>
internal static class SiblingName
{
    private const int Longest = 255;

    public static void RequirePlain(string file, string name)
    {
        if (!IsPlain(name))
            throw new EcgFormatException(file, null, $"'{Shorten(name)}' as the name of a file beside it",
                "a plain file name without a path");
    }

    private static bool IsPlain(string name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > Longest || name is "." or "..")
            return false;
        foreach (var c in name)
            if (c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || char.IsControl(c))
                return false;
        return true;
    }

    private static string Shorten(string name) =>
        string.Concat((name.Length <= 80 ? name : name[..80] + "...").Select(c => char.IsControl(c) ? '?' : c));
}
