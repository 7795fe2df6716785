using System.Text.Json;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Metrics;

/// <summary>Inputs and results of scikit-learn 1.2.</summary>
internal static class GoldenMetrics
{
    public static JsonElement Read(string kind)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(TestData.Shared("golden/metrics.json")));
        return file.RootElement.GetProperty(kind).Clone();
    }

    /// <summary>A number, or an array of numbers of any depth, as one flat array.</summary>
    public static double[] Numbers(this JsonElement element, string name) => [.. Flatten(element.GetProperty(name))];

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static IEnumerable<double> Flatten(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Flatten) : [element.GetDouble()];
}
