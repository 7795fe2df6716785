using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Labels;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch;

namespace SignalCam.Sdk.Tests.Plugins;

public sealed class EntryTests
{
    [Fact]
    public void Alone_it_gives_every_built_in_plug_in()
    {
        using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider(Strict);
        var components = services.GetRequiredService<SignalCamComponents>();
        Assert.Empty(new[] { "ptb-xl", "synthetic" }.Except(components.Datasets.Names));
        Assert.Empty(PtbXlTasks.Names.Except(components.Tasks.Names));
        Assert.Empty(new[] { "detrend", "max-abs", "fixed-scale" }.Except(components.Transforms.Names));
        Assert.Empty(new[] { "time-shift", "one-of" }.Except(components.Augmentations.Names));
        Assert.Contains("signal-cnn", components.Architectures.Names);
        Assert.Empty(new[] { "binary", "multiclass", "multilabel" }.Except(components.Heads.Names));
        Assert.Contains("cam", components.Explainers.Names);
        Assert.Contains("roc-auc", components.Metrics.Names);
    }

    [Fact]
    public void Twice_is_as_good_as_once()
    {
        var services = new ServiceCollection();
        services.AddSignalCam().AddTransform("same", _ => new Negate());
        var count = services.Count;
        services.AddSignalCam();
        Assert.Equal(count, services.Count);
        using var provider = services.BuildServiceProvider(Strict);
        Assert.Contains("same", provider.GetRequiredService<SignalCamComponents>().Transforms.Names);
    }

