using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;

namespace SignalCam.Core.Folders;

/// <summary>Labels from the comments in WFDB headers, as in the PhysioNet/CinC Challenges: "# Dx: 426783006,164889003".</summary>
internal static class HeaderLabels
{
    /// <summary>A row for each recording, in the order of the files. A recording without a header, or whose header says nothing, has no
    /// label.</summary>
    /// <exception cref="EcgFormatException">A header cannot be read.</exception>
    public static IReadOnlyList<LabelRow> Read(FolderFiles files) => [.. files.Paths.Select(path => Read(files.Root, path))];

    private static LabelRow Read(string root, string path)
    {
        var id = FolderFiles.IdOf(path);
        if (!FolderFiles.IsHeader(path))
            return new LabelRow { Recording = id, File = path, IsLabelled = false };
        string? codes = null, age = null, sex = null;
        foreach (var comment in WfdbHeader.Read(Path.Combine(root, path)).Comments)
        {
            codes ??= Value(comment, "Dx");
            age ??= Value(comment, "Age");
            sex ??= Value(comment, "Sex");
        }
        return new LabelRow
        {
            Recording = id,
            File = path,
            Age = age is null ? null : FieldText.Number(age),
            Sex = sex is null ? null : FieldText.Sex(sex),
            Codes = codes is null ? [] : FieldText.Codes(codes, ','),
            IsLabelled = codes is not null,
        };
    }

    private static string? Value(string comment, string name)
    {
        var colon = comment.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !comment.AsSpan(0, colon).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            return null;
        var value = comment[(colon + 1)..].Trim();
        return FieldText.IsMissing(value) ? null : value;
    }
}
