using SignalCam.Abstractions;

namespace SignalCam.Core.Folders;

/// <summary>
/// Draws folds of patients with similar class distributions: iterative stratification (Sechidis et al. 2011, doi
/// 10.1007/978-3-642-23808-6_10) over patients instead of recordings, the rarest class first.
/// </summary>
internal sealed class FoldDraw
{
    private readonly Group[] _groups;
    private readonly double[] _wanted;
    private readonly Dictionary<string, double[]> _wantedOf = new(StringComparer.Ordinal);
    private readonly EcgRandom _random;

    private FoldDraw(IReadOnlyList<EcgEntry> entries, int folds, ulong seed)
    {
        _random = new EcgRandom(seed);
        // In the order of the names: the order of the table or the folder does not change the folds.
        _groups = [.. entries.Index().GroupBy(e => e.Item.PatientId is { } patient ? "p" + patient : "r" + e.Item.Id,
            StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new Group(g))];
        _random.Shuffle(_groups.AsSpan());
        _wanted = [.. Enumerable.Repeat((double)entries.Count / folds, folds)];
        foreach (var (code, count) in _groups.SelectMany(g => g.Counts))
        {
            if (!_wantedOf.TryGetValue(code, out var wanted))
                _wantedOf.Add(code, wanted = new double[folds]);
            for (var fold = 0; fold < folds; fold++)
                wanted[fold] += (double)count / folds;
        }
    }

    /// <summary>The fold of each entry, from 1.</summary>
    public static int[] Draw(IReadOnlyList<EcgEntry> entries, int folds, ulong seed)
    {
        var draw = new FoldDraw(entries, folds, seed);
        draw.Assign();
        var result = new int[entries.Count];
        foreach (var group in draw._groups)
            foreach (var entry in group.Entries)
                result[entry] = group.Fold!.Value + 1;
        return result;
    }

    private void Assign()
    {
        var left = _wantedOf.ToDictionary(w => w.Key, w => _groups.Count(g => g.Counts.ContainsKey(w.Key)), StringComparer.Ordinal);
        while (left.Count > 0)
        {
            var rarest = left.Where(l => l.Value > 0).OrderBy(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal).Select(l =>
                l.Key).FirstOrDefault();
            if (rarest is null)
                break;
            foreach (var group in _groups.Where(g => g.Fold is null && g.Counts.ContainsKey(rarest)))
            {
                Put(group, Best(_wantedOf[rarest]));
                foreach (var code in group.Counts.Keys)
                    left[code]--;
            }
            left.Remove(rarest);
        }
        foreach (var group in _groups.Where(g => g.Fold is null))
            Put(group, Best(_wanted));
    }

    /// <summary>The fold that lacks most; ties are broken by the number of missing recordings, then at random.</summary>
    private int Best(double[] wanted)
    {
        const double Same = 1e-9;
        var most = wanted.Max();
        int[] first = [.. Enumerable.Range(0, wanted.Length).Where(f => wanted[f] >= most - Same)];
        var mostOverall = first.Max(f => _wanted[f]);
        int[] equal = [.. first.Where(f => _wanted[f] >= mostOverall - Same)];
        return equal[equal.Length == 1 ? 0 : _random.Below(equal.Length)];
    }

    private void Put(Group group, int fold)
    {
        group.Fold = fold;
        _wanted[fold] -= group.Entries.Length;
        foreach (var (code, count) in group.Counts)
            _wantedOf[code][fold] -= count;
    }

    /// <summary>The recordings of a patient.</summary>
    private sealed class Group(IEnumerable<(int Index, EcgEntry Item)> entries)
    {
        public int[] Entries { get; } = [.. entries.Select(e => e.Index)];

        /// <summary>Recordings by code.</summary>
        public Dictionary<string, int> Counts { get; } =
            entries.SelectMany(e => e.Item.Statements.Select(s => s.Code).Distinct(StringComparer.Ordinal)).CountBy(c => c,
                StringComparer.Ordinal)
                .ToDictionary(StringComparer.Ordinal);

        public int? Fold { get; set; }
    }
}