    [Fact]
    public void What_the_host_registered_first_wins()
    {
        var own = new OwnTraining();
        using var services = new ServiceCollection().AddSingleton<ITrainingService>(own).AddSignalCam().Services
            .BuildServiceProvider(Strict);
        Assert.Same(own, services.GetRequiredService<ITrainingService>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Configuration_is_taken_whole_or_as_its_section(bool whole)
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["ward.safetensors"]);
        var root = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Warning",
            ["SignalCam:Device"] = "cpu",
            ["SignalCam:Models:Ward:Path"] = path,
            ["SignalCam:Models:Ward:BatchSize"] = "7",
            ["SignalCam:Models:Ward:Explainer:Name"] = "CAM",
        }).Build();
        var configuration = whole ? root : (IConfiguration)root.GetSection("SignalCam");
        using var services = new ServiceCollection().AddSignalCam(configuration).Services.BuildServiceProvider(Strict);
        var options = services.GetRequiredService<IOptions<SignalCamOptions>>().Value;
        Assert.Equal(("cpu", path, 7, "CAM"),
            (options.Device, options.Models["ward"].Path, options.Models["ward"].BatchSize, options.Models["ward"].Explainer.Name));
        Assert.Equal(["abnormal"], services.GetRequiredKeyedService<IEcgClassifier>("ward").Classes);
    }

    [Theory]
    [InlineData("SignalCam:Device", "gpu", "Device is gpu", "auto, cpu, cuda and cuda:N")]
    [InlineData("SignalCam:DefaultModel", "icu", "DefaultModel is icu", "ward")]
    [InlineData("SignalCam:Models:ward:Path", "", "Models:ward: Path is not set and Pretrained is not set", "exactly one")]
    [InlineData("SignalCam:Models:ward:Pretrained", "super", "ward.safetensors and Pretrained is super", "exactly one")]
    [InlineData("SignalCam:Models:icu:Pretrained", "joint", "Models:icu: Pretrained is joint", "normal-abnormal, rhythm, sub, super")]
    [InlineData("SignalCam:Models:ward:Path", "nowhere.safetensors", "Path is nowhere.safetensors", "no such file")]
    [InlineData("SignalCam:Models:ward:BatchSize", "0", "BatchSize is 0", "between 1 and 4096")]
    [InlineData("SignalCam:Models:ward:ReloadInterval", "00:00:00", "ReloadInterval is 00:00:00", "00:00:00.010")]
    [InlineData("SignalCam:Models:ward:Explainer:Name", "guess", "Explainer is guess", "cam")]
    public async Task A_wrong_setting_stops_the_start_and_says_what_is_allowed(string key, string value, string found, string allowed)
    {
        using var folder = TestData.Folder();
        var settings = new Dictionary<string, string?>
        {
            ["SignalCam:Models:ward:Path"] = Tiny.Write(folder["ward.safetensors"]),
            [key] = value,
        };
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddSignalCam(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        using var built = host.Build();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => built.StartAsync());
        Assert.Contains(found, e.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_cannot_change_are_not_watched()
    {
        using var services = new ServiceCollection().AddSignalCam().AddPretrainedModel("super", o => o.ReloadOnChange = true).Services
            .BuildServiceProvider(Strict);
        var e = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SignalCamOptions>>().Value);
        Assert.StartsWith("SignalCam:Models:super: ReloadOnChange is True", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_default_model_that_is_not_there_stops_the_start_without_models_too()
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddSignalCam(o => o.DefaultModel = "icu");
        using var built = host.Build();
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => built.StartAsync());
        Assert.Contains("DefaultModel is icu: allowed are the models there are: normal-abnormal.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_does_not_exist_is_named()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["SignalCam:Devise"] = "cpu" }).Build();
        using var services = new ServiceCollection().AddSignalCam(configuration).Services.BuildServiceProvider(Strict);
        var e = Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IOptions<SignalCamOptions>>().Value);
        Assert.Contains("Devise", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubled_name_stops_the_start_and_lists_what_there_is()
    {
        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddSignalCam().AddTransform("Detrend", _ => new Negate());
        using var built = host.Build();
        var e = await Assert.ThrowsAnyAsync<Exception>(() => built.StartAsync());
        Assert.Contains("a transform called 'Detrend' is already there", e.Message, StringComparison.Ordinal);
        Assert.Contains("max-abs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_doubled_model_is_refused_by_name()
    {
        using var services = new ServiceCollection().AddSignalCam().AddModel("ward", "a").AddModel("Ward", "b").Services
            .BuildServiceProvider(Strict);
        var e = Assert.ThrowsAny<ArgumentException>(() => services.GetRequiredService<IOptions<SignalCamOptions>>().Value);
        Assert.StartsWith("a model called 'Ward' is already there; all: ward", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plug_in_gets_its_options_and_services()
    {
        using var services = new ServiceCollection()
            .AddSingleton(new Unit(1000))
            .AddSignalCam()
            .AddTransform<Gain, GainOptions>("gain", o => o.Factor = 3)
            .Services.BuildServiceProvider(Strict);
        var transforms = services.GetRequiredService<SignalCamComponents>().Transforms;
        var byHost = Assert.IsType<Gain>(transforms.Create(new ComponentSpec("GAIN")));
        var bySpec = Assert.IsType<Gain>(transforms.Create(new ComponentSpec("gain", new() { ["factor"] = 5 })));
        Assert.Equal((3, 5, 1000, "mean"), (byHost.Options.Factor, bySpec.Options.Factor, byHost.Unit.PerMillivolt, bySpec.Options.Around));
        Assert.Equal("""{"factor":3,"around":"mean"}""", transforms.Resolve(new ComponentSpec("Gain")).Options!.ToJsonString());
        Assert.Contains("Factor is 0: The field Factor must be between 1 and 9", Assert.Throws<PluginException>(
            () => transforms.Create(new ComponentSpec("gain", new() { ["factor"] = 0 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tasks_of_PTB_XL_work_on_synthetic_recordings_and_on_nothing_without_statements()
    {
        var components = new SignalCamComponents();
        var task = components.Tasks.Create(new ComponentSpec("super")).Create(new SyntheticEcgDataset(new() { Records = 20 }));
        Assert.Equal(["NORM", "MI", "STTC", "CD", "HYP"], task.Classes);
        var e = Assert.Throws<PluginException>(() => components.Tasks.Create(new ComponentSpec("super")).Create(new Silent()));
        Assert.Contains("'silent'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normal-abnormal", "keep")]
    [InlineData("super", "drop")]
    public void A_task_keeps_its_published_label_policy(string task, string unlabelled) =>
        Assert.Equal(unlabelled, (string?)new SignalCamComponents().Tasks.Resolve(new ComponentSpec(task)).Options!["unlabelled"]);

    internal static ServiceProviderOptions Strict => new() { ValidateOnBuild = true, ValidateScopes = true };

    private sealed class Negate : ISignalTransform
    {
        public string Name => "negate";

        public EcgSignal Apply(EcgSignal signal) =>
            signal.MapLeads(samples => System.Numerics.Tensors.TensorPrimitives.Negate(samples, samples));
    }

    private sealed record Unit(int PerMillivolt);

    private sealed class GainOptions
    {
        [System.ComponentModel.DataAnnotations.Range(1, 9)]
        public int Factor { get; set; } = 2;

        public string Around { get; set; } = "mean";
    }

    private sealed class Gain(GainOptions options, Unit unit) : ISignalTransform
    {
        public GainOptions Options => options;

        public Unit Unit => unit;

        public string Name => "gain";

        public EcgSignal Apply(EcgSignal signal) => signal;
    }

    private sealed class Silent : IEcgDataset
    {
        public string Name => "silent";

        public IReadOnlyList<EcgEntry> Entries => [];

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    private sealed class OwnTraining : ITrainingService
    {
        public Task<TrainingOutcome> TrainAsync(
            TrainingRequest request, IProgress<TrainingServiceProgress>? progress = null, CancellationToken cancellationToken = default) =>
                throw new NotSupportedException();
    }
}
