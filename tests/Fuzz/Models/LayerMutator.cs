using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Fuzz.Models;

/// <summary>Changes numbers, choices and connections of a layer graph, mostly to what could stand there.</summary>
internal static class LayerMutator
{
    private static readonly string[] s_functions =
    [
        "Relu", "Relu6", "Elu", "Gelu", "GeluTanh", "Silu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish",
    ];

    /// <summary>Changed text of a graph.</summary>
    public static string Mutate(string text, EcgRandom random)
    {
        var graph = JsonNode.Parse(text)!.AsObject();
        var nodes = graph["nodes"]!.AsArray();
        // Maps hold the end of a graph to its form, which few changes keep.
        for (var i = nodes.Count - 1; i >= 0 && random.Chance(0.6); i--)
            if (nodes[i]!["kind"]!.GetValue<string>() == "cam")
                nodes.RemoveAt(i);
        for (int times = 1 + random.Below(4), i = 0; i < times; i++)
            MutateOnce(nodes, random);
        return graph.ToJsonString();
    }

    private static void MutateOnce(JsonArray nodes, EcgRandom random)
    {
        var at = random.Below(nodes.Count);
        var node = nodes[at]!.AsObject();
        var members = node.Where(member => member.Key is not ("kind" or "name")).ToArray();
        var (key, value) = members[random.Below(members.Length)];
        switch (value)
        {
            case JsonArray inputs:
                inputs[random.Below(inputs.Count)] = Source(nodes, at, random);
                break;
            case { } flag when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                node[key] = flag.GetValueKind() == JsonValueKind.False;
                break;
            case { } number when number.GetValueKind() == JsonValueKind.Number:
                node[key] = Number(number, random);
                break;
            default:
                node[key] = key switch
                {
                    "input" => Source(nodes, at, random),
                    "function" => s_functions[random.Below(s_functions.Length)],
                    "pool" => random.Chance(0.5) ? "Max" : "Average",
                    _ => value?.DeepClone(),
                };
                break;
        }
    }

    private static JsonNode Number(JsonNode old, EcgRandom random) => random.Below(10) switch
    {
        <= 4 when old.AsValue().TryGetValue<int>(out var number) => Math.Max(0, number + random.Below(7) - 3),
        <= 7 => random.Below(24),
        8 => random.Below(3000),
        _ => ByteMutator.Number(random),
    };

    private static string Source(JsonArray nodes, int before, EcgRandom random) =>
        random.Below(before + 1) is var at && at < before ? nodes[at]!["name"]!.GetValue<string>() : "signals";
}
