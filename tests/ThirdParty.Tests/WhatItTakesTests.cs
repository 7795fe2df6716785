using SignalCam.Testing;

namespace ThirdParty.Tests;

/// <summary>
/// How many lines an outsider writes: everything but blank lines, comments, usings and the namespace; registering is one line more.
/// </summary>
public sealed class WhatItTakesTests
{
    [Theory]
    [InlineData("Architectures/SmallCnn.cs", 25)]
    [InlineData("Datasets/CsvDataset.cs", 40)]
    [InlineData("Transforms/Clip.cs", 12)]
    [InlineData("Heads/FocalHead.cs", 25)]
    public void A_plug_in_is_short(string file, int lines)
    {
        var written = File.ReadLines(Path.Combine(TestData.Root, "tests/ThirdParty.Tests", file)).Select(l => l.Trim())
            .Count(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal) && !l.StartsWith("using ", StringComparison.Ordinal)
                && !l.StartsWith("namespace ", StringComparison.Ordinal));
        Assert.InRange(written + 1, 2, lines);
    }
}
