using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Explainers;

/// <summary>
/// One convolution of width one and no activation: the logit is linear in the samples, so every attribution can be worked out by hand.
/// </summary>
internal sealed class LinearBackbone : Backbone
{
    private readonly Conv1d _mix;

    public LinearBackbone(int leads) : base(nameof(LinearBackbone))
    {
        _mix = nn.Conv1d(leads, 3, 1);
        register_module("mix", _mix);
    }

    public override int Channels => 3;

    public override Tensor forward(Tensor input) => _mix.call(input);
}

internal sealed class LinearArchitecture : IEcgArchitecture
{
    public string Name => "linear";

    public Backbone Create(SignalLayout input) => new LinearBackbone(input.LeadCount);
}

internal static class LinearModel
{
    public static readonly SignalLayout Layout = new(["I", "II"], 40, 10);

    public static SignalCamComponents Components { get; } = Create();

    /// <summary>Two leads of 40 samples at 10 Hz, fresh weights.</summary>
    public static EcgModel Build(long seed = 1, params string[] classes)
    {
        manual_seed(seed);
        var manifest = new ModelManifest
        {
            Architecture = new ComponentSpec("linear"),
            Head = new ComponentSpec(classes.Length > 1 ? "multilabel" : "binary"),
            Task = "test",
            TaskKind = classes.Length > 1 ? TaskKind.Multilabel : TaskKind.Binary,
            Classes = classes.Length > 0 ? classes : ["abnormal"],
            Leads = Layout.Leads,
            SamplingRate = Layout.SamplingRate,
            Length = Layout.Length,
            Preprocessing = [],
        };
        return new EcgModel(EcgModel.CreateNetwork(manifest, Components), manifest, Components, "cpu");
    }

    /// <summary>The derivative of a class's logit by any sample of each lead: head weights times convolution weights / length.</summary>
    public static double[] Slopes(EcgModel model, int @class = 0)
    {
        var state = model.Network.State;
        var (mix, dense) = (Values(state["mix.weight"]), Values(state["pred_layer.weight"]));
        return [.. Enumerable.Range(0, 2)
            .Select(lead => Enumerable.Range(0, 3).Sum(k => (double)dense[@class * 3 + k] * mix[k * 2 + lead]) / Layout.Length)];
    }

    public static float[] Samples(ulong seed, int count = 1)
    {
        var random = new EcgRandom(seed);
        return [.. Enumerable.Range(0, count * 80).Select(_ => (float)random.Normal())];
    }

    private static float[] Values(Tensor tensor)
    {
        using var quiet = no_grad();
        return tensor.detach().contiguous().data<float>().ToArray();
    }

    private static SignalCamComponents Create()
    {
        var components = new SignalCamComponents();
        components.Architectures.Add("linear", () => new LinearArchitecture());
        return components;
    }
}
