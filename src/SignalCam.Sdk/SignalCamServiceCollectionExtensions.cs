using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Folders;
using SignalCam.Core.Plugins;
using SignalCam.Formats;
using SignalCam.Sdk;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Explanation;
using SignalCam.Sdk.Plugins;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Training;
using SignalCam.Torch;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds SignalCam SDK to a host.</summary>
public static class SignalCamServiceCollectionExtensions
{
    /// <summary>
    /// Adds the services to train, evaluate, explain and classify (<see cref="ITrainingService"/>, <see cref="IEvaluationService"/>,
    /// <see cref="IClassificationService"/>, <see cref="IAuditService"/>, <see cref="IEcgClassifier"/>) and to read recordings of any
    /// format (<see cref="SignalCam.Formats.EcgFileReader"/>) with every built-in plug-in: file formats, datasets, transforms,
    /// augmentations, architectures, heads, explainers. A host that adds no model classifies with the pretrained weights
    /// <see cref="PretrainedModels.NormalAbnormal"/>. May be called more than once; what the host registered first wins.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>Where plug-ins and models are added.</returns>
    public static ISignalCamBuilder AddSignalCam(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new SignalCamBuilder(services);
        if (services.Any(service => service.ServiceType == typeof(PluginRegistration<ManagedComponents>)))
            return builder;

        // Two lists, so that a host that needs no torch never fills the one that does, nor loads TorchSharp for it.
        services.AddSingleton(new PluginRegistration<ManagedComponents>((_, components) => ManagedComponents.AddBuiltIn(components)));
        services.AddSingleton(
            new PluginRegistration<ManagedComponents>((_, components) => RecordingFormats.AddBuiltIn(components.Formats)));
        services.AddSingleton(
            new PluginRegistration<ManagedComponents>((provider, components) => components.Datasets.Add<FolderDatasetOptions>(
                BuiltInDatasets.Folder,
                options => FolderDataset.Open(options, new FolderFileReader(provider.GetRequiredService<EcgFileReader>())))));
        services.AddSingleton(new PluginRegistration<SignalCamComponents>((_, components) => SignalCamComponents.AddBuiltIn(components)));
        services.TryAddSingleton(provider => new ManagedComponents(
            provider.GetServices<PluginRegistration<ManagedComponents>>()
                .Select(r => (Action<ManagedComponents>)(components => r.Register(provider, components)))));
        services.TryAddSingleton(provider => new SignalCamComponents(
            provider.GetRequiredService<ManagedComponents>(),
            provider.GetServices<PluginRegistration<SignalCamComponents>>()
                .Select(r => (Action<SignalCamComponents>)(components => r.Register(provider, components)))));

        services.TryAddSingleton(provider => RecordingFormats.CreateReader(provider.GetRequiredService<ManagedComponents>().Formats));

        services.AddLogging();
        services.AddOptions<SignalCamOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SignalCamOptions>, SignalCamOptionsValidator>(provider =>
            // One registration is the built-in plug-ins'.
            new SignalCamOptionsValidator(
                provider, hasOwnNetworks: provider.GetServices<PluginRegistration<SignalCamComponents>>().Skip(1).Any())));

        services.TryAddSingleton<Telemetry>();
        services.TryAddSingleton<ModelLoader>();
        services.TryAddSingleton<EcgClassifiers>();
        services.TryAddSingleton<IEcgClassifiers>(provider => provider.GetRequiredService<EcgClassifiers>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IEcgClassifiers>().GetClassifier());
        services.TryAddKeyedSingleton(
            KeyedService.AnyKey, (provider, name) => provider.GetRequiredService<IEcgClassifiers>().GetClassifier((string)name!));
        services.TryAddSingleton<ITrainingService, TrainingService>();
        services.TryAddSingleton<IEvaluationService, EvaluationService>();
        services.TryAddSingleton<ICalibrationService, CalibrationService>();
        services.TryAddSingleton<IClassificationService, ClassificationService>();
        services.TryAddSingleton<IAuditService, AuditService>();
        services.AddHostedService<ModelPreloader>();
        services.TryAddSingleton(provider => new SignalCamDiagnostics(
            provider.GetRequiredService<IOptions<SignalCamOptions>>(), provider.GetRequiredService<EcgClassifiers>()));
        return builder;
    }

    /// <summary>The same with options set in code.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The builder that registers plug-ins and models.</returns>
    public static ISignalCamBuilder AddSignalCam(this IServiceCollection services, Action<SignalCamOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = services.AddSignalCam();
        services.Configure(configure);
        return builder;
    }

    /// <summary>The same with options from configuration; a setting that does not exist is an error when the host starts.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">
    /// The host's whole configuration, of which the section `SignalCam` is taken, or that section itself.
    /// </param>
    /// <returns>The builder that registers plug-ins and models.</returns>
    public static ISignalCamBuilder AddSignalCam(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = services.AddSignalCam();
        var inner = configuration.GetSection(SignalCamOptions.SectionName);
        var section = configuration is IConfigurationSection && !inner.Exists() ? configuration : inner;
        services.AddOptions<SignalCamOptions>().Bind(section, binder => binder.ErrorOnUnknownConfiguration = true);
        return builder;
    }

    /// <summary>
    /// Adds a model file to classify with: <see cref="IEcgClassifier"/> as a keyed service by its name, and without a key where it is the
    /// only model or the default one.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The model's name (case-insensitive).</param>
    /// <param name="path">The model file.</param>
    /// <param name="configure">Sets more, such as <see cref="ModelOptions.ReloadOnChange"/>; null for the defaults.</param>
    public static ISignalCamBuilder AddModel(
        this ISignalCamBuilder builder, string name, string path, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.AddModel(name, () => new ModelOptions { Path = path }, configure);
    }

    /// <summary>
    /// Adds a model with weights that come with the SDK (<see cref="PretrainedModels"/>), under their name. Not needed for
    /// <see cref="PretrainedModels.NormalAbnormal"/> alone: that is what there is when no model is added.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">
    /// The name of the weights (case-insensitive), such as "super"; a name that does not exist is an error when the host starts.
    /// </param>
    /// <param name="configure">Sets more, such as <see cref="ModelOptions.Length"/>; null for the defaults.</param>
    public static ISignalCamBuilder AddPretrainedModel(this ISignalCamBuilder builder, string name, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.AddModel(name, () => new ModelOptions { Pretrained = name }, configure);
    }

    private static ISignalCamBuilder AddModel(
        this ISignalCamBuilder builder, string name, Func<ModelOptions> create, Action<ModelOptions>? configure)
    {
        builder.Services.Configure<SignalCamOptions>(options =>
        {
            var model = create();
            configure?.Invoke(model);
            if (!options.Models.TryAdd(name, model))
                throw new ArgumentException(
                    $"a model called '{name}' is already there; all: {string.Join(", ", options.Models.Keys)}", nameof(name));
        });
        return builder;
    }
}
