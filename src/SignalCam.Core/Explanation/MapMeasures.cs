using System.Numerics.Tensors;

namespace SignalCam.Core.Explanation;

/// <summary>
/// Measures of a map that need no further run of the model: where it points, how its mass is spread, how it ranks places.
/// </summary>
/// <remarks>
/// Maps are strips (time) or (lead, time); a mask has the map's length. None of them returns NaN: what is not defined is null.
/// </remarks>
internal static class MapMeasures
{
    /// <summary>
    /// The pointing game (Zhang et al. 2018, doi 10.1007/s11263-017-1059-x): whether the map's largest value lies on the truth. A constant
    /// map points nowhere and scores the share of the truth, which is what a random place would.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="truth">Where the class's signs are.</param>
    /// <returns>
    /// 1 for a hit, 0 for a miss; with several largest values, the share of them that hit. Null if the truth is empty.
    /// </returns>
    public static double? PointingGame(ReadOnlySpan<float> map, ReadOnlySpan<bool> truth)
    {
        CheckLengths(map.Length, truth.Length);
        if (!truth.Contains(true))
            return null;
        var largest = TensorPrimitives.Max(map);
        var (hits, all) = (0, 0);
        for (var i = 0; i < map.Length; i++)
        {
            if (map[i] != largest)
                continue;
            all++;
            if (truth[i])
                hits++;
        }
        return hits / (double)all;
    }

    /// <summary>
    /// Relevance mass accuracy (Arras et al. 2022, doi 10.1016/j.inffus.2021.11.008): the share of what speaks for the class (positive
    /// values) that lies on a mask.
    /// </summary>
    /// <returns>0 to 1; null if nothing speaks for the class or the mask is empty.</returns>
    public static double? RelevanceMass(ReadOnlySpan<float> map, ReadOnlySpan<bool> mask)
    {
        CheckLengths(map.Length, mask.Length);
        if (!mask.Contains(true))
            return null;
        var (inside, all) = (0.0, 0.0);
        for (var i = 0; i < map.Length; i++)
        {
            if (!(map[i] > 0))
                continue;
            all += map[i];
            if (mask[i])
                inside += map[i];
        }
        return all > 0 ? inside / all : null;
    }

    /// <summary>
    /// The share of places that a mask covers: what a random map scores in <see cref="PointingGame"/> and <see cref="RelevanceMass"/>.
    /// </summary>
    public static double Share(ReadOnlySpan<bool> mask) => mask.IsEmpty ? 0 : mask.Count(true) / (double)mask.Length;

    /// <summary>
    /// Sparseness: the Gini index of the absolute values (Hurley and Rickard 2009, doi 10.1109/TIT.2009.2027527, table 1; for explanations
    /// Chalasani et al. 2020). 0 when all are equal, towards 1 when one has it all.
    /// </summary>
    /// <returns>Null for a map of zeros.</returns>
    public static double? Gini(ReadOnlySpan<float> map)
    {
        var values = new double[map.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Abs(map[i]);
        Array.Sort(values);
        var sum = values.Sum();
        if (!(sum > 0))
            return null;
        var weighted = 0.0;
        for (var k = 0; k < values.Length; k++)
            weighted += values[k] / sum * (values.Length - k - 0.5) / values.Length;
        return 1 - 2 * weighted;
    }

    /// <summary>
    /// Spearman's rank correlation of two maps: Pearson's of their ranks, equal values sharing their mean rank. The similarity that
    /// parameter randomisation (Adebayo et al. 2018, arXiv 1810.03292) is measured with.
    /// </summary>
    /// <returns>-1 to 1; null if one of them is constant.</returns>
    public static double? RankCorrelation(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        CheckLengths(first.Length, second.Length);
        var (a, b) = (Ranks(first), Ranks(second));
        var mean = (first.Length + 1) / 2.0;
        var (product, squareA, squareB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (a[i] - mean, b[i] - mean);
            product += x * y;
            squareA += x * x;
            squareB += y * y;
        }
        return squareA > 0 && squareB > 0 ? Math.Clamp(product / Math.Sqrt(squareA * squareB), -1, 1) : null;
    }

    /// <summary>
    /// How far a map moved: |moved - map| / |map| in Euclidean norm, of which maximal sensitivity (Yeh et al. 2019, arXiv 1901.09392) is
    /// the largest.
    /// </summary>
    /// <returns>Null for a map of zeros.</returns>
    public static double? RelativeDistance(ReadOnlySpan<float> map, ReadOnlySpan<float> moved)
    {
        CheckLengths(map.Length, moved.Length);
        var (distance, norm) = (0.0, 0.0);
        for (var i = 0; i < map.Length; i++)
        {
            distance += ((double)moved[i] - map[i]) * ((double)moved[i] - map[i]);
            norm += (double)map[i] * map[i];
        }
        return norm > 0 ? Math.Sqrt(distance / norm) : null;
    }

    private static double[] Ranks(ReadOnlySpan<float> values)
    {
        var keys = values.ToArray();
        var places = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(keys, places);
        var ranks = new double[keys.Length];
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
                end++;
            for (var i = start; i < end; i++)
                ranks[places[i]] = (start + end + 1) / 2.0;
            start = end;
        }
        return ranks;
    }

    private static void CheckLengths(int first, int second)
    {
        if (first == 0 || first != second)
            throw new ArgumentException($"a map of {first} values and one of {second}: expected as many, and at least one");
    }
}
