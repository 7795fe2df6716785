using SignalCam.Abstractions;

namespace SignalCam.Abstractions.Tests;

/// <summary>Recordings from samples as programs have them: lead after lead, as tables, interleaved, in other units.</summary>
public sealed class SignalFactoryTests
{
    private static readonly string[] s_leads = ["I", "II"];

    [Fact]
    public void Samples_of_any_type_come_lead_after_lead_and_are_copied()
    {
        short[] samples = [1, -2, 3, 400, 500, -600];
        var signal = EcgSignal.FromLeads<short>(samples, s_leads, 250);
        samples[0] = 99;
        Assert.Equal((3, 250.0), (signal.Length, signal.SamplingRate));
        Assert.Equal([1f, -2f, 3f], signal.Lead("I").ToArray());
        Assert.Equal([400f, 500f, -600f], signal.Lead("II").ToArray());
        Assert.Equal([0.1f, 0.2f], EcgSignal.FromLeads<double>([0.1, 0.2], ["V1"], 100).Samples.ToArray());
    }

    [Fact]
    public void Interleaved_samples_become_lead_major()
    {
        var signal = EcgSignal.FromInterleaved<float>([1, 10, 2, 20, 3, 30], s_leads, 100);
        Assert.Equal([1f, 2f, 3f, 10f, 20f, 30f], signal.Samples.ToArray());
        // The same samples one lead after the other are the same recording.
        Assert.Equal(EcgSignal.FromLeads<float>([1, 2, 3, 10, 20, 30], s_leads, 100).Samples.ToArray(), signal.Samples.ToArray());
    }

    [Fact]
    public void A_table_has_a_row_for_each_lead()
    {
        var signal = EcgSignal.FromLeads(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }, s_leads, 500);
        Assert.Equal([4f, 5f, 6f], signal.Lead("II").ToArray());
        var e = Assert.Throws<ArgumentException>(() => EcgSignal.FromLeads(new float[3, 2], s_leads, 500));
        Assert.StartsWith("the table has 3 rows of 2 samples, expected a row for each of 2 leads", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<EcgUnit, float> Units => new()
    {
        { default, 500 }, { EcgUnit.Millivolt, 500 }, { EcgUnit.Microvolt, 0.5f }, { EcgUnit.Volt, 500_000 }, { EcgUnit.Step(1000), 0.5f },
        { EcgUnit.Step(-200), -2.5f },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public void Units_become_millivolt(EcgUnit unit, float expected)
    {
        Assert.Equal(expected, EcgSignal.FromLeads<int>([500], ["I"], 100, unit).Samples.Span[0]);
        Assert.Equal(expected, EcgSignal.FromInterleaved<short>([500], ["I"], 100, unit).Samples.Span[0]);
        Assert.Equal(expected, EcgSignal.FromLeads(new float[,] { { 500 } }, ["I"], 100, unit).Samples.Span[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_gain_is_a_finite_number_other_than_zero(double gain) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EcgUnit.Step(gain));

    [Fact]
    public void Samples_that_cannot_be_divided_among_the_leads_are_refused()
    {
        foreach (var make in new Action[]
        {
            () => EcgSignal.FromLeads<float>(new float[5], s_leads, 100),
            () => EcgSignal.FromInterleaved<float>(new float[5], s_leads, 100), () => EcgSignal.FromLeads<float>([], s_leads, 100),
            () => EcgSignal.FromLeads<float>(new float[5], [], 100), () => EcgSignal.FromLeads(new float[2, 0], s_leads, 100),
        })
            Assert.Contains("expected the same number of each of",
                Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }
}
