using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Sdk;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using ThirdParty.Tests.Tasks;
using ThirdParty.Tests.Transforms;

namespace ThirdParty.Tests.Docs;

/// <summary>Each message of docs/troubleshooting.md is provoked here, and each that is provoked here is on the page.</summary>
public sealed class TroubleshootingTests : IDisposable
{
    private static readonly string[] s_standard = [.. SignalLayout.StandardLeads];
    private static readonly string[] s_quoted = Page.Read("docs/troubleshooting.md").Blocks("text")
        .Select(block => block.TrimEnd('\n')).ToArray();

    private readonly TemporaryFolder _folder = TestData.Folder();
    private readonly SignalCamComponents _components = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_message_is_word_for_word()
    {
        string[] provoked =
        [
            .. Hosts(), .. Plugins(), .. Recordings(), .. Files(), .. Models(), .. await Trainings(),
        ];
        var page =
            s_quoted.Where(message => !message.StartsWith("torch's native library", StringComparison.Ordinal)
                && !message.StartsWith("device 'cuda'", StringComparison.Ordinal)).ToArray();
        var (missing, wrong) = (provoked.Except(page).ToArray(), page.Except(provoked).ToArray());
        Assert.True(missing.Length + wrong.Length == 0,
            $"not on the page:\n{string.Join('\n', missing)}\nnot given by the code:\n{string.Join('\n', wrong)}");
    }

