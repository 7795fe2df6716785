using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

public sealed class PreloadTests
{
    [Fact]
    public async Task The_health_check_is_not_ready_before_every_model_is_there()
    {
        using var folder = TestData.Folder();
        using var host = Host(folder, preload: true);
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var before = (await health.CheckHealthAsync()).Entries["signalcam"];
        Assert.Equal((HealthStatus.Unhealthy, "not ready: loading icu, ward"), (before.Status, before.Description));
        await host.StartAsync();
        HealthReport after;
        for (var start = DateTime.UtcNow; (after = await health.CheckHealthAsync()).Status != HealthStatus.Healthy; await Task.Delay(10))
            Assert.True(DateTime.UtcNow - start < TimeSpan.FromMinutes(1), after.Entries["signalcam"].Description);
        Assert.All(host.Services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Models,
            m => Assert.Equal((true, "compiled", 64), (m.IsLoaded, m.Backend, m.Sha256!.Length)));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_is_told_and_the_others_are_there()
    {
        using var folder = TestData.Folder();
        using var host = Host(folder, preload: true);
        File.WriteAllText(folder["icu.safetensors"], "no model");
        await host.StartAsync();
        var diagnostics = host.Services.GetRequiredService<SignalCamDiagnostics>();
        for (var start = DateTime.UtcNow; !diagnostics.GetStatus().Models.Single(m => m.Name == "ward").IsLoaded; await Task.Delay(10))
            Assert.True(DateTime.UtcNow - start < TimeSpan.FromMinutes(1), "the other model is not loaded");
        Assert.StartsWith("model 'icu': ", Assert.Single(diagnostics.GetStatus().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_being_asked_to_a_host_loads_no_model_and_is_healthy()
    {
        using var folder = TestData.Folder();
        using var host = Host(folder, preload: false);
        await host.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
        Assert.All(host.Services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Models, m => Assert.False(m.IsLoaded));
    }

    private static IHost Host(TemporaryFolder folder, bool preload)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSignalCam(o => (o.Device, o.PreloadModels) = ("cpu", preload))
            .AddModel("ward", Tiny.Write(folder["ward.safetensors"])).AddModel("icu", Tiny.Write(folder["icu.safetensors"], 2));
        builder.Services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");
        return builder.Build();
    }
}
