using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SignalCam.Viewer.Tests;

/// <summary>The API describes itself, and the health check speaks for the models.</summary>
public sealed class OpenApiTests(ViewerHost host) : IClassFixture<ViewerHost>
{
    private readonly HttpClient _client = host.CreateClient();

    [Fact]
    public async Task Every_endpoint_is_described_with_a_summary_and_its_problems()
    {
        var paths = (await _client.AskAsync("/openapi/v1.json"))["paths"]!.AsObject();
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => "/" + e.RoutePattern.RawText!.Trim('/'))
            .Where(path => path.StartsWith("/api", StringComparison.Ordinal)).Distinct().ToArray();
        Assert.NotEmpty(mapped);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), paths.Select(p => p.Key.TrimEnd('/')).Order(StringComparer.Ordinal));
        foreach (var (path, methods) in paths)
            foreach (var (method, operation) in methods!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), $"{method} {path} has no summary");
                Assert.False(string.IsNullOrEmpty((string?)operation["operationId"]), $"{method} {path} has no id");
                if (path.Contains('{', StringComparison.Ordinal))
                    Assert.NotNull(operation["responses"]!["404"]!["content"]!["application/problem+json"]);
            }
    }

    [Fact]
    public async Task Opening_and_explaining_say_what_they_take()
    {
        var paths = (await _client.AskAsync("/openapi/v1.json"))["paths"]!;
        var upload = paths["/api/recordings"]!["post"]!;
        Assert.NotNull(upload["requestBody"]!["content"]!["multipart/form-data"]);
        Assert.Equal(["201", "400", "403", "408", "413", "415", "422", "429"],
            upload["responses"]!.AsObject().Select(r => r.Key).Order(StringComparer.Ordinal));
        var names = paths["/api/recordings/{id}/explanation"]!["get"]!["parameters"]!.AsArray().Select(p => (string)p!["name"]!);
        Assert.Equal(["class", "explainer", "id", "model"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Health_names_models_and_engine()
    {
        await _client.AskAsync("/api/recordings/example-normal/explanation");
        var health = await _client.AskAsync("/health");
        Assert.Equal("Healthy", (string)health["status"]!);
        Assert.Contains("loaded, compiled",
            health["checks"]!["signalcam"]!["data"]!["model normal-abnormal"]!.ToString(), StringComparison.Ordinal);
    }
}
