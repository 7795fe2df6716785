namespace Architecture.Tests;

/// <summary>Which namespaces of an assembly need which others of it, with an example for each.</summary>
internal sealed class NamespaceGraph
{
    private readonly Dictionary<string, Dictionary<string, TypeUse>> _needs = [];

    /// <summary>From an assembly's uses of its own types; what the compiler and source generators put elsewhere is left out.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="uses">All uses in it.</param>
    /// <param name="except">Namespaces to leave out.</param>
    public NamespaceGraph(string assembly, IEnumerable<TypeUse> uses, params IReadOnlyCollection<string> except)
    {
        foreach (var use in uses.Where(u => u.Assembly == assembly && u.From != u.To && IsOwn(u.From) && IsOwn(u.To)))
        {
            if (!_needs.TryGetValue(use.From, out var needs))
                _needs.Add(use.From, needs = []);
            needs.TryAdd(use.To, use);
        }

        bool IsOwn(string name) => name.StartsWith("SignalCam.", StringComparison.Ordinal) && !except.Contains(name);
    }

    /// <summary>Every pair of namespaces that need each other, directly or by way of others, with the uses that make the way.</summary>
    public IReadOnlyList<string> Cycles()
    {
        var cycles = new List<string>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in _needs.Keys.Order(StringComparer.Ordinal))
            foreach (var next in _needs[start].Keys.Order(StringComparer.Ordinal))
                if (ShortestWay(next, start) is { } back
                    && told.Add(string.Join(' ', back.Select(use => use.From).Order(StringComparer.Ordinal))))
                    cycles.Add(string.Join("; ", back.Prepend(_needs[start][next])));
        return cycles;
    }

    private List<TypeUse>? ShortestWay(string from, string to)
    {
        var cameBy = new Dictionary<string, TypeUse?> { [from] = null };
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var here) && !cameBy.ContainsKey(to))
            foreach (var (next, use) in _needs.GetValueOrDefault(here, []))
                if (cameBy.TryAdd(next, use))
                    open.Enqueue(next);
        if (!cameBy.TryGetValue(to, out var last))
            return null;
        var way = new List<TypeUse>();
        for (var use = last; use is not null; use = cameBy[use.From])
            way.Insert(0, use);
        return way;
    }
}
