using System.Text;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Sdk.Training;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Runs;

namespace SignalCam.Fuzz.Runs;

/// <summary>Changed descriptions of a training (run.json): what `train --resume` makes of them.</summary>
internal sealed class RunKind : FuzzKind
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"signalcam-fuzz-{Guid.NewGuid():N}");
    private string? _text;

    /// <inheritdoc/>
    public override string Name => "run";

    /// <inheritdoc/>
    public override string Description => "changed run.json of a training: the request read back";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        Directory.CreateDirectory(_folder);
        try
        {
            _text ??= Text();
            var bytes = random.Chance(0.7)
                ? Encoding.UTF8.GetBytes(JsonMutator.Mutate(_text, random))
                : ByteMutator.Mutate(Encoding.UTF8.GetBytes(_text), random);
            File.WriteAllBytes(new RunFolder(_folder).DescriptionPath, bytes);
            SavedRequest.Read(_folder);
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string Text()
    {
        var run = new RunFolder(_folder);
        var request = new TrainingRequest
        {
            ModelPath = run.ModelPath,
            RunFolder = _folder,
            Dataset = new ComponentSpec("ptb-xl", new JsonObject { ["folder"] = "~/ptb-xl", ["samplingRate"] = 100 }),
            Task = new ComponentSpec("super"),
            TrainFolds = FoldSet.Parse("1-8"),
            ValidFolds = FoldSet.Parse("9"),
            Options = TrainingPresets.Recommended(),
        };
        var description = SavedRequest.Write(request, run);
        description["version"] = 1;
        description["resumed"] = new JsonArray();
        description["options"] = PluginOptions.Write(request.Options);
        return description.ToJsonString();
    }
}
