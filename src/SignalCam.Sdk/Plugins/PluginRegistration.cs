using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Plugins;
using SignalCam.Torch;

namespace SignalCam.Sdk.Plugins;

/// <summary>One entry of the list that <see cref="ManagedComponents"/> is filled from; the built-in plug-ins are an entry of it too.</summary>
internal sealed record PluginRegistration(Action<IServiceProvider, ManagedComponents> Register);

/// <summary>The same for what <see cref="SignalCamComponents"/> has besides: architectures, heads and explainers.</summary>
internal sealed record TorchPluginRegistration(Action<IServiceProvider, SignalCamComponents> Register);

/// <summary>What all the AddX methods come down to.</summary>
internal static class PluginRegistrationExtensions
{
    public static ISignalCamBuilder AddPlugin<T>(
        this ISignalCamBuilder builder, Func<ManagedComponents, PluginRegistry<T>> registry, string name, Func<IServiceProvider, T> create)
        where T : class =>
        builder.Add(name, create, add => new PluginRegistration((services, components) => add(services, registry(components))));

    public static ISignalCamBuilder AddPlugin<T, TOptions>(
        this ISignalCamBuilder builder, Func<ManagedComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure)
        where T : class
        where TOptions : class, new() =>
        builder.Add(name, create, configure, add => new PluginRegistration((services, components) => add(services, registry(components))));

    public static ISignalCamBuilder AddTorchPlugin<T>(
        this ISignalCamBuilder builder, Func<SignalCamComponents, PluginRegistry<T>> registry, string name, Func<IServiceProvider, T> create)
        where T : class =>
        builder.Add(name, create, add => new TorchPluginRegistration((services, components) => add(services, registry(components))));

    public static ISignalCamBuilder AddTorchPlugin<T, TOptions>(
        this ISignalCamBuilder builder, Func<SignalCamComponents, PluginRegistry<T>> registry, string name,
        Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure)
        where T : class
        where TOptions : class, new() =>
        builder.Add(name, create, configure, add => new TorchPluginRegistration((services, components) => add(services, registry(components))));

    private static ISignalCamBuilder Add<T, TRegistration>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, T> create,
        Func<Action<IServiceProvider, PluginRegistry<T>>, TRegistration> registration)
        where T : class
        where TRegistration : class
    {
        Require(builder, name, create);
        builder.Services.AddSingleton(registration((services, registry) => registry.Add(name, () => create(services))));
        return builder;
    }

    private static ISignalCamBuilder Add<T, TOptions, TRegistration>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, T> create, Action<TOptions>? configure,
        Func<Action<IServiceProvider, PluginRegistry<T>>, TRegistration> registration)
        where T : class
        where TOptions : class, new()
        where TRegistration : class
    {
        Require(builder, name, create);
        if (configure is not null)
            builder.Services.Configure(name, configure);
        builder.Services.AddSingleton(registration((services, registry) => registry.Add(
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
