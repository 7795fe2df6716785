using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Torch;

namespace SignalCam.Sdk.Plugins;

/// <summary>One entry of the list that <see cref="SignalCamComponents"/> is filled from; the built-in plug-ins are an entry of it too.</summary>
internal sealed record PluginRegistration(Action<IServiceProvider, SignalCamComponents> Register);

/// <summary>What all the AddX methods come down to.</summary>
internal static class PluginRegistrationExtensions
{
    public static ISignalCamBuilder AddPlugin<T>(
        this ISignalCamBuilder builder, Func<SignalCamComponents, PluginRegistry<T>> registry, string name, Func<IServiceProvider, T> create)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddSingleton(new PluginRegistration((services, components) => registry(components).Add(name, () => create(services))));
        return builder;
    }

    public static ISignalCamBuilder AddPlugin<T, TOptions>(
        this ISignalCamBuilder builder, Func<SignalCamComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure)
        where T : class
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        if (configure is not null)
            builder.Services.Configure(name, configure);
        builder.Services.AddSingleton(new PluginRegistration((services, components) => registry(components).Add(
            name,
            options => create(services, options),
            () => services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name))));
        return builder;
    }
}
