using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using ThirdParty.Tests.Docs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ThirdParty.Tests.Architectures;

/// <summary>
/// TorchSharp registers fields that are modules by itself, a second time where they were registered under another name. However an outsider
/// writes a network, each of its tensors has one name and is trained once.
/// </summary>
public sealed class NamesOfAnOutsidersNetworkTests
{
    private static readonly string[] s_tensors = ["weight", "bias"];
    private static readonly string[] s_normTensors = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];

    private static readonly Dictionary<string, (Func<Backbone> Create, string Convolution, string Norm)> s_ways = new()
    {
        ["fields registered under other names"] = (() => new UnderOtherNames(andAsFields: false), "conv", "norm"),
        ["fields registered under other names and as fields"] = (() => new UnderOtherNames(andAsFields: true), "conv", "norm"),
        ["fields that register themselves"] = (() => new FieldsAlone(), "Convolution", "Norm"),
        ["no fields"] = (() => new NoFields(), "first", "second"),
        ["a child with fields under other names"] = (() => new Nested(new UnderOtherNames(andAsFields: true)), "inner.conv", "inner.norm"),
        ["a child with fields that register themselves"] = (() => new Nested(new FieldsAlone()), "inner.Convolution", "inner.Norm"),
        ["a child without fields"] = (() => new Nested(new NoFields()), "inner.first", "inner.second"),
    };

    public static TheoryData<string> Ways { get; } = [.. s_ways.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_tensor_has_one_name(string way)
    {
        var (create, convolution, norm) = s_ways[way];
        using var network = new EcgNetwork(create(), Small.Head(4));
        string[] expected =
        [
            .. s_tensors.Select(t => $"{convolution}.{t}"), .. s_normTensors.Select(t => $"{norm}.{t}"), "pred_layer.weight",
            "pred_layer.bias",
        ];
        Assert.Equal(expected.Order(), network.State.Keys.Order());
        Assert.Equal(expected.Length, network.State.Values.Select(t => t.Handle).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_parameter_is_listed_once_and_the_optimizer_moves_it_once(string way)
    {
        using var scope = NewDisposeScope();
        using var network = new EcgNetwork(s_ways[way].Create(), Small.Head(4));
        var parameters = network.Parameters.ToArray();
        Assert.Equal(6, parameters.Length);
        Assert.Equal(6, parameters.Select(p => p.Handle).Distinct().Count());
        Assert.Equal(2 * 4 * 3 + 4 + 4 + 4 + 4 + 1, network.ParameterCount);

        const double rate = 0.25;
        using var optimizer = optim.SGD(network.Parameters, rate);
        network.Head.Loss(network.Forward(randn(8, 2, 32)), ones(8, 1)).backward();
        var expected = parameters.Select(p => (p - rate * p.grad!).detach().data<float>().ToArray()).ToArray();
        optimizer.step();
        foreach (var (parameter, values) in parameters.Zip(expected))
            foreach (var (found, wanted) in parameter.data<float>().ToArray().Zip(values))
                Assert.Equal(wanted, found, 1e-6f);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_model_file_brings_every_tensor_back(string way)
    {
        var components = new SignalCamComponents();
        components.Architectures.Add("outside", () => new Architecture(s_ways[way].Create));
        var manifest = new ModelManifest
        {
            Architecture = new ComponentSpec("outside"),
            Head = new ComponentSpec("binary"),
            Task = "test",
            TaskKind = TaskKind.Binary,
            Classes = ["x"],
            Leads = ["I", "II"],
            SamplingRate = 100,
            Length = 32,
            Preprocessing = TrainingPresets.Paper().Preprocessing,
        };
        using var model = new EcgModel(EcgModel.CreateNetwork(manifest, components), manifest, components, "cpu");
        using var again = EcgModel.Load(model.ToFile(), "again", components, "cpu");
        var samples = Enumerable.Range(0, 64).Select(i => (float)Math.Sin(i)).ToArray();
        Assert.Equal(model.Run(samples, 1).Logits, again.Run(samples, 1).Logits);
    }

    private sealed class Architecture(Func<Backbone> create) : IEcgArchitecture
    {
        public string Name => "outside";

        public Backbone Create(SignalLayout input) => create();
    }

    private sealed class UnderOtherNames : Backbone
    {
        private readonly Conv1d _convolution = nn.Conv1d(2, 4, 3, padding: 1);
        private readonly BatchNorm1d _norm = nn.BatchNorm1d(4);

        public UnderOtherNames(bool andAsFields)
            : base(nameof(UnderOtherNames))
        {
            register_module("conv", _convolution);
            register_module("norm", _norm);
            if (andAsFields)
                RegisterComponents();
        }

        public override int Channels => 4;

        public override Tensor forward(Tensor input) => _norm.call(_convolution.call(input));
    }

    private sealed class FieldsAlone : Backbone
    {
        private readonly Conv1d Convolution = nn.Conv1d(2, 4, 3, padding: 1);
        private readonly BatchNorm1d Norm = nn.BatchNorm1d(4);

        public FieldsAlone()
            : base(nameof(FieldsAlone)) => RegisterComponents();

        public override int Channels => 4;

        public override Tensor forward(Tensor input) => Norm.call(Convolution.call(input));
    }

    private sealed class NoFields : Backbone
    {
        private readonly Func<Tensor, Tensor> _run;

        public NoFields()
            : base(nameof(NoFields))
        {
            var (convolution, norm) = (nn.Conv1d(2, 4, 3, padding: 1), nn.BatchNorm1d(4));
            register_module("first", convolution);
            register_module("second", norm);
            _run = input => norm.call(convolution.call(input));
        }

        public override int Channels => 4;

        public override Tensor forward(Tensor input) => _run(input);
    }

    private sealed class Nested : Backbone
    {
        private readonly Backbone _child;

        public Nested(Backbone child)
            : base(nameof(Nested))
        {
            _child = child;
            register_module("inner", child);
            RegisterComponents();
        }

        public override int Channels => 4;

        public override Tensor forward(Tensor input) => _child.call(input);
    }
}
