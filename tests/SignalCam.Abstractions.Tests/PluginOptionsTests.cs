using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Abstractions.Tests;

public sealed class PluginOptionsTests
{
    [Fact]
    public void A_specification_is_written_out_in_full_under_the_name_as_it_was_added()
    {
        var registry = new PluginRegistry<object>("thing").Add<Options>("Lens", o => o, () => new Options { Focus = 5 })
            .Add("bare", () => new object());
        var resolved = registry.Resolve(new ComponentSpec("LENS", new JsonObject { ["tint"] = "red" }));
        Assert.Equal(("Lens", """{"focus":5,"tint":"red"}"""), (resolved.Name, resolved.Options!.ToJsonString()));
        Assert.Equal(new ComponentSpec("bare"), registry.Resolve(new ComponentSpec("Bare", [])));
    }

    [Theory]
    [InlineData("""{}""", 5, "none")]
    [InlineData("""{"focus":7}""", 7, "none")]
    [InlineData("""{"Focus":7,"TINT":"red"}""", 7, "red")]
    public void What_a_specification_says_goes_before_the_defaults_of_the_host(string json, int focus, string tint)
    {
        var options = PluginOptions.Read("thing", "lens", JsonNode.Parse(json)!.AsObject(), () => new Options { Focus = 5 });
        Assert.Equal((focus, tint), (options.Focus, options.Tint));
    }

    [Fact]
    public void A_value_that_is_not_allowed_is_named_with_what_is()
    {
        var e = Assert.Throws<PluginException>(() => PluginOptions.Read<Options>("thing", "lens", new JsonObject { ["focus"] = 11 }));
        Assert.Equal("the options of thing 'lens' do not fit: Focus is 11: The field Focus must be between 1 and 10.", e.Message);
        Assert.Throws<PluginException>(() => PluginOptions.Read("thing", "lens", null, () => new Options { Focus = 0 }));
    }

    [Fact]
    public void Options_of_a_plug_in_that_has_none_are_refused_by_name()
    {
        var registry = new PluginRegistry<object>("thing").Add("bare", () => new object());
        var e = Assert.Throws<PluginException>(() => registry.Create(new ComponentSpec("bare", new JsonObject { ["focus"] = 1 })));
        Assert.Equal("thing 'bare' has no options, found: focus", e.Message);
    }

    private sealed class Options
    {
        [Range(1, 10)]
        public int Focus { get; set; } = 2;

        public string Tint { get; set; } = "none";
    }
}
