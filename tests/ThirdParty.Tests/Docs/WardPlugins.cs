using Microsoft.Extensions.DependencyInjection;
using SignalCam.Sdk;
using ThirdParty.Tests.Architectures;
using ThirdParty.Tests.Datasets;
using ThirdParty.Tests.Transforms;

namespace ThirdParty.Tests.Docs;

public sealed class WardPlugins : ISignalCamPlugin
{
    public void Configure(ISignalCamBuilder builder) => builder
        .AddDataset<CsvDataset, CsvDatasetOptions>("ward-csv")
        .AddTransform<Clip, ClipOptions>("ward-clip")
        .AddArchitecture<SmallCnnOptions>("ward-cnn", (input, options) => new SmallCnn(input.LeadCount, options));
}