    [SkippableFact]
    public void So_is_that_of_a_missing_GPU()
    {
        Skip.If(TorchRuntime.Probe().CudaDevices > 0, "this machine has a GPU");
        using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cuda").Services.BuildServiceProvider();
        var failure =
            Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SignalCamOptions>>().Value).Failures
                .Single();
        Assert.Contains(s_quoted, message => failure.EndsWith($": Device is cuda: {message}", StringComparison.Ordinal));
    }

    private IEnumerable<string> Hosts()
    {
        var model = Small.WriteModel(_folder["model.safetensors"]);
        using var two = new ServiceCollection().AddSignalCam().AddModel("ward", model)
            .AddModel("holter", model).Services.BuildServiceProvider();
        yield return Message(() => two.GetRequiredService<IEcgClassifier>());
        yield return Message(() => two.GetRequiredKeyedService<IEcgClassifier>("icu"));
        using var wrong = new ServiceCollection().AddSignalCam(o => o.Device = "gpu").AddModel("ward", "ward.safetensors")
            .AddPretrainedModel("joint").Services.BuildServiceProvider();
        foreach (var failure in Assert.Throws<OptionsValidationException>(
            () => wrong.GetRequiredService<IOptions<SignalCamOptions>>().Value).Failures)
            yield return failure;
    }

    private IEnumerable<string> Plugins()
    {
        yield return Message(() => _components.Architectures.Create(new ComponentSpec("small-cnn")));
        yield return Message(() => _components.Architectures.Create(new ComponentSpec("signal-cnn", new JsonObject { ["width"] = 16 })));
        yield return Message(() => _components.Transforms.Create(new ComponentSpec("detrend", new JsonObject { ["degree"] = 40 })));
        yield return Message(() => _components.Transforms.Create(new ComponentSpec("max-abs", new JsonObject { ["factor"] = 2 })));
        using var doubled = new ServiceCollection().AddSignalCam()
            .AddTransform("detrend", _ => new Clip(new ClipOptions())).Services.BuildServiceProvider();
        yield return Message(() => doubled.GetRequiredService<SignalCamComponents>());
        yield return Message(() => _components.Tasks.Create(new ComponentSpec("super")).Create(new Memory()));
    }

    private List<string> Recordings()
    {
        var model = Small.WriteModel(_folder["model.safetensors"]);
        using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu")
            .AddModel("ward", model).Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var broken = Small.Saw(1000, s_standard).Samples.ToArray();
        broken[1003] = float.NaN;
        var notNumbers = new EcgSignal(broken, new SignalLayout(s_standard, 1000, 100));
        var invalid = new float[12 * 5000];
        invalid[8 * 5000 + 2500] = float.NaN;
        var gap = new EcgSignal(invalid, new SignalLayout(s_standard, 5000, 500));
        return
        [
            Message(() => classifier.Classify(Small.Saw(1000, "I", "II", "V1"))),
            Message(() => classifier.Classify(Small.Saw(1000, ["II", .. s_standard[6..]]))),
            Message(() => classifier.Classify(Small.Saw(1000, ["I", "II", "Lead V1", "ECG V1", .. s_standard[7..]]))),
            Message(() => classifier.Classify(Small.Saw(500, s_standard))),
            Message(() => classifier.Classify(Small.Saw(1500, s_standard))),
            Message(() => classifier.Classify(notNumbers)),
            Message(() => classifier.Classify(gap)),
        ];
    }

    private IEnumerable<string> Files()
    {
        File.WriteAllText(_folder["table.csv"], "I,II\n0.1,0.2\n0.3,0.4\n");
        yield return Message(() => EcgFile.Read(_folder["table.csv"]));
        WfdbWriter.Write(_folder.Path, "patient", Small.Saw(1000, s_standard));
        yield return Message(() => WfdbReader.ReadSignal(_folder["nobody"]));
        yield return Message(() => WfdbReader.ReadSignal(_folder["patient"], new WfdbReadOptions { MaxValues = 10_000 }));
        var bytes = File.ReadAllBytes(_folder["patient.dat"]);
        bytes[12_000] ^= 1;
        File.WriteAllBytes(_folder["patient.dat"], bytes);
        yield return Message(() => WfdbReader.ReadSignal(_folder["patient"]));
        File.WriteAllBytes(_folder["patient.dat"], bytes[..12_000]);
        yield return Message(() => WfdbReader.ReadSignal(_folder["patient"]));
    }

    private IEnumerable<string> Models()
    {
        var model = ModelFile.Load(Small.WriteModel(_folder["model.safetensors"]));
        yield return Message(() => EcgModel.Load(_folder["nothing.safetensors"], _components, "cpu"));
        new SafetensorsFile(model.Weights).Save(_folder["weights.safetensors"]);
        yield return Message(() => EcgModel.Load(_folder["weights.safetensors"], _components, "cpu"));
        var wider = model.Manifest with
        {
            Architecture = new ComponentSpec("signal-cnn", new JsonObject { ["channels"] = new JsonArray(4, 8) }),
        };
        new ModelFile(wider, model.Weights).Save(_folder["wider.safetensors"]);
        yield return Message(() => EcgModel.Load(_folder["wider.safetensors"], _components, "cpu"));
        new ModelFile(model.Manifest, [.. model.Weights.Where(w => w.Name != "pred_layer.bias")]).Save(_folder["partial.safetensors"]);
        yield return Message(() => EcgModel.Load(_folder["partial.safetensors"], _components, "cpu"));
        var newer = new Dictionary<string, string> { [ModelFile.ManifestKey] = """{"formatVersion": 2}""" };
        new SafetensorsFile(model.Weights, newer).Save(_folder["newer.safetensors"]);
        yield return Message(() => EcgModel.Load(_folder["newer.safetensors"], _components, "cpu"));
        Small.WriteModel(_folder["fcn.safetensors"],
            Small.Manifest with { Architecture = new ComponentSpec("fcn-wang", new JsonObject { ["channels"] = new JsonArray(2, 2, 2) }) });
        using var fcn = EcgModel.Load(_folder["fcn.safetensors"], _components, "cpu");
        yield return Message(() => fcn.Run(new float[12_000], 1, CamKind.Paper));
    }

    private async Task<List<string>> Trainings()
    {
        var whole = Small.Saw(1000, s_standard);
        var unlike = new Memory(whole, Small.Saw(500, s_standard), whole);
        var fast = new EcgSignal(new float[12 * 5000], new SignalLayout(s_standard, 5000, 500));
        var many = new Memory([.. Enumerable.Repeat(fast, 40_001)]) { FoldOf = i => i < 40_000 ? 1 : 3 };
        var shared = new Memory(Small.Saw(9, "II"), Small.Saw(9, "II")) { Patients = ["p1", "p1"] };
        return
        [
            Message(() => DatasetSplit.ByFolds(shared.Entries, FoldSet.Parse("1"), FoldSet.Parse("2"))),
            Message(() => DatasetSplit.ByFolds(shared.Entries, FoldSet.Parse("1-2"), FoldSet.Parse("9"))),
            await MessageAsync(() => TrainAsync(new Memory(whole, whole) { Label = "unknown" }, "1", "2")),
            await MessageAsync(() => TrainAsync(unlike, "1-2")),
            await MessageAsync(() => TrainAsync(many, "1")),
            await MessageAsync(() => TrainAsync(new Memory(whole, whole, whole), "1-2", transform: "divide-by-nothing")),
        ];
    }

    private async Task TrainAsync(Memory dataset, string train, string valid = "3", string? transform = null)
    {
        await using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu")
            .AddDataset("memory", _ => dataset).AddTask<RateTask>("rate").AddTransform<DivideByNothing>("divide-by-nothing")
            .Services.BuildServiceProvider();
        var options = TrainingPresets.Recommended();
        options.Epochs = 1;
        options.Preprocessing = transform is null ? [] : [new ComponentSpec(transform)];
        await services.GetRequiredService<ITrainingService>().TrainAsync(new TrainingRequest
        {
            ModelPath = _folder["t.safetensors"],
            Dataset = new ComponentSpec("memory"),
            Task = new ComponentSpec("rate"),
            TrainFolds = FoldSet.Parse(train),
            ValidFolds = FoldSet.Parse(valid),
            Options = options,
        });
    }

    private string Message(Action action) => Bare(Assert.ThrowsAny<Exception>(action));

    private async Task<string> MessageAsync(Func<Task> action) => Bare(await Assert.ThrowsAnyAsync<Exception>(action));

    // The folder is another one on each run.
    private string Bare(Exception e) => e.Message.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    /// <summary>A transform with a mistake: its samples are no numbers.</summary>
    private sealed class DivideByNothing : ISignalTransform
    {
        public string Name => "divide-by-nothing";

        public EcgSignal Apply(EcgSignal signal) => signal.MapLeads(samples => samples.Fill(float.NaN));
    }

    /// <summary>Recordings in memory, in folds 1, 2, ...</summary>
    private sealed class Memory(params EcgSignal[] recordings) : IEcgDataset
    {
        public string[]? Patients { get; init; }

        public string Label { get; init; } = "slow";

        public Func<int, int> FoldOf { get; init; } = i => i + 1;

        public string Name => "memory";

        public IReadOnlyList<EcgEntry> Entries => [.. recordings.Select((_, i) => new EcgEntry
        {
            Id = $"{i + 1}",
            PatientId = Patients?[i],
            Fold = FoldOf(i),
            Metadata = new Dictionary<string, string> { ["label"] = Label },
        })];

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(recordings[int.Parse(entry.Id, System.Globalization.CultureInfo.InvariantCulture) - 1]);
    }
}
