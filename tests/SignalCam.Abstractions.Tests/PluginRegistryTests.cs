using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Abstractions.Tests;

public sealed class PluginRegistryTests
{
    [Fact]
    public void A_name_is_found_whatever_its_case_and_gets_its_options()
    {
        var made = Registry().Create(new ComponentSpec("GAIN", new JsonObject { ["factor"] = 3, ["mode"] = "per-lead" }));
        Assert.Equal((3, Mode.PerLead), (((Gain)made).Options.Factor, ((Gain)made).Options.Mode));
    }

    [Fact]
    public void Without_options_the_defaults_hold() =>
        Assert.Equal(2, ((Gain)Registry().Create(new ComponentSpec("gain"))).Options.Factor);

    [Fact]
    public void An_unknown_name_lists_what_there_is() =>
        Assert.Equal("no transform is called 'loss'; there are: gain, none",
            Assert.Throws<PluginException>(() => Registry().Create(new ComponentSpec("loss"))).Message);

    [Fact]
    public void A_taken_name_is_refused() =>
        Assert.Contains("'Gain' is already there",
            Assert.Throws<ArgumentException>(() => Registry().Add("Gain", () => new Gain(new()))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "factr": 3 }""", "factr")]
    [InlineData("""{ "factor": "3" }""", "factor")]
    [InlineData("""{ "mode": "sideways" }""", "mode")]
    public void Options_that_do_not_fit_are_refused_by_name(string json, string name)
    {
        var e = Assert.Throws<PluginException>(() => Registry().Create(new ComponentSpec("gain", JsonNode.Parse(json)!.AsObject())));
        Assert.StartsWith("the options of transform 'gain' do not fit: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var options = new GainOptions { Factor = 9, Mode = Mode.PerLead };
        var read = PluginOptions.Read<GainOptions>("transform", "gain", PluginOptions.Write(options));
        Assert.Equal((9, Mode.PerLead), (read.Factor, read.Mode));
    }

    private static PluginRegistry<ISignalTransform> Registry() => new PluginRegistry<ISignalTransform>("transform")
        .Add<GainOptions>("gain", options => new Gain(options))
        .Add("none", () => new Gain(new GainOptions { Factor = 1 }));

    private enum Mode
    {
        AllLeads,
        PerLead,
    }

    private sealed class GainOptions
    {
        public int Factor { get; set; } = 2;

        public Mode Mode { get; set; }
    }

    private sealed class Gain(GainOptions options) : ISignalTransform
    {
        public GainOptions Options => options;

        public string Name => "gain";

        public EcgSignal Apply(EcgSignal signal) => signal;
    }
}
