using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Metrics;

/// <summary>
/// The score of the PhysioNet/CinC Challenge 2021 (Reyna et al. 2021, doi 10.23919/CinC53138.2021.9662687; Perez Alday et al. 2020, doi
/// 10.1088/1361-6579/abc960, equations 1 to 3): wrong diagnoses that lead to a similar treatment count in part. 1 means that every
/// diagnosis is correct; 0 is as good as always answering sinus rhythm.
/// </summary>
/// <remarks>Immutable; safe for concurrent readers.</remarks>
public sealed class ChallengeScore
{
    private const string SinusRhythm = "426783006";
    private const char Same = '|';
    private const long MostBytes = 1 << 20;

    private static readonly Lazy<ChallengeScore> s_official = new(ReadOfficial);

    private readonly Dictionary<string, int> _placeOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly double[,] _weights;
    private readonly int _normal;

    private ChallengeScore(string[] names, double[,] weights, string file)
    {
        _weights = weights;
        foreach (var (place, all) in names.Index())
            foreach (var name in all.Split(Same, StringSplitOptions.TrimEntries))
                if (!_placeOf.TryAdd(name, place))
                    throw new EcgFormatException(file, "line 1", $"'{name}' a second time", "each diagnosis once");
        _normal = _placeOf.TryGetValue(SinusRhythm, out var normal)
            ? normal : throw new EcgFormatException(file, "line 1", $"no diagnosis {SinusRhythm}", "sinus rhythm among the diagnoses");
        Diagnoses = names.Length;
    }

    /// <summary>The weights of the Challenge (weights.csv of its evaluation code), with the abbreviations of its diagnoses as names
    /// besides.</summary>
    public static ChallengeScore Official => s_official.Value;

    /// <summary>Number of diagnoses that are scored; pairs that the Challenge scores as the same count once. 26 in 2021.</summary>
    public int Diagnoses { get; }

    /// <summary>Reads a table of weights in the Challenge's form.</summary>
    /// <param name="file">A CSV file: names of the diagnoses in the first row and column, equal ones joined by |, and a weight for each
    /// pair.</param>
    /// <exception cref="EcgFormatException">The file is missing or not such a table; the message states where.</exception>
    public static ChallengeScore Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            return Parse(file, RegularFile.ReadAllText(file, MostBytes));
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "a table of weights");
            throw new EcgFormatException(file, null, found, expected, e);
        }
    }

    /// <summary>The number of scored diagnoses among the classes, named by SNOMED CT code or abbreviation.</summary>
    public int CountAmong(IEnumerable<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return classes.Where(_placeOf.ContainsKey).Select(name => _placeOf[name]).Distinct().Count();
    }

    /// <summary>Scores decisions.</summary>
    /// <param name="scores">Recordings with their targets; what is called present decides.</param>
    /// <returns>
    /// At most 1; null if sinus rhythm or a second scored diagnosis is missing among the classes, or where every right answer is sinus
    /// rhythm.
    /// Classes that are not scored have no influence. Comparable with published scores only where all diagnoses are among the classes.
    /// </returns>
    public double? Compute(ScoredRecordings scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        int?[] places = [.. scores.Classes.Select(name => _placeOf.TryGetValue(name, out var place) ? place : (int?)null)];
        if (!places.Contains(_normal) || places.OfType<int>().Distinct().Count() < 2)
            return null;
        double observed = 0, right = 0, inactive = 0;
        for (var r = 0; r < scores.Count; r++)
        {
            var (truth, called) = (new HashSet<int>(), new HashSet<int>());
            for (var c = 0; c < places.Length; c++)
            {
                if (places[c] is not { } place)
                    continue;
                if (scores.Targets[r * places.Length + c] == 1)
                    truth.Add(place);
                if (scores.IsCalled(r, c))
                    called.Add(place);
            }
            observed += Weight(truth, called);
            right += Weight(truth, truth);
            inactive += Weight(truth, [_normal]);
        }
        return right == inactive ? null : (observed - inactive) / (right - inactive);
    }

    /// <summary>The weights of all pairs of a true and a called diagnosis, divided by the number of different diagnoses among
    /// them.</summary>
    private double Weight(HashSet<int> truth, HashSet<int> called)
    {
        double sum = 0;
        foreach (var t in truth)
            foreach (var c in called)
                sum += _weights[t, c];
        return sum / Math.Max(1, truth.Union(called).Count());
    }

    private static ChallengeScore ReadOfficial()
    {
        using var stream = typeof(ChallengeScore).Assembly.GetManifestResourceStream("SignalCam.Core.Metrics.challenge-2021-weights.csv")!;
        using var reader = new StreamReader(stream);
        return Parse("challenge-2021-weights.csv", reader.ReadToEnd());
    }

    private static ChallengeScore Parse(string file, string text)
    {
        string[][] rows = [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line =>
            line.Split(','))];
        if (rows.Length < 3)
            throw new EcgFormatException(file, null, $"{rows.Length} lines", "a line of names, and one for each of at least two diagnoses");
        string[] names = [.. rows[0].Skip(1).Select(n => n.Trim())];
        if (rows.Length - 1 != names.Length)
            throw new EcgFormatException(file, null, $"{rows.Length - 1} rows of weights", $"{names.Length}, one for each name in line 1");
        var weights = new double[names.Length, names.Length];
        for (var r = 0; r < names.Length; r++)
        {
            var row = rows[r + 1];
            if (row.Length != names.Length + 1 || row[0].Trim() != names[r])
                throw new EcgFormatException(file, $"row {r + 1} of weights", $"{row.Length - 1} weights of '{row[0]}'",
                    $"{names.Length} of '{names[r]}'");
            for (var c = 0; c < names.Length; c++)
                weights[r, c] = double.TryParse(row[c + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight)
                    && double.IsFinite(weight)
                    ? weight : throw new EcgFormatException(file, $"row {r + 1} of weights", $"'{row[c + 1]}'", "a number");
        }
        return new ChallengeScore(names, weights, file);
    }
}
