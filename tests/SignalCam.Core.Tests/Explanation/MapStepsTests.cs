using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Core.Tests.Explanation;

public sealed class MapStepsTests
{
    private static readonly RawMap s_raw = new("MI", "test", [-2, 4], HeatMapSign.ForAndAgainst)
    {
        LeadCells = [-1, 1, -1, 3],
        CompletenessError = 0.5,
        Unit = HeatMapUnits.Logit,
    };

    [Fact]
    public void Without_post_processing_values_keep_sign_and_unit()
    {
        var map = new MapSteps { Resampling = MapResampling.Nearest }.Apply(s_raw, Layout(2, 4));
        Assert.Equal([-2, -2, 4, 4], map.Samples.ToArray());
        Assert.Equal([-1, -1, 1, 1, -1, -1, 3, 3], ByLead(map));
        Assert.Equal([-2, 4], map.Cells.ToArray());
        Assert.Equal((HeatMapSign.ForAndAgainst, 0.5, "test", "MI", HeatMapUnits.Logit),
            (map.Sign, map.CompletenessError!.Value, map.Method, map.Class, map.Unit));
        Assert.Equal(["I", "II"], map.LeadSamples!.Keys);
    }

    [Fact]
    public void Linear_resampling_puts_cells_at_their_centres()
    {
        // Centres of two cells over four samples: 0.5 and 2.5.
        Assert.Equal([-2, -0.5f, 2.5f, 4], new MapSteps().Apply(s_raw, Layout(2, 4)).Samples.ToArray());
    }

    [Fact]
    public void Post_processing_is_done_in_the_order_given()
    {
        Assert.Equal([0, 0, 4, 4], Apply(MapPostProcessing.Relu).Samples.ToArray());
        Assert.Equal([0, 0, 1, 1], Apply(MapPostProcessing.MinMax).Samples.ToArray());
        Assert.Equal([-0.5f, -0.5f, 1, 1], Apply(MapPostProcessing.Symmetric).Samples.ToArray());
        Assert.Equal([0, 0, 1, 1], Apply(MapPostProcessing.Relu, MapPostProcessing.Symmetric).Samples.ToArray());
        Assert.Equal(HeatMapSign.ForAndAgainst, Apply(MapPostProcessing.Symmetric).Sign);
        Assert.Equal(HeatMapSign.Magnitude, Apply(MapPostProcessing.MinMax).Sign);
        Assert.Equal(HeatMapUnits.Logit, Apply(MapPostProcessing.Relu).Unit);
        Assert.Equal(HeatMapUnits.Share, Apply(MapPostProcessing.Symmetric).Unit);
        // One scale for all leads: the largest of any lead is 3.
        Assert.Equal(1, ByLead(Apply(MapPostProcessing.Symmetric))[^1]);
        Assert.Equal(1 / 3f, ByLead(Apply(MapPostProcessing.Symmetric))[3], 1e-6f);
    }

    [Fact]
    public void Smoothing_averages_along_time_and_never_across_leads()
    {
        var raw = new RawMap("a", "b", [0, 0, 6, 0, 0, 3], HeatMapSign.ForAndAgainst) { LeadCells = [0, 0, 6, 0, 0, 0, 9, 0, 0, 0, 0, 0] };
        var map = new MapSteps { PostProcessing = [MapPostProcessing.Smooth], SmoothingWidth = 3 }.Apply(raw, Layout(2, 6));
        Assert.Equal([0, 2, 2, 2, 1, 1.5f], map.Samples.ToArray());
        Assert.Equal([0, 2, 2, 2, 0, 0, 4.5f, 3, 0, 0, 0, 0], ByLead(map));
        Assert.Equal(HeatMapSign.ForAndAgainst, map.Sign);
        Assert.Equal(raw.Cells, new MapSteps { PostProcessing = [MapPostProcessing.Smooth], SmoothingWidth = 1 }
            .Apply(raw, Layout(2, 6)).Samples.ToArray());
        // Wider than the recording: the mean of what is there.
        Assert.All(new MapSteps { PostProcessing = [MapPostProcessing.Smooth], SmoothingWidth = 100 }.Apply(raw, Layout(2, 6)).Samples,
            v => Assert.Equal(1.5f, v, 1e-6f));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(3f)]
    [InlineData(-3f)]
    public void A_constant_map_gives_no_NaN(float value)
    {
        foreach (var step in Enum.GetValues<MapPostProcessing>())
            Assert.All(
                new MapSteps { PostProcessing = [step] }.Apply(
                    new RawMap("a", "b", [value, value], HeatMapSign.ForAndAgainst), Layout(1, 8)).Samples,
                v => Assert.InRange(v, -3, 3));
    }

    private static HeatMap Apply(params MapPostProcessing[] steps) =>
        new MapSteps { Resampling = MapResampling.Nearest, PostProcessing = steps }.Apply(s_raw, Layout(2, 4));

    private static SignalLayout Layout(int leads, int length) => new([.. SignalLayout.StandardLeads.Take(leads)], length, 100);

    private static float[] ByLead(HeatMap map) => [.. map.LeadSamples!.Values.SelectMany(lead => lead)];
}
