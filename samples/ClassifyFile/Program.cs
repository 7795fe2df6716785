using System.Globalization;
using System.Runtime.Intrinsics;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;
using SignalCam.Reporting;

const int Moments = 5;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2)
    options[args[i]] = args[i + 1];
if (args.Length % 2 == 0 || options.Keys.Except(["--model", "--picture", "--map"]).Any())
{
    Console.Error.WriteLine("ClassifyFile RECORDING [--model FILE.safetensors] [--picture FILE.svg] [--map FILE.csv]");
    return 2;
}
try
{
    var model = options.TryGetValue("--model", out var file) ? ModelFile.Load(file) : ShippedModel();
    var scorer = CompiledScorer.Create(model);
    var recording = new SignalAdapter(scorer.Input).Adapt(WfdbReader.ReadSignal(args[0]));

    var (classes, length) = (scorer.Classes.Count, scorer.Input.Length);
    var (logits, probabilities, heat) = (new float[classes], new float[classes], new float[classes * length]);
    var cells = new float[classes * scorer.CellCount(CamKind.Exact)];
    scorer.Explain(recording.Samples.Span, CamKind.Exact, logits, probabilities, cells, heat);

    var maps = scorer.Classes.Select((name, c) => new HeatMap(name, [], heat[(c * length)..((c + 1) * length)])).ToArray();
    for (var c = 0; c < classes; c++)
        Console.WriteLine($"{scorer.Classes[c]}: probability {probabilities[c]:F6}, {(IsPresent(c) ? "called present" : "not called present")}; evidence at {Evidence(maps[c].Samples)}");
    if (options.TryGetValue("--picture", out var picture))
        File.WriteAllText(picture, CamPlot.Render(recording, [.. maps.Select((map, c) => new CamClass(map, probabilities[c], model.Manifest.Thresholds[c]))]));
    if (options.TryGetValue("--map", out var table))
        File.WriteAllLines(table, Enumerable.Range(0, length).Select(t => string.Join(',', maps.Select(map => map.Samples[t].ToString("R", CultureInfo.InvariantCulture)))));
    Console.Error.WriteLine($"scored with vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits");
    return 0;

    bool IsPresent(int c) => model.Manifest.TaskKind == TaskKind.Multiclass ? probabilities.Max() == probabilities[c] : probabilities[c] > model.Manifest.Thresholds[c];

    // The highest local maxima that speak for the class, the highest first.
    string Evidence(float[] map) => string.Join(", ", Enumerable.Range(1, length - 2)
        .Where(t => map[t] > 0 && map[t] > map[t - 1] && map[t] >= map[t + 1])
        .OrderByDescending(t => map[t]).Take(Moments).Select(t => $"{t / scorer.Input.SamplingRate:F2} s").DefaultIfEmpty("no moment"));
}
catch (Exception e) when (e is SignalCamException or NotSupportedException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static ModelFile ShippedModel()
{
    using var stream = typeof(Program).Assembly.GetManifestResourceStream("normal-abnormal.safetensors")!;
    var bytes = new byte[stream.Length];
    stream.ReadExactly(bytes);
    return ModelFile.Read(bytes, "normal-abnormal");
}
