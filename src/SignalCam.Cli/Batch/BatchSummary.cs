using SignalCam.Abstractions;

namespace SignalCam.Cli.Batch;

/// <summary>Summary of a batch, updated recording by recording; its size does not grow with their number.</summary>
internal sealed class BatchSummary
{
    public const int Bins = 20;
    private const int MostFailures = 50;
    private const int MostPictures = 4;

    private readonly OrderedDictionary<string, ClassSummary> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Code, FindingSeverity Severity), FindingSummary> _findings = [];
    private readonly List<(string Recording, string Error)> _failures = [];

    public long Recordings { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Recordings of which no class was decided.</summary>
    public long Undecided { get; private set; }

    public long WithFindings { get; private set; }

    public IReadOnlyDictionary<string, ClassSummary> Classes => _classes;

    /// <summary>The most frequent first.</summary>
    public IEnumerable<FindingSummary> Findings =>
        _findings.Values.OrderByDescending(f => f.Count).ThenBy(f => f.Code, StringComparer.Ordinal).ThenBy(f => f.Severity);

    /// <summary>The first recordings without an answer.</summary>
    public IReadOnlyList<(string Recording, string Error)> Failures => _failures;

    /// <summary>Recordings with the most probable class that was called present.</summary>
    public Ranking SurestPresent { get; } = new(MostPictures);

    /// <summary>Recordings of which every class is far below its threshold.</summary>
    public Ranking SurestAbsent { get; } = new(MostPictures);

    /// <summary>
    /// Recordings with a probability close to its threshold; for a multiclass model, with two classes close to each other.
    /// </summary>
    public Ranking LeastSure { get; } = new(MostPictures);

    public void Add(BatchRow row)
    {
        Recordings++;
        if (row.Error is { } error)
        {
            Failed++;
            if (_failures.Count < MostFailures)
                _failures.Add((row.Recording, error));
            return;
        }
        foreach (var score in row.Scores)
        {
            if (!_classes.TryGetValue(score.Class, out var summary))
                _classes.Add(score.Class, summary = new ClassSummary());
            summary.Add(score);
        }
        foreach (var finding in row.Findings)
        {
            if (!_findings.TryGetValue((finding.Code, finding.Severity), out var summary))
                _findings.Add((finding.Code, finding.Severity), summary = new FindingSummary(finding.Code, finding.Severity));
            summary.Add(row.Recording);
        }
        WithFindings += row.Findings.Count > 0 ? 1 : 0;
        Rank(row);
    }

    private void Rank(BatchRow row)
    {
        if (row.Scores.Any(s => s.Decision == ClassDecision.Undecided))
        {
            Undecided++;
            return;
        }
        var called = row.Scores.Where(s => s.Decision == ClassDecision.Present).ToArray();
        var (closest, distance) = Closest(row.Scores);
        if (called.Length > 0)
            SurestPresent.Offer(called.MaxBy(s => s.Probability), row.Recording, called.Max(s => s.Probability));
        else
            SurestAbsent.Offer(row.Scores.MaxBy(s => s.Probability), row.Recording, distance);
        LeastSure.Offer(closest, row.Recording, -distance);
    }

    /// <summary>The class with the closest decision, and the change in probability that would reverse it.</summary>
    private static (BatchScore Score, double Distance) Closest(IReadOnlyList<BatchScore> scores)
    {
        if (scores.All(s => s.Threshold is not null))
        {
            var closest = scores.MinBy(Distance);
            return (closest, Distance(closest));
        }
        var ranked = scores.OrderByDescending(s => s.Probability).ToArray();
        return (ranked[0], ranked.Length > 1 ? ranked[0].Probability - ranked[1].Probability : 1);

        static double Distance(BatchScore score) => Math.Abs(score.Probability - score.Threshold!.Value);
    }
}

/// <summary>Summary of one class.</summary>
internal sealed class ClassSummary
{
    private readonly long[] _bins = new long[BatchSummary.Bins];
    private double _sum;

    public long Present { get; private set; }

    public long Absent { get; private set; }

    public long Undecided { get; private set; }

    /// <summary>Null of a multiclass model.</summary>
    public double? Threshold { get; private set; }

    public long Count => Present + Absent + Undecided;

    public double MeanProbability => _sum / Count;

    /// <summary>Recordings by probability, in bins of equal width from 0 to 1.</summary>
    public IReadOnlyList<long> Histogram => _bins;

    public void Add(BatchScore score)
    {
        _bins[Math.Clamp((int)(score.Probability * _bins.Length), 0, _bins.Length - 1)]++;
        _sum += score.Probability;
        Threshold = score.Threshold;
        switch (score.Decision)
        {
            case ClassDecision.Present:
                Present++;
                break;
            case ClassDecision.Absent:
                Absent++;
                break;
            default:
                Undecided++;
                break;
        }
    }
}

/// <summary>The number of findings of a check.</summary>
internal sealed class FindingSummary(string code, FindingSeverity severity)
{
    private const int MostExamples = 3;
    private readonly List<string> _examples = [];

    public string Code => code;

    public FindingSeverity Severity => severity;

    public long Count { get; private set; }

    public IReadOnlyList<string> Examples => _examples;

    public void Add(string recording)
    {
        Count++;
        if (_examples.Count < MostExamples)
            _examples.Add(recording);
    }
}

/// <summary>The recordings with the highest ranks, the highest first; of equal ones those that came first.</summary>
internal sealed class Ranking(int most)
{
    private readonly List<RankedRecording> _ranked = [];

    public IReadOnlyList<RankedRecording> Recordings => _ranked;

    public void Offer(BatchScore score, string recording, double rank)
    {
        if (double.IsNaN(rank) || (_ranked.Count == most && rank <= _ranked[^1].Rank))
            return;
        var place = _ranked.FindIndex(r => r.Rank < rank);
        _ranked.Insert(place < 0 ? _ranked.Count : place, new RankedRecording(recording, score, rank));
        if (_ranked.Count > most)
            _ranked.RemoveAt(most);
    }
}

/// <summary>A recording with the class that gave its rank.</summary>
internal sealed record RankedRecording(string Recording, BatchScore Score, double Rank);
