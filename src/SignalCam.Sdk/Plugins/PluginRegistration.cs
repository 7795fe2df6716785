using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Plugins;
using SignalCam.Torch;

namespace SignalCam.Sdk.Plugins;

/// <summary>One entry of the list that a set of registries is filled from; the built-in plug-ins are an entry of it too.</summary>
/// <typeparam name="TComponents">
/// <see cref="ManagedComponents"/>, or <see cref="SignalCamComponents"/> for architectures, heads and explainers.
/// </typeparam>
internal sealed record PluginRegistration<TComponents>(Action<IServiceProvider, TComponents> Register);

/// <summary>What all the AddX methods come down to.</summary>
internal static class PluginRegistrationExtensions
{
    public static ISignalCamBuilder AddPlugin<T>(
        this ISignalCamBuilder builder, Func<ManagedComponents, PluginRegistry<T>> registry, string name, Func<IServiceProvider, T> create)
        where T : class =>
        builder.Add(registry, name, create);

    public static ISignalCamBuilder AddPlugin<T, TOptions>(
        this ISignalCamBuilder builder, Func<ManagedComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure)
        where T : class
        where TOptions : class, new() =>
        builder.Add(registry, name, create, configure);

    public static ISignalCamBuilder AddTorchPlugin<T>(
        this ISignalCamBuilder builder, Func<SignalCamComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, T> create)
        where T : class =>
        builder.Add(registry, name, create);

    public static ISignalCamBuilder AddTorchPlugin<T, TOptions>(
        this ISignalCamBuilder builder, Func<SignalCamComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure)
        where T : class
        where TOptions : class, new() =>
        builder.Add(registry, name, create, configure);

    private static ISignalCamBuilder Add<TComponents, T>(
        this ISignalCamBuilder builder, Func<TComponents, PluginRegistry<T>> registry, string name, Func<IServiceProvider, T> create)
        where T : class
    {
        Require(builder, name, create);
        builder.Services.AddSingleton(
            new PluginRegistration<TComponents>((services, components) => registry(components).Add(name, () => create(services))));
        return builder;
    }

    private static ISignalCamBuilder Add<TComponents, T, TOptions>(
        this ISignalCamBuilder builder, Func<TComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure)
        where T : class
        where TOptions : class, new()
    {
        Require(builder, name, create);
        if (configure is not null)
            builder.Services.Configure(name, configure);
        builder.Services.AddSingleton(new PluginRegistration<TComponents>((services, components) => registry(components).Add(
            name,
            options => create(services, options),
            () => services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name))));
        return builder;
    }

    private static void Require(ISignalCamBuilder builder, string name, Delegate create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
    }
}
