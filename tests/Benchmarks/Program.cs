using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using SignalCam.Benchmarks;
using SignalCam.Benchmarks.Quality;

var ptbXl = Environment.GetEnvironmentVariable("SIGNALCAM_PTBXL");
if (args is ["ratios"])
{
    ScorerRatios.Print();
    OnnxRatios.Print();
    EndToEnd.Print(ptbXl);
    Console.WriteLine();
    foreach (var classes in (int[])[1, 5])
    {
        using var cam = new CamOverhead { Classes = classes };
        cam.Setup();
        PairedRatio.Print($"forward of 128 recordings with exact CAM of {classes} classes against without", 101, () => cam.Forward(),
            () => cam.ForwardWithExactCam());
        PairedRatio.Print($"forward of 128 recordings with paper CAM of {classes} classes against without", 101, () => cam.Forward(),
            () => cam.ForwardWithPaperCam());
    }
    PrintEpoch();
    var bootstrap = new BootstrapSpeed();
    bootstrap.Setup();
    PairedRatio.Print($"{BootstrapSpeed.FewResamples} resamples of 2,183 recordings and 5 classes, sorted once, against each from "
        + "its recordings", 21, () => bootstrap.EachResampleFromItsRecordings(), () => bootstrap.AsManyResamplesSortedOnce());
    PairedRatio.Print("1,000 such resamples (asked: under 1 s) against 20 from their recordings", 11,
        () => bootstrap.EachResampleFromItsRecordings(), () => bootstrap.ThousandResamples());
    return;
}

if (args is ["measurements"])
{
    MeasurementAccuracy.PrintSynthetic();
    if (ptbXl is not null)
        MeasurementAccuracy.PrintPtbXl(ptbXl, recordings: 2000);
    return;
}

if (args is ["stream"])
{
    StreamScaling.Print();
    return;
}

if (args is [StreamScaling.Argument])
{
    await StreamScaling.MeasureAsync(ptbXl ?? throw new InvalidOperationException("SIGNALCAM_PTBXL names no folder of PTB-XL"));
    return;
}

if (args is ["formats"])
{
    FormatReading.Print();
    return;
}

if (args is ["quality", ..])
{
    await QualityCommand.RunAsync(args[1..], ptbXl);
    return;
}

if (args is ["architectures"])
{
    ArchitectureTimes.Print();
    return;
}

if (args is ["onnx"])
{
    OnnxRatios.Print();
    return;
}

if (args is ["scorer"])
{
    ScorerRatios.Print();
    return;
}

if (args is ["epoch"])
{
    PrintEpoch();
    return;
}

if (args is ["engine", ..])
{
    EngineRatios.Print(args[1..]);
    return;
}

if (args is [EngineWorker.Argument, var threads])
{
    EngineWorker.Serve(int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture));
    return;
}

if (args is ["end-to-end"] or ["end-to-end", "one" or "fold" or "reading"])
{
    EndToEnd.Print(ptbXl, args.ElementAtOrDefault(1));
    return;
}

if (args is ["viewer"])
{
    await ViewerClients.PrintAsync();
    return;
}

if (args is ["distributed", "sinks"])
{
    await SinkRates.PrintAsync();
    return;
}

if (args is ["distributed"] or ["distributed", "inline" or "files" or "memory"])
{
    await using var distributed = await DistributedRuns.StartAsync();
    var part = args.ElementAtOrDefault(1);
    if (part is null or "inline")
        await distributed.PrintThroughputAsync(count: 16_000, areFiles: false);
    if (part is null or "files")
        await distributed.PrintThroughputAsync(count: 16_000, areFiles: true);
    if (part is "memory")
        await distributed.PrintMemoryAsync(count: 100_000);
    return;
}

// In this process: a generated project would restore and build everything once more. Every call lasts milliseconds to
// seconds, so one call is one measurement.
var job = Job.Default
    .WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithStrategy(RunStrategy.Monitoring)
    .WithWarmupCount(3)
    .WithIterationCount(15);
BenchmarkSwitcher.FromAssembly(typeof(CamOverhead).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));

static void PrintEpoch()
{
    var epoch = new EpochOverhead();
    epoch.Setup();
    PairedRatio.Print("epoch of the trainer against as many steps on one batch (asked: at most 1.10)", 15, () => epoch.StepsOnOneBatch(),
        () => epoch.EpochOfTheTrainer());
}
