using SignalCam.Abstractions;

namespace SignalCam.Abstractions.Tests;

public sealed class PlainDataTests
{
    private static readonly SignalLayout s_layout = new(["I", "II"], 3, 100);

    [Fact]
    public void A_lead_is_found_by_name_whatever_its_case()
    {
        var signal = new EcgSignal([1, 2, 3, 4, 5, 6], s_layout);
        Assert.Equal([4f, 5f, 6f], signal.Lead("ii").ToArray());
        Assert.Contains("no lead 'V1'; there are I, II",
            Assert.Throws<ArgumentException>(() => signal.Lead("V1").Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mapping_leads_leaves_the_original_as_it_was()
    {
        var signal = new EcgSignal([1, 2, 3, 4, 5, 6], s_layout);
        var doubled = signal.MapLeads(lead =>
        {
            foreach (ref var sample in lead)
                sample *= 2;
        });
        Assert.Equal([2f, 4f, 6f, 8f, 10f, 12f], doubled.Samples.ToArray());
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], signal.Samples.ToArray());
    }

    [Fact]
    public void Shapes_that_cannot_be_are_refused_with_both_sides()
    {
        Assert.Contains("2 leads x 3 samples = 6 values, found 5",
            Assert.Throws<ArgumentException>(() => new EcgSignal(new float[5], s_layout)).Message, StringComparison.Ordinal);
        Assert.Contains("'i' is there 2 times", Assert.Throws<ArgumentException>(() => new SignalLayout(["i", "I"], 3, 100)).Message,
            StringComparison.OrdinalIgnoreCase);
        Assert.Throws<ArgumentException>(() => new SignalLayout([], 3, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalLayout(["I"], 0, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalLayout(["I"], 3, double.NaN));
    }

    [Fact]
    public void Layouts_are_equal_by_what_they_say()
    {
        Assert.Equal(s_layout, new SignalLayout(["i", "ii"], 3, 100));
        Assert.NotEqual(s_layout, new SignalLayout(["II", "I"], 3, 100));
        Assert.NotEqual(s_layout, new SignalLayout(["I", "II"], 3, 500));
    }

    [Fact]
    public void A_format_error_says_file_position_found_and_expected()
    {
        var e = new EcgFormatException("a.hea", "line 3", "'x'", "a number");
        Assert.Equal("a.hea, line 3: found 'x', expected a number", e.Message);
        Assert.Equal(("a.hea", "line 3", "'x'", "a number"), (e.File, e.Position, e.Found, e.Expected));
    }
}
