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
    /// <see cref="PretrainedModels.NormalAbnormal"/>. May be called repeatedly; the host's earlier registrations take precedence.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The builder that registers plug-ins and models.</returns>
    public static ISignalCamBuilder AddSignalCam(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = new SignalCamBuilder(services);
        if (services.Any(service => service.ServiceType == typeof(PluginRegistration<ManagedComponents>)))
            return builder;

        services.AddLogging();
        services.AddCheckedOptions();
        services.AddBuiltInPlugins();
        services.AddRegistries();
        services.AddRecordingReader();
        services.AddModelLoading();
        services.AddClassifiers();
        services.AddJobs();
        services.AddStatus();
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
    /// Adds a model file to classify with: <see cref="IEcgClassifier"/> as a keyed service by its name, and without a key if it is the
    /// only model or the default.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The model's name (case-insensitive).</param>
    /// <param name="path">The model file.</param>
    /// <param name="configure">Sets further options, such as <see cref="ModelOptions.ReloadOnChange"/>; null for the defaults.</param>
    public static ISignalCamBuilder AddModel(
        this ISignalCamBuilder builder, string name, string path, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.AddModel(name, () => new ModelOptions { Path = path }, configure);
    }

    /// <summary>
    /// Adds a model with pretrained weights (<see cref="PretrainedModels"/>), under their name. Not needed for
    /// <see cref="PretrainedModels.NormalAbnormal"/> alone: it is used if no model is added.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">
    /// The name of the weights (case-insensitive), such as "super"; a name that does not exist is an error when the host starts.
    /// </param>
    /// <param name="configure">Sets further options, such as <see cref="ModelOptions.Length"/>; null for the defaults.</param>
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
                    $"a model called '{name}' already exists; all: {string.Join(", ", options.Models.Keys)}", nameof(name));
        });
        return builder;
    }

    private static void AddCheckedOptions(this IServiceCollection services)
    {
        services.AddOptions<SignalCamOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SignalCamOptions>, SignalCamOptionsValidator>(provider =>
            // One registration is the built-in plug-ins'.
            new SignalCamOptionsValidator(
                provider, hasOwnNetworks: provider.GetServices<PluginRegistration<SignalCamComponents>>().Skip(1).Any())));
    }

    private static void AddBuiltInPlugins(this IServiceCollection services)
    {
        services.AddSingleton(new PluginRegistration<ManagedComponents>((_, components) => ManagedComponents.AddBuiltIn(components)));
        services.AddSingleton(
            new PluginRegistration<ManagedComponents>((_, components) => RecordingFormats.AddBuiltIn(components.Formats)));
        services.AddSingleton(
            new PluginRegistration<ManagedComponents>((provider, components) => components.Datasets.Add<FolderDatasetOptions>(
                BuiltInDatasets.Folder,
                options => FolderDataset.Open(options, new FolderFileReader(provider.GetRequiredService<EcgFileReader>())))));
        services.AddSingleton(new PluginRegistration<SignalCamComponents>((_, components) => SignalCamComponents.AddBuiltIn(components)));
    }

    // Two, so that a host that needs no torch never fills the one that does, nor loads TorchSharp for it.
    private static void AddRegistries(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new ManagedComponents(
            provider.GetServices<PluginRegistration<ManagedComponents>>()
                .Select(r => (Action<ManagedComponents>)(components => r.Register(provider, components)))));
        services.TryAddSingleton(provider => new SignalCamComponents(
            provider.GetRequiredService<ManagedComponents>(),
            provider.GetServices<PluginRegistration<SignalCamComponents>>()
                .Select(r => (Action<SignalCamComponents>)(components => r.Register(provider, components)))));
    }

    private static void AddRecordingReader(this IServiceCollection services) =>
        services.TryAddSingleton(provider => RecordingFormats.CreateReader(provider.GetRequiredService<ManagedComponents>().Formats));

    private static void AddModelLoading(this IServiceCollection services)
    {
        services.TryAddSingleton<Telemetry>();
        services.TryAddSingleton<ModelLoader>();
        services.AddHostedService<ModelPreloader>();
    }

    private static void AddClassifiers(this IServiceCollection services)
    {
        services.TryAddSingleton<EcgClassifiers>();
        services.TryAddSingleton<IEcgClassifiers>(provider => provider.GetRequiredService<EcgClassifiers>());
        services.TryAddSingleton(provider => provider.GetRequiredService<IEcgClassifiers>().GetClassifier());
        services.TryAddKeyedSingleton(
            KeyedService.AnyKey, (provider, name) => provider.GetRequiredService<IEcgClassifiers>().GetClassifier((string)name!));
    }

    private static void AddJobs(this IServiceCollection services)
    {
        services.TryAddSingleton<ITrainingService, TrainingService>();
        services.TryAddSingleton<IEvaluationService, EvaluationService>();
        services.TryAddSingleton<ICalibrationService, CalibrationService>();
        services.TryAddSingleton<IClassificationService, ClassificationService>();
        services.TryAddSingleton<IAuditService, AuditService>();
    }

    private static void AddStatus(this IServiceCollection services) =>
        services.TryAddSingleton(provider => new SignalCamDiagnostics(
            provider.GetRequiredService<IOptions<SignalCamOptions>>(), provider.GetRequiredService<EcgClassifiers>()));
}
