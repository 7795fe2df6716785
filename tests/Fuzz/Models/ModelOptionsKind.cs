using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using TorchSharp;

namespace SignalCam.Fuzz.Models;

/// <summary>Model files with changed manifests, of which TorchSharp builds networks.</summary>
public sealed class ModelOptionsKind : FuzzKind
{
    private const int MostSamples = 1 << 16;

    private static readonly (string Name, string Options)[] s_architectures =
    [
        ("signal-cnn", """{ "channels": [4, 6] }"""),
        ("fcn-wang", """{ "channels": [4, 5], "kernels": [3, 5] }"""),
        ("resnet1d-wang", """{ "channels": 4, "blocks": 2 }"""),
        ("xresnet1d18", """{ "stemChannels": [3, 3, 4], "channels": [4, 4], "blocks": [1, 1] }"""),
        ("xresnet1d50", """{ "stemChannels": [3, 3, 4], "channels": [2, 2], "blocks": [1, 1], "kernel": 3 }"""),
        ("inception-time", """{ "filters": 2, "bottleneck": 2, "kernels": [3, 5], "blocks": 1 }"""),
        ("ensemble", """
            { "members": [
                { "name": "signal-cnn", "options": { "channels": [2, 3] } }, { "name": "signal-cnn", "options": { "channels": [3, 2] } }
            ] }
            """),
    ];

    private readonly SignalCamComponents _components = new();
    private readonly byte[]?[] _files = new byte[s_architectures.Length][];

    /// <inheritdoc/>
    public override string Name => "options";

    /// <inheritdoc/>
    public override string Description => "model files with changed manifests: built by TorchSharp, scored";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        var bytes = File(random.Below(s_architectures.Length));
        var manifest = JsonNode.Parse(SafetensorsFile.Read(bytes, "corpus").Metadata[ModelFile.ManifestKey])!.AsObject();
        if (random.Chance(0.7))
        {
            var part = random.Chance(0.8) ? "architecture" : "head";
            manifest[part] = JsonNode.Parse(JsonMutator.Mutate(manifest[part]!.ToJsonString(), random));
        }
        else
        {
            manifest = JsonNode.Parse(JsonMutator.Mutate(manifest.ToJsonString(), random))!.AsObject();
        }
        var file = ModelFile.Read(Corpus.WithMetadata(bytes, ModelFile.ManifestKey, manifest.ToJsonString()), "fuzz");
        using var model = EcgModel.Load(file, "fuzz", _components, "cpu");
        var size = model.Input.LeadCount * model.Input.Length;
        if (size <= MostSamples)
            model.Run(new float[size], 1, CamKind.Exact);
    }

    /// <summary>Made at first use: a process that runs other kinds needs no network.</summary>
    private byte[] File(int index)
    {
        if (_files[index] is { } made)
            return made;
        torch.manual_seed(1);
        var (name, options) = s_architectures[index];
        var manifest = new ModelManifest
        {
            Architecture = _components.Architectures.Resolve(new ComponentSpec(name, JsonNode.Parse(options)!.AsObject())),
            Head = _components.Heads.Resolve(new ComponentSpec("multilabel")),
            Task = "test",
            TaskKind = TaskKind.Multilabel,
            Classes = ["a", "b"],
            Leads = ["I", "II"],
            SamplingRate = 100,
            Length = 100,
            Preprocessing = [],
        };
        using var model = new EcgModel(EcgModel.CreateNetwork(manifest, _components), manifest, _components, "cpu");
        return _files[index] = model.ToFile().ToBytes();
    }
}
