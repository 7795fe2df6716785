using SignalCam.Abstractions;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// The architectures that come with the SDK: signal-cnn, fcn-wang, resnet1d-wang, xresnet1d18, xresnet1d34, xresnet1d50, xresnet1d101
/// and inception-time.
/// </summary>
public static class BuiltInArchitectures
{
    /// <summary>Adds them to a registry.</summary>
    public static void Register(PluginRegistry<IEcgArchitecture> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add<SignalCnnOptions>(SignalCnnArchitecture.ArchitectureName, options => new SignalCnnArchitecture(options));
        Add<FcnWangOptions>("fcn-wang", (leads, options) => new FcnWang(leads, options));
        Add<ResNet1dWangOptions>("resnet1d-wang", (leads, options) => new ResNet1dWang(leads, options));
        Add<XResNet1dOptions>("xresnet1d18", (leads, options) => new XResNet1d(leads, 18, options));
        Add<XResNet1dOptions>("xresnet1d34", (leads, options) => new XResNet1d(leads, 34, options));
        Add<XResNet1dOptions>("xresnet1d50", (leads, options) => new XResNet1d(leads, 50, options));
        Add<XResNet1dOptions>("xresnet1d101", (leads, options) => new XResNet1d(leads, 101, options));
        Add<InceptionTimeOptions>("inception-time", (leads, options) => new InceptionTime(leads, options));

        void Add<TOptions>(string name, Func<int, TOptions, Backbone> create)
            where TOptions : class, new() =>
            registry.Add<TOptions>(name, options => new BuiltInArchitecture(name, leads => create(leads, options)));
    }

    private sealed class BuiltInArchitecture(string name, Func<int, Backbone> create) : IEcgArchitecture
    {
        public string Name => name;

        public Backbone Create(SignalLayout input)
        {
            ArgumentNullException.ThrowIfNull(input);
            var backbone = create(input.LeadCount);
            var shortest = backbone.ShortestInput;
            if (input.Length >= shortest)
                return backbone;
            backbone.Dispose();
            throw new ArgumentException($"architecture {name}: found {input.Length} samples per lead, expected at least {shortest}", nameof(input));
        }
    }
}
