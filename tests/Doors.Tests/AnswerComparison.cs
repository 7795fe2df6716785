using SignalCam.Abstractions;

namespace SignalCam.Doors.Tests;

/// <summary>Holds an answer to the classifier's.</summary>
internal static class AnswerComparison
{
    /// <summary>What says which model answered, and every number and decision, to the bit.</summary>
    /// <param name="expected">The classifier's answer, with the maps of all classes.</param>
    /// <param name="found">The other one; of the maps it has those that were asked for.</param>
    /// <param name="what">Door and recording, for messages.</param>
    public static void MustBeSame(EcgClassification expected, EcgClassification found, string what)
    {
        Assert.Equal(
            (expected.ModelSha256, expected.Task, expected.TaskKind, expected.Backend, expected.SamplingRate, expected.Stretch),
            (found.ModelSha256, found.Task, found.TaskKind, found.Backend, found.SamplingRate, found.Stretch));
        Assert.Equal(expected.Scores.Count, found.Scores.Count);
        foreach (var (a, b) in expected.Scores.Zip(found.Scores))
        {
            Assert.Equal((a.Class, a.Decision), (b.Class, b.Decision));
            Assert.True(
                Bits(a.Probability, a.Logit, a.Threshold).SequenceEqual(Bits(b.Probability, b.Logit, b.Threshold)),
                FormattableString.Invariant(
                    $"{what}, {a.Class}: {b.Probability:R} of logit {b.Logit:R}, expected {a.Probability:R} of {a.Logit:R}"));
            if (b.HeatMap is not null)
                MapsMustBeSame(a.HeatMap!, b.HeatMap, what);
        }
    }

    /// <summary>
    /// Probabilities, logits and maps within a tolerance, relative to a map's largest value where that is above 1; the same decisions
    /// unless a threshold is as near.
    /// </summary>
    public static void MustBeClose(EcgClassification expected, EcgClassification found, double tolerance, string what)
    {
        foreach (var (a, b) in expected.Scores.Zip(found.Scores))
        {
            Assert.Equal(a.Class, b.Class);
            Assert.True(Math.Abs(a.Probability - b.Probability) <= tolerance,
                FormattableString.Invariant($"{what}, {a.Class}: {b.Probability:R}, expected {a.Probability:R}"));
            Assert.True(Math.Abs(a.Logit - b.Logit) <= tolerance * Math.Max(1, Math.Abs(a.Logit)),
                FormattableString.Invariant($"{what}, {a.Class}: logit {b.Logit:R}, expected {a.Logit:R}"));
            if (Math.Abs(a.Probability - a.Threshold) > tolerance)
                Assert.Equal(a.Decision, b.Decision);
            CloseMust(a.HeatMap!.Cells.AsSpan(), b.HeatMap!.Cells.AsSpan(), tolerance, what);
            CloseMust(a.HeatMap!.Samples.AsSpan(), b.HeatMap!.Samples.AsSpan(), tolerance, what);
        }
    }

    private static void MapsMustBeSame(HeatMap expected, HeatMap found, string what)
    {
        Assert.Equal(
            (expected.Class, expected.Method, expected.Kind, expected.Sign, expected.Unit, expected.CompletenessError),
            (found.Class, found.Method, found.Kind, found.Sign, found.Unit, found.CompletenessError));
        Assert.True(SameBits(expected.Cells.AsSpan(), found.Cells.AsSpan()), $"{what}: other cells");
        // Workers send cells alone.
        if (found.Samples.Length > 0)
            Assert.True(SameBits(expected.Samples.AsSpan(), found.Samples.AsSpan()), $"{what}: other samples of the map");
    }

    private static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b));

    private static long[] Bits(params double[] values) => [.. values.Select(BitConverter.DoubleToInt64Bits)];

    private static void CloseMust(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, double tolerance, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = 1f;
        foreach (var value in expected)
            scale = Math.Max(scale, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * scale,
                FormattableString.Invariant($"{what}: {found[i]:R} at {i} of the map, expected {expected[i]:R}"));
    }
}
