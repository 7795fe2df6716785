using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Tests.PtbXl;

public class ScpCodesTests
{
    [Fact]
    public void The_dictionary_literal_becomes_statements_in_its_order() =>
        Assert.Equal([new("NORM", 100), new("LVOLT", 0), new("SR", 0)], ScpCodes.Parse("{'NORM': 100.0, 'LVOLT': 0.0, 'SR': 0.0}"));

    [Theory]
    [InlineData("{}", "")]
    [InlineData(" { 'A' : 5 , } ", "A=5")]
    [InlineData("{\"PRC(S)\":1e1,'LAO/LAE':.5}", "PRC(S)=10 LAO/LAE=0.5")]
    public void Every_way_to_write_the_same_dictionary_is_understood(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', ScpCodes.Parse(text).Select(s => FormattableString.Invariant($"{s.Code}={s.Likelihood}"))));

    [Theory]
    [InlineData("", 1, "the end", "'{'")]
    [InlineData("['A']", 1, "'['", "'{'")]
    [InlineData("{'A': 1.0", 10, "the end", "',' or '}'")]
    [InlineData("{'A': 1.0 'B': 2.0}", 11, "'''", "',' or '}'")]
    [InlineData("{, 'A': 1}", 2, "','", "a code in quotation marks")]
    [InlineData("{'A': 1,, 'B': 2}", 9, "','", "a code in quotation marks")]
    [InlineData("{A: 1}", 2, "'A'", "a code in quotation marks")]
    [InlineData("{'A: 1}", 2, "a quotation mark that is never closed", "a code in quotation marks")]
    [InlineData("{'A' 1}", 6, "'1'", "':'")]
    [InlineData("{'A': __import__('os')}", 7, "'_'", "a likelihood from 0 to 100")]
    [InlineData("{'A': -1}", 7, "'-1'", "a likelihood from 0 to 100")]
    [InlineData("{'A': 101}", 7, "'101'", "a likelihood from 0 to 100")]
    [InlineData("{'A': 1e999}", 7, "'1e999'", "a likelihood from 0 to 100")]
    [InlineData("{'A': nan}", 7, "'n'", "a likelihood from 0 to 100")]
    [InlineData("{'A\\x41': 1}", 2, "'A\\x41'", "a code of at least one character and without a backslash")]
    [InlineData("{'': 1}", 2, "''", "a code of at least one character and without a backslash")]
    [InlineData("{'A': 1, 'A': 2}", 10, "'A' a second time", "each code once")]
    [InlineData("{'A': 1} + {}", 10, "'+'", "nothing after '}'")]
    public void Anything_else_is_refused_with_the_character_where_it_went_wrong(string text, int character, string found, string expected)
    {
        var error = Assert.Throws<ScpCodesException>(() => ScpCodes.Parse(text));
        Assert.Equal((character, found, expected), (error.Character, error.Found, error.Expected));
    }

    [Fact]
    public void Likelihood_zero_is_kept_for_it_means_unknown() =>
        Assert.Equal(new Statement("SR", 0), Assert.Single(ScpCodes.Parse("{'SR': 0.0}")));
}
