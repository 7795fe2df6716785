using SignalCam.Abstractions;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

public sealed class SignalCnnTests
{
    private static readonly SignalLayout s_input = new(SignalLayout.StandardLeads, 1000, 100);

    [Fact]
    public void The_published_network_has_22273_parameters()
    {
        using var network = new EcgNetwork(new SignalCnn(12), new SigmoidHead(64, 1));
        Assert.Equal(22_273, network.ParameterCount);
    }

    [Fact]
    public void With_five_outputs_it_has_22533_parameters()
    {
        using var network = new EcgNetwork(new SignalCnn(12), new SigmoidHead(64, 5));
        Assert.Equal(22_533, network.ParameterCount);
    }

    [SkippableFact]
    public void State_dict_names_are_those_of_the_released_weights()
    {
        using var network = new EcgNetwork(new SignalCnn(12), new SigmoidHead(64, 1));
        Assert.Equal(Golden.Tensors("model_0.safetensors").Keys.Order(), network.State.Keys.Order());
    }

    [Fact]
    public void The_layer_table_counts_multiply_adds_and_what_the_map_adds()
    {
        using var network = new EcgNetwork(new SignalCnn(12), new SigmoidHead(64, 1));
        var table = LayerTable.Of(network, s_input);
        Assert.Equal(22_273, table.Parameters);
        Assert.Equal(5_696_000, table.ConvolutionMultiplyAdds);
        Assert.Equal(12_000, table.CamMultiplyAdds);
    }

    [Fact]
    public void Feature_maps_have_the_channels_and_cells_that_the_table_says()
    {
        using var scope = NewDisposeScope();
        using var backbone = new SignalCnn(12, new SignalCnnOptions { Channels = [8, 8, 16], FirstKernel = 5, Kernel = 3 });
        backbone.eval();
        using var quiet = no_grad();
        var (features, convolution) = backbone.ForwardWithLastConvolution(randn(3, 12, 1000));
        Assert.Equal([3, 16, 250], features.shape);
        Assert.Equal(features.shape, convolution.shape);
        Assert.Equal((16, 250), (backbone.Describe(s_input)[^1].Channels!.Value, backbone.Describe(s_input)[^1].Length!.Value));
        Assert.Equal(backbone.parameters().Sum(p => p.numel()), backbone.Describe(s_input).Sum(l => l.Parameters));
    }

    [Theory]
    [InlineData(10, 7)]
    [InlineData(11, 6)]
    public void An_even_kernel_is_refused(int first, int others)
    {
        var e = Assert.Throws<ArgumentException>(() => new SignalCnn(12, new SignalCnnOptions { FirstKernel = first, Kernel = others }));
        Assert.Contains("odd", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_too_short_to_be_halved_is_refused_with_both_lengths()
    {
        var e = Assert.Throws<ArgumentException>(
            () => new SignalCnnArchitecture(new SignalCnnOptions()).Create(new SignalLayout(["I"], 7, 100)));
        Assert.Contains("found 7, expected at least 8", e.Message, StringComparison.Ordinal);
    }
}
