using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>A mapping of codes: each is replaced by one or several others.</summary>
/// <remarks>
/// The built-in map "snomed-ct" follows the conversion of PTB-XL's statements to SNOMED CT in the PhysioNet/CinC Challenge 2021 (Reyna et
/// al.
/// 2021, doi 10.23919/CinC53138.2021.9662687; its dx_mapping tables count the recordings of each code by source) as far as that is one to
/// one, and the Challenge's own pairs of diagnoses that are scored as the same. A code that is wider than any statement becomes a class
/// (MI,
/// STTC, CD, HYP) alone.
/// </remarks>
internal sealed class CodeMap
{
    public const string None = "none";
    public const string SnomedCt = "snomed-ct";
    public const string Challenge2021 = "challenge-2021";

    // A recording that states nothing but this code: the Challenge has no code for a normal ECG.
    private const string Alone = "alone";

    private readonly Dictionary<string, List<(string Class, bool IfAlone)>> _classes = new(StringComparer.Ordinal);

    private CodeMap(TableText table)
    {
        var (code, itsClass, when) = (table.Require("code"), table.Require("class"), table.Find("when"));
        foreach (var (line, fields) in table.Rows)
        {
            var condition = when is { } column ? fields[column].Trim() : "";
            if (condition.Length > 0 && condition != Alone)
                throw table.Error(line, when!.Value, $"'{condition}'", $"'{Alone}' or nothing");
            var key = fields[code].Trim();
            if (key.Length == 0)
                throw table.Error(line, code, "nothing", "a code");
            if (!_classes.TryGetValue(key, out var classes))
                _classes.Add(key, classes = []);
            // A code without a class is known and means nothing here.
            if (fields[itsClass].Trim() is { Length: > 0 } name)
                classes.Add((name, condition == Alone));
        }
    }

    /// <summary>Whether this names a built-in map or "none", rather than a file.</summary>
    public static bool IsName(string text) => text is None or SnomedCt or Challenge2021;

    /// <summary>Opens a map.</summary>
    /// <param name="name">A file, or the name of a built-in map; null or "none" for no map.</param>
    /// <exception cref="EcgFormatException">The file is missing or is not a map.</exception>
    public static CodeMap? Open(string? name) => name switch
    {
        null or None => null,
        SnomedCt or Challenge2021 => new CodeMap(TableText.Parse(name, EmbeddedTable.Read(name + ".csv"))),
        _ => new CodeMap(TableText.Read(name)),
    };

    /// <summary>The classes of the codes, each once. A code that is not in the map is unchanged.</summary>
    /// <param name="codes">Codes of one recording.</param>
    /// <param name="unmapped">Receives the codes that are not in the map.</param>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> codes, ICollection<string> unmapped)
    {
        var result = new List<string>(codes.Count);
        foreach (var code in codes)
        {
            if (!_classes.TryGetValue(code, out var classes))
            {
                unmapped.Add(code);
                Add(code);
                continue;
            }
            foreach (var (name, ifAlone) in classes)
                if (!ifAlone || codes.Count == 1)
                    Add(name);
        }
        return result;

        void Add(string name)
        {
            if (!result.Contains(name))
                result.Add(name);
        }
    }
}
