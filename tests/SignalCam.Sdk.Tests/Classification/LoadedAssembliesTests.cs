using System.Reflection;
using System.Runtime.Loader;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Torch;
using SignalCam.Torch.Heads;

namespace SignalCam.Sdk.Tests.Classification;

/// <summary>What a host loads, seen in a load context of its own, in which nothing else has run.</summary>
public sealed class LoadedAssembliesTests
{
    private const string TorchSharp = "TorchSharp";

    [Fact]
    public void A_host_that_classifies_and_explains_with_a_compiled_model_does_not_load_TorchSharp()
    {
        var loaded = LoadedBy(nameof(Classify));
        Assert.Contains("SignalCam.Core", loaded);
        Assert.DoesNotContain(TorchSharp, loaded);
    }

    [Fact]
    public void One_that_asks_for_a_head_does() => Assert.Contains(TorchSharp, LoadedBy(nameof(CreateHead)));

    // By reflection, in the other load context.
    private static void Classify()
    {
        using var services = new ServiceCollection().AddSignalCam().AddPretrainedModel("normal-abnormal").Services.BuildServiceProvider();
        Assert.Single(services.GetRequiredService<IOptions<SignalCamOptions>>().Value.Models);
        var recording = SyntheticEcg.Generate(new SyntheticOptions { Seconds = 10, SamplingRate = 100 }, new EcgRandom(3)).Signal;
        var answer = services.GetRequiredService<IEcgClassifier>().Classify(recording, new ClassifyOptions { Explain = true });
        Assert.Equal("compiled", answer.Backend);
        Assert.Equal(1000, answer.Scores[0].HeatMap!.Samples.Length);
    }

    private static void CreateHead()
    {
        using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        Assert.Contains("binary", services.GetRequiredService<SignalCamComponents>().Heads.Names);
        Assert.Equal(TorchSharp, typeof(EcgHead).BaseType!.Assembly.GetName().Name);
    }

    private static string[] LoadedBy(string method)
    {
        var path = typeof(LoadedAssembliesTests).Assembly.Location;
        var context = new Beside(path);
        try
        {
            var here = context.LoadFromAssemblyPath(path).GetType(typeof(LoadedAssembliesTests).FullName!)!;
            here.GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, null);
            return [.. context.Assemblies.Select(assembly => assembly.GetName().Name!)];
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>Loads all that lies beside an assembly anew, and the framework from where everybody has it.</summary>
    private sealed class Beside(string path) : AssemblyLoadContext(isCollectible: true)
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            _resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
    }
}
