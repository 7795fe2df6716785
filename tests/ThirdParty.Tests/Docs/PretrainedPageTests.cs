using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

/// <summary>The code and the settings of docs/pretrained.md.</summary>
public sealed class PretrainedPageTests
{
    private static readonly Page s_page = Page.Read("docs/pretrained.md");

    [Fact]
    public async Task Its_code_runs()
    {
        using var folder = TestData.Folder();
        var (modelPath, services) = (Small.WriteModel(folder["m.safetensors"]), new ServiceCollection());

        services.AddSignalCam().AddPretrainedModel("super").AddModel("ward", modelPath);

        foreach (var pretrained in PretrainedModels.All)
            Console.WriteLine(
                $"{pretrained}: {string.Join(", ", pretrained.Manifest.Classes)}, card of {pretrained.ReadCard().Length} characters");
        await using var weights = PretrainedModels.Get("super").Open();

        await using var provider = services.BuildServiceProvider();
        Assert.Equal(["super", "ward"], provider.GetRequiredService<IEcgClassifiers>().Names);
        Assert.Equal(5, provider.GetRequiredKeyedService<IEcgClassifier>("super").Classify(Small.Recording()).Scores.Count);
        Assert.True(weights.Length > 0);
    }

    [Fact]
    public void Its_settings_are_bound()
    {
        using var folder = TestData.Folder();
        var settings = s_page.Blocks("json").Single()
            .Replace("ward.safetensors", Small.WriteModel(folder["ward.safetensors"]), StringComparison.Ordinal);
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(settings))).Build();
        using var services = new ServiceCollection().AddSignalCam(configuration).Services.BuildServiceProvider();
        Assert.Equal(5, services.GetRequiredService<IEcgClassifier>().Classes.Count);
        Assert.Single(services.GetRequiredKeyedService<IEcgClassifier>("ward").Classes);
    }

    [Fact]
    public void Its_table_has_all_weights() =>
        Assert.Equal(PretrainedModels.All.Select(m => m.Name), s_page.Rows().Select(row => row[0]).Order(StringComparer.OrdinalIgnoreCase));
}
