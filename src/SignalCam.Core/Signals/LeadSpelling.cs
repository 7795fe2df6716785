using System.Collections.Frozen;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>The convention by which a name denotes a lead.</summary>
internal enum LeadNaming
{
    /// <summary>I, aVR, V1 and other unambiguous names.</summary>
    Usual,

    /// <summary>C1 to C9: chest leads by IEC 60601-2-25, or electrodes of the EEG.</summary>
    ChestC,

    /// <summary>D1 to D3: limb leads in Romance languages and Turkish, or columns that are numbered.</summary>
    LimbD,
}

/// <summary>The lead that a name denotes; null if unknown.</summary>
internal readonly record struct LeadReading(string? Lead, LeadNaming Kind);

/// <summary>Parses a channel name.</summary>
internal static class LeadSpelling
{
    private const int LongestName = 80;

    private static readonly FrozenDictionary<string, LeadReading> Known = KnownNames();

    private static readonly FrozenDictionary<string, string> Spelling = SignalLayout.StandardLeads
        .Concat(["V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R", "V7R", "V8R", "V9R", "MLII"])
        .ToFrozenDictionary(lead => lead, StringComparer.OrdinalIgnoreCase);

    /// <summary>Words around a lead's name without further meaning; longer ones first where one starts another.</summary>
    private static readonly string[] Words =
    [
        "MDC", "ELEC", "POTL", "LEAD", "LEADS", "ECG", "EKG", "ELEKTROKARDIOGRAMM",
        "BRUSTWANDABLEITUNG", "BRUSTWAND", "BRUST", "BWA", "BW", "ABLEITUNG", "ABL", "CHEST", "WILSON", "GOLDBERGER", "EINTHOVEN",
        "DERIVATION", "DERIVACION", "DERIVACI\u00D3N", "DERIVA\u00C7\u00C3O", "D\u00C9RIVATION", "DERIV", "ELETTROCARDIOGRAMMA",
        "\u041E\u0422\u0412\u0415\u0414\u0415\u041D\u0418\u0415", "\u041E\u0422\u0412", "\u042D\u041A\u0413",
            "\u0413\u0420\u0423\u0414\u041D\u041E\u0415", "\u0413\u0420\u0423\u0414\u041D\u0410\u042F", "\u0413\u0420",
    ];

    private static readonly char[] Quotes = ['\'', '"', '`', '\u00B4', '\u2018', '\u2019', '\u201C', '\u201D', '\u201E', '\u00AB',
        '\u00BB'];

    /// <summary>The usual spelling of a lead; any other name is unchanged.</summary>
    public static string Canonical(string lead) => Spelling.GetValueOrDefault(lead, lead);

    /// <summary>The name without blanks and quotes around it.</summary>
    public static string WithoutQuotes(string name) => name.Trim().Trim(Quotes).Trim();

    /// <summary>The meaning of a name.</summary>
    public static LeadReading Read(string name)
    {
        if (name.Length > LongestName)
            return default;
        if (Known.TryGetValue(name, out var reading))
            return reading;
        var text = Plain(WithoutQuotes(name));
        var isNamed = StripWords(ref text);
        text = Latin(text);
        if (!Known.TryGetValue(text, out reading) && !TryJoined(text, out reading))
        {
            // "BW 1": a chest lead by its number alone.
            reading = isNamed == LeadWord.Chest && text is [>= '1' and <= '9'] ? new LeadReading($"V{text}", LeadNaming.Usual) : default;
        }
        // A word before it, as in "ECG C3", rules out what else it might be.
        return isNamed == LeadWord.None ? reading : reading with { Kind = LeadNaming.Usual };
    }

    private enum LeadWord
    {
        None,
        Any,
        Chest,
    }

    /// <summary>Strips words from both ends.</summary>
    private static LeadWord StripWords(ref string text)
    {
        var found = LeadWord.None;
        for (var isChanged = true; isChanged;)
        {
            isChanged = false;
            foreach (var word in Words)
            {
                var isPrefix = text.StartsWith(word, StringComparison.OrdinalIgnoreCase) && TryCutPrefix(ref text, word.Length);
                if (!isPrefix && !TryCutSuffix(ref text, word))
                    continue;
                isChanged = true;
                found = IsChest(word) ? LeadWord.Chest : found == LeadWord.None ? LeadWord.Any : found;
                break;
            }
        }
        return found;
    }

    private static bool IsChest(string word) => word[0] is 'B' || word is "CHEST" or "WILSON"
        || word.StartsWith("\u0413\u0420", StringComparison.Ordinal);

