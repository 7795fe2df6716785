using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SignalCam.Distributed;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Collecting;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Sinks;
using SignalCam.Distributed.Submitting;
using SignalCam.Distributed.Workers;
using SignalCam.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds scoring on many machines to SignalCam SDK.</summary>
public static class DistributedBuilderExtensions
{
    /// <summary>Says where the broker is; without it, it is on this machine. Also adds <see cref="IJobSubmitter"/>.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static ISignalCamBuilder AddBroker(this ISignalCamBuilder builder, Action<BrokerOptions>? configure = null)
    {
        AddOptions(builder, BrokerOptions.SectionName, configure);
        builder.Services.TryAddSingleton<BrokerClient>();
        builder.Services.TryAddSingleton<IJobSubmitter, JobSubmitter>();
        builder.Services.TryAddSingleton(_ => new WorkerStatus());
        builder.Services.TryAddSingleton(_ => new CollectorStatus());
        builder.Services.TryAddSingleton<DistributedMeters>();
        return builder;
    }

    /// <summary>
    /// The same with options from the section `SignalCamBroker` of the host's configuration; a setting that does not exist is an error when
    /// the host starts.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configuration">The host's configuration.</param>
    public static ISignalCamBuilder AddBroker(this ISignalCamBuilder builder, IConfiguration configuration) =>
        Bind<BrokerOptions>(builder.AddBroker(), configuration, BrokerOptions.SectionName);

    /// <summary>
    /// Adds a background service that scores jobs with a model of this host. May be called more than once; there is one worker all the
    /// same.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static ISignalCamBuilder AddWorker(this ISignalCamBuilder builder, Action<WorkerOptions>? configure = null)
    {
        builder.AddBroker();
        AddOptions(builder, WorkerOptions.SectionName, configure);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, TrustedUriValidator>());
        builder.Services.AddHostedService<ScoringWorker>();
        return builder;
    }

    /// <summary>
    /// The same with options from the section `SignalCamWorker` of the host's configuration; a setting that does not exist is an error when
    /// the host starts.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configuration">The host's configuration.</param>
    public static ISignalCamBuilder AddWorker(this ISignalCamBuilder builder, IConfiguration configuration) =>
        Bind<WorkerOptions>(builder.AddWorker(), configuration, WorkerOptions.SectionName);

    /// <summary>
    /// Adds a background service that writes results to every sink that is added; without any, to JSON Lines files in the folder "results".
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static ISignalCamBuilder AddCollector(this ISignalCamBuilder builder, Action<CollectorOptions>? configure = null)
    {
        builder.AddBroker();
        AddOptions(builder, CollectorOptions.SectionName, configure);
        builder.Services.TryAddSingleton<ResultSinks>();
        builder.Services.AddHostedService<ResultCollector>();
        return builder;
    }

    /// <summary>
    /// The same with options from the section `SignalCamCollector` of the host's configuration; a setting that does not exist is an error
    /// when the host starts.
    /// </summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configuration">The host's configuration.</param>
    public static ISignalCamBuilder AddCollector(this ISignalCamBuilder builder, IConfiguration configuration) =>
        Bind<CollectorOptions>(builder.AddCollector(), configuration, CollectorOptions.SectionName);

    /// <summary>Adds a place that the collector writes results to.</summary>
    /// <typeparam name="T">The sink. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">What it is called in messages; a taken one is an error.</param>
    /// <param name="configure">Sets options; null for those of the class.</param>
    /// <exception cref="ArgumentException">A sink of this name (case-insensitive) is already there.</exception>
    public static ISignalCamBuilder AddResultSink<T, TOptions>(
        this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IResultSink
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var there = builder.Services.Select(s => s.ImplementationInstance).OfType<SinkRegistration>().Select(s => s.Name).ToArray();
        if (there.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw new ArgumentException($"a result sink called '{name}' is already there; all: {string.Join(", ", there)}", nameof(name));
        if (configure is not null)
            builder.Services.Configure(name, configure);
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new AnnotationsValidator<TOptions>($"result sink {name}"));
        builder.Services.AddSingleton(new SinkRegistration(
            name, services => ActivatorUtilities.CreateInstance<T>(
                services, services.GetRequiredService<IOptionsFactory<TOptions>>().Create(name))));
        return builder;
    }

    /// <summary>Has the collector write JSON Lines files.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    public static ISignalCamBuilder AddJsonLinesSink(this ISignalCamBuilder builder, Action<JsonLinesSinkOptions>? configure = null) =>
        builder.AddResultSink<JsonLinesSink, JsonLinesSinkOptions>(SinkNames.JsonLines, configure);

    /// <summary>Has the collector write into PostgreSQL.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="configure">Sets options, of which the connection string must be set.</param>
    public static ISignalCamBuilder AddPostgreSqlSink(this ISignalCamBuilder builder, Action<PostgreSqlSinkOptions> configure) =>
        builder.AddResultSink<PostgreSqlSink, PostgreSqlSinkOptions>(SinkNames.PostgreSql, configure);

    private static void AddOptions<TOptions>(ISignalCamBuilder builder, string section, Action<TOptions>? configure)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Services.Any(s => s.ImplementationInstance is AnnotationsValidator<TOptions>))
        {
            builder.Services.AddSingleton<IValidateOptions<TOptions>>(new AnnotationsValidator<TOptions>(section));
            builder.Services.AddOptions<TOptions>().ValidateOnStart();
        }
        if (configure is not null)
            builder.Services.Configure(configure);
    }

    private static ISignalCamBuilder Bind<TOptions>(ISignalCamBuilder builder, IConfiguration configuration, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.AddOptions<TOptions>()
            .Bind(configuration.GetSection(section), binder => binder.ErrorOnUnknownConfiguration = true);
        return builder;
    }
}
