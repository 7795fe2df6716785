using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>A set of folds, written as "1-8", "9" or "1,3-5".</summary>
public sealed class FoldSet : IEquatable<FoldSet>
{
    // Far above any cross-validation; keeps "1-999999999" from filling the memory.
    internal const int MaximumFold = 1000;

    private readonly int[] _folds;

    /// <summary>A set of these folds.</summary>
    /// <exception cref="DatasetSplitException">There is none, or a fold is not from 1 to 1000.</exception>
    public FoldSet(params IEnumerable<int> folds)
    {
        _folds = [.. folds.Distinct().Order()];
        if (_folds.Length == 0 || _folds[0] < 1 || _folds[^1] > MaximumFold)
            throw new DatasetSplitException($"found folds [{string.Join(", ", _folds)}], expected at least one, from 1 to {MaximumFold}");
    }

    /// <summary>The folds, rising.</summary>
    public IReadOnlyList<int> Folds => _folds;

    /// <summary>Reads folds and ranges of folds, separated by commas: "1-8", "9", "1,3-5".</summary>
    /// <exception cref="DatasetSplitException">The text says something else.</exception>
    public static FoldSet Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folds = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParseFold(ends[0], out var first) || !TryParseFold(ends[^1], out var last) || last < first)
                throw new DatasetSplitException(
                    $"folds '{text}': found '{part.Trim()}', expected a fold such as 9 or a range such as 1-8, from 1 to {MaximumFold}");
            folds.AddRange(Enumerable.Range(first, last - first + 1));
        }
        return new FoldSet(folds);
    }

    /// <summary>Whether a fold is in the set; null, an entry without a fold, never is.</summary>
    public bool Contains(int? fold) => fold is { } f && Array.BinarySearch(_folds, f) >= 0;

    /// <summary>The entries of these folds, in their order.</summary>
    /// <exception cref="DatasetSplitException">There is none; the message lists the folds there are.</exception>
    public IReadOnlyList<T> Select<T>(IReadOnlyList<T> entries)
        where T : EcgEntry
    {
        ArgumentNullException.ThrowIfNull(entries);
        var selected = Filter(entries);
        if (selected.Count > 0)
            return selected;
        var there = entries.Where(e => e.Fold >= 1).Select(e => e.Fold!.Value).ToHashSet();
        throw new DatasetSplitException(
            $"no recording is in fold {this}; there are {(there.Count > 0 ? $"folds {new FoldSet(there)}" : "no folds")}");
    }

    /// <summary>The same in the shortest way: "1-8,10".</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        for (var i = 0; i < _folds.Length;)
        {
            var first = i;
            while (++i < _folds.Length && _folds[i] == _folds[i - 1] + 1)
            {
            }
            parts.Add(i - first == 1
                ? _folds[first].ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{_folds[first]}-{_folds[i - 1]}"));
        }
        return string.Join(',', parts);
    }

    /// <inheritdoc/>
    public bool Equals(FoldSet? other) => other is not null && _folds.AsSpan().SequenceEqual(other._folds);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FoldSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_folds.Length, _folds[0], _folds[^1]);

    internal IReadOnlyList<T> Filter<T>(IReadOnlyList<T> entries)
        where T : EcgEntry =>
        [.. entries.Where(e => Contains(e.Fold))];

    private static bool TryParseFold(string text, out int fold) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out fold)
        && fold is >= 1 and <= MaximumFold;
}
