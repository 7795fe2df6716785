using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Explanation;

public class TruthMaskTests
{
    private static readonly SignalLayout s_layout = new(["I", "II"], 10, 10);

    private static readonly SyntheticFinding[] s_findings =
    [
        new("MI", "IMI", 1, ["II"], [new(0.2, 0.4)]),
        new("STTC", "NDT", 1, ["I"], [new(0.7, 0.8)]),
    ];

    [Theory]
    [InlineData("MI", "..##......")]
    [InlineData("IMI", "..##......")]
    [InlineData("STTC", ".......#..")]
    [InlineData("CD", "..........")]
    [InlineData("NORM", "..........")]
    [InlineData("abnormal", "..##...#..")]
    public void A_class_has_its_own_findings_and_one_that_is_no_diagnosis_all(string name, string expected) =>
        Assert.Equal(expected, Drawn(TruthMask.Of(s_findings, name, s_layout).Time));

    [Fact]
    public void A_tolerance_widens_each_mark_in_its_own_lead()
    {
        var wide = TruthMask.Of(s_findings, "abnormal", s_layout).Widened(2);
        Assert.Equal("##########", Drawn(wide.Time));
        Assert.Equal(".....#####" + "######....", Drawn(wide.LeadTime));
        Assert.Equal("..##...#..", Drawn(TruthMask.Of(s_findings, "abnormal", s_layout).Widened(0).Time));
    }

    private static string Drawn(bool[] mask) => string.Concat(mask.Select(m => m ? '#' : '.'));
}