    /// <summary>
    /// A word ends at a separator, or at the name itself ("LeadII", "BW1"). A minus behind a blank belongs to the name: -aVR is inverted.
    /// </summary>
    private static bool TryCutPrefix(ref string text, int length)
    {
        var rest = text[length..];
        if (rest.Length == 0)
            return false;
        if (!IsSeparator(rest[0]))
        {
            if (!Known.ContainsKey(Latin(rest)) && rest is not [>= '1' and <= '9'])
                return false;
            text = rest;
            return true;
        }
        var name = rest[0] == '-' ? rest[1..].TrimStart() : rest.TrimStart(' ', '_', '.', ':', '=', '/');
        if (rest[0] != '-' && name is ['-', ' ', ..])
            name = name[1..].TrimStart();
        if (name.Length == 0)
            return false;
        text = name;
        return true;
    }

    private static bool TryCutSuffix(ref string text, string word)
    {
        var end = text.TrimEnd(')', '.', ' ');
        if (!end.EndsWith(word, StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = end[..^word.Length];
        if (rest.Length == 0 || !(IsSeparator(rest[^1]) || rest[^1] == '('))
            return false;
        rest = rest.TrimEnd(' ', '_', '.', ':', '-', '(');
        if (rest.Length == 0)
            return false;
        text = rest;
        return true;
    }

    private static bool IsSeparator(char c) => c is ' ' or '_' or '-' or '.' or ':' or '=' or '/';

    /// <summary>
    /// "V 1", "V_1" and "V01" as V1, "aV R" as aVR; but "I-II" is not III, and a name that starts with a minus is another lead.
    /// </summary>
    private static bool TryJoined(string text, out LeadReading reading)
    {
        reading = default;
        if (text.Length is < 2 or > 8 || IsSeparator(text[0]))
            return false;
        var joined = string.Concat(text.Split(' ', '_', '.', '-'));
        if (joined is [_, '0', _])
            joined = $"{joined[0]}{joined[2]}";
        if (Known.TryGetValue(joined, out reading) && reading.Lead is ['V' or 'a', ..])
            return true;
        reading = default;
        return false;
    }

    /// <summary>ASCII for full-width forms, Roman numerals of one character, and the blanks and hyphens of other scripts.</summary>
    private static string Plain(string name) => name.All(char.IsAscii) ? name : string.Concat(name.Select(c => c switch
    {
        >= '\uFF01' and <= '\uFF5E' => ((char)(c - 0xFEE0)).ToString(),
        '\u2160' or '\u2170' => "I",
        '\u2161' or '\u2171' => "II",
        '\u2162' or '\u2172' => "III",
        '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2212' => "-",
        '\u00A0' or '\u3000' => " ",
        _ => c.ToString(),
    }));

    /// <summary>
    /// Latin letters for Cyrillic ones that look or sound the same: the letter of the Russian name for V1 is its third, of the chest its
    /// fourth.
    /// </summary>
    private static string Latin(string name) => name.All(char.IsAscii) ? name : string.Concat(name.Select(c => c switch
    {
        '\u0410' or '\u0430' => 'a',
        '\u0412' or '\u0432' or '\u0413' or '\u0433' => 'V',
        '\u0420' or '\u0440' => 'R',
        '\u041B' or '\u043B' => 'L',
        '\u0424' or '\u0444' => 'F',
        '\u0421' or '\u0441' => 'C',
        '\u0406' or '\u0456' or '\u04C0' => 'I',
        _ => c,
    }));

    private static FrozenDictionary<string, LeadReading> KnownNames()
    {
        var names = new Dictionary<string, LeadReading>(StringComparer.OrdinalIgnoreCase);
        string[] leads = [.. SignalLayout.StandardLeads, "V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R", "V7R", "V8R", "V9R", "MLII"];
        foreach (var lead in leads)
        {
            names.Add(lead, new LeadReading(lead, LeadNaming.Usual));
            if (lead[0] == 'V')
                names.Add($"C{lead[1..]}", new LeadReading(lead, LeadNaming.ChestC));
        }
        foreach (var (synonym, lead) in (ReadOnlySpan<(string, string)>)[("DI", "I"), ("DII", "II"), ("DIII", "III")])
            names.Add(synonym, new LeadReading(lead, LeadNaming.Usual));
        foreach (var (synonym, lead) in (ReadOnlySpan<(string, string)>)[("D1", "I"), ("D2", "II"), ("D3", "III")])
            names.Add(synonym, new LeadReading(lead, LeadNaming.LimbD));
        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
