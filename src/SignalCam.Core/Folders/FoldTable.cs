using System.Buffers;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;

namespace SignalCam.Core.Folders;

/// <summary>Folds in a file: a CSV table with the columns recording and fold.</summary>
internal static class FoldTable
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(",;\t\"\r\n");

    /// <summary>Reads the fold of each recording.</summary>
    /// <exception cref="EcgFormatException">The file is missing or not such a table; the message states where.</exception>
    public static IReadOnlyDictionary<string, int> Read(string file)
    {
        var table = TableText.Read(file);
        var (recording, fold) = (table.Require("recording"), table.Require("fold"));
        var folds = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, fields) in table.Rows)
        {
            if (FieldText.Number(fields[fold]) is not (>= 1 and <= FoldSet.MaximumFold)
                || !int.TryParse(fields[fold], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw table.Error(line, fold, $"'{fields[fold]}'", $"a whole number from 1 to {FoldSet.MaximumFold}");
            if (!folds.TryAdd(fields[recording], number))
                throw table.Error(line, recording, $"'{fields[recording]}' a second time", "each recording once");
        }
        return folds;
    }

    /// <summary>Writes the fold of each entry that has one. Names no patient.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string file, IEnumerable<EcgEntry> entries)
    {
        var text = new StringBuilder("recording,fold\n");
        foreach (var entry in entries)
            if (entry.Fold is { } fold)
                text.Append(CultureInfo.InvariantCulture, $"{Quoted(entry.Id)},{fold}\n");
        WholeFile.WriteText(file, text.ToString());
    }

    private static string Quoted(string field) => field.AsSpan().IndexOfAny(s_special) < 0 ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
