using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Sdk;

namespace Ward1;

/// <summary>What `signalcam --plugin Ward1.dll` finds. A host calls services.AddSignalCam().AddPlugin&lt;Ward1.Plugins&gt;().</summary>
public sealed class Plugins : ISignalCamPlugin
{
    public void Configure(ISignalCamBuilder builder) => builder
        .AddDataset<CsvDataset, CsvDatasetOptions>("ward1-csv")
        .AddTask("ward1-label", dataset => new LabelTask(dataset))
        .AddTransform<Clip, ClipOptions>("ward1-clip")
        .AddArchitecture<SmallCnnOptions>("ward1-cnn", (input, options) => new SmallCnn(input.LeadCount, options))
        .AddHead<FocalHeadOptions>(
            "ward1-focal", TaskKind.Multiclass, (channels, classes, options) => new FocalHead(channels, classes, options));
}
