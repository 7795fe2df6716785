using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// The built-in architectures: signal-cnn, fcn-wang, resnet1d-wang, xresnet1d18, xresnet1d34, xresnet1d50, xresnet1d101,
/// xse-resnet1d18, xse-resnet1d50, inception-time and ensemble.
/// </summary>
internal static class BuiltInArchitectures
{
    /// <summary>Adds the built-in architectures to a registry.</summary>
    public static void Register(PluginRegistry<IEcgArchitecture> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add<SignalCnnOptions>(SignalCnnArchitecture.ArchitectureName, options => new SignalCnnArchitecture(options));
        Add<FcnWangOptions>("fcn-wang", FcnWang.Plan, (leads, options) => new FcnWang(leads, options));
        Add<ResNet1dWangOptions>("resnet1d-wang", ResNet1dWang.Plan, (leads, options) => new ResNet1dWang(leads, options));
        foreach (var depth in (int[])[18, 34, 50, 101])
            AddXResNet("xresnet1d", depth, excitation: 0);
        foreach (var depth in (int[])[18, 50])
            AddXResNet("xse-resnet1d", depth, XResNet1d.UsualExcitation);
        Add<InceptionTimeOptions>("inception-time", InceptionTime.Plan, (leads, options) => new InceptionTime(leads, options));
        registry.Add<EnsembleOptions>(EnsembleArchitecture.ArchitectureName, options => EnsembleArchitecture.Create(options, registry));

        void AddXResNet(string family, int depth, int excitation) => Add<XResNet1dOptions>(
            FormattableString.Invariant($"{family}{depth}"),
            (leads, options) => XResNet1d.Plan(leads, depth, options.WithExcitation(excitation)),
            (leads, options) => new XResNet1d(leads, depth, options.WithExcitation(excitation)));

        void Add<TOptions>(string name, Func<int, TOptions, ChainPlan> plan, Func<int, TOptions, Backbone> create)
            where TOptions : class, new() =>
            registry.Add<TOptions>(name,
                options => new BuiltInArchitecture(name, leads => plan(leads, options), leads => create(leads, options)));
    }

    private sealed class BuiltInArchitecture(
        string name, Func<int, ChainPlan> plan, Func<int, Backbone> create) : IEcgArchitecture, IDescribedArchitecture
    {
        public string Name => name;

        public Backbone Create(SignalLayout input)
        {
            ArgumentNullException.ThrowIfNull(input);
            DescribedArchitecture.Require(this, input);
            var backbone = create(input.LeadCount);
            var shortest = backbone.ShortestInput;
            if (input.Length >= shortest)
                return backbone;
            backbone.Dispose();
            throw new ArgumentException(
                $"architecture {name}: found {input.Length} samples per lead, expected at least {shortest}", nameof(input));
        }

        public string AddTo(LayerGraphBuilder graph, int leads) => plan(leads).AddTo(graph, "", LayerGraph.Signals);
    }
}
