using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Intrinsics;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Wfdb;
using SignalCam.Reporting;

const int Moments = 5;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var options = new Dictionary<string, string>();
for (var i = 1; i + 1 < args.Length; i += 2)
    options[args[i]] = args[i + 1];
if (args.Length % 2 == 0 || options.Keys.Except(["--model", "--picture", "--map", "--json"]).Any())
{
    Console.Error.WriteLine("ClassifyFile RECORDING [--model FILE.safetensors] [--picture FILE.svg] [--map FILE.csv] [--json FILE.json]");
    return 2;
}
try
{
    using var model = ScoringModel.Create(options.TryGetValue("--model", out var file) ? ModelFile.Load(file) : ShippedModel());
    var recording = WfdbReader.ReadSignal(args[0]);
    var answer = model.Classify(recording, new ClassifyOptions { Explain = true });

    foreach (var score in answer.Scores)
        Console.WriteLine($"{score.Class}: probability {score.Probability:F6}, "
            + $"{(score.Decision == ClassDecision.Present ? "called present" : "not called present")}; evidence at "
            + $"{Evidence(score.HeatMap!.Samples)}");
    if (options.TryGetValue("--picture", out var picture))
        File.WriteAllText(picture, CamPlot.Render(
            model.View(recording).Signal, [.. answer.Scores.Select(s => new CamClass(s.HeatMap!, s.Probability, s.Threshold))]));
    if (options.TryGetValue("--map", out var table))
        File.WriteAllLines(table, Enumerable.Range(0, answer.Scores[0].HeatMap!.Samples.Length).Select(t =>
            string.Join(',', answer.Scores.Select(s => s.HeatMap!.Samples[t].ToString("R", CultureInfo.InvariantCulture)))));
    if (options.TryGetValue("--json", out var json))
        File.WriteAllText(json, EcgAnswerJson.Write(answer));
    Console.Error.WriteLine(
        $"scored with vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits");
    return 0;

    // The highest local maxima that speak for the class, the highest first.
    string Evidence(ImmutableArray<float> map) => string.Join(", ", Enumerable.Range(1, map.Length - 2)
        .Where(t => map[t] > 0 && map[t] > map[t - 1] && map[t] >= map[t + 1])
        .OrderByDescending(t => map[t]).Take(Moments).Select(t => $"{answer.Stretch.Start + t / answer.SamplingRate:F2} s")
        .DefaultIfEmpty("no moment"));
}
catch (Exception e) when (e is SignalCamException or IOException)
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
