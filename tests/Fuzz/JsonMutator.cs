using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Fuzz;

/// <summary>Changes JSON where it stays JSON: numbers, names, members, parts doubled, exchanged or missing.</summary>
public static class JsonMutator
{
    private static readonly string[] s_texts =
    [
        "", " ", "signals", "null", "\0", "é\u202e", "../x", "[red]", "\u001b[2J", new string('a', 2000), "1e999", "NaN",
    ];

    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e-320", "-0.0", "1e308", "1e400", "[]", "{}", "[null]", "\"\"", "[[[[[[[[[[]]]]]]]]]]",
        "2147483648", "9223372036854775808",
    ];

    /// <summary>Changed text.</summary>
    public static string Mutate(string json, EcgRandom random)
    {
        var root = JsonNode.Parse(json)!;
        for (int times = 1 + random.Below(random.Chance(0.2) ? 8 : 3), i = 0; i < times; i++)
            MutateOnce(root, random);
        return root.ToJsonString();
    }

    private static void MutateOnce(JsonNode root, EcgRandom random)
    {
        var places = Places(root).ToArray();
        if (places.Length == 0)
            return;
        var (parent, key, index) = places[random.Below(places.Length)];
        var old = key is null ? parent[index] : parent[key];
        switch (random.Below(12))
        {
            case 0:
                Remove(parent, key, index);
                break;
            case 1:
                Set(parent, key, index, JsonNode.Parse(s_values[random.Below(s_values.Length)]));
                break;
            case 2:
                Set(parent, key, index, Other(places, old, random)?.DeepClone());
                break;
            case 3 when parent is JsonArray array && array.Count < 200:
                array.Insert(random.Below(array.Count + 1), old?.DeepClone());
                break;
            case 4 when parent is JsonObject members && members.Count < 200:
                members[random.Chance(0.5) ? "more" : (key ?? "") + "2"] = old?.DeepClone();
                break;
            default:
                Set(parent, key, index, Changed(old, random));
                break;
        }
    }

    /// <summary>What stands somewhere else; of the same kind mostly, such as another layer's name.</summary>
    private static JsonNode? Other((JsonNode Parent, string? Key, int Index)[] places, JsonNode? old, EcgRandom random)
    {
        var others = places.Select(place => place.Key is null ? place.Parent[place.Index] : place.Parent[place.Key]).ToArray();
        var alike = others.Where(other => other?.GetValueKind() == old?.GetValueKind()).ToArray();
        return random.Chance(0.8) ? alike[random.Below(alike.Length)] : others[random.Below(others.Length)];
    }

    private static JsonNode? Changed(JsonNode? old, EcgRandom random)
    {
        if (old is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
        {
            // Mostly what is still a valid number of its kind, which gets further.
            return random.Below(8) switch
            {
                <= 3 when value.TryGetValue<int>(out var number) => number + random.Below(7) - 3,
                <= 5 => random.Below(40),
                6 => random.Below(20_000),
                _ => JsonNode.Parse(ByteMutator.Number(random).ToString(CultureInfo.InvariantCulture)),
            };
        }
        if (old is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String)
            return random.Chance(0.7)
                ? s_texts[random.Below(s_texts.Length)]
                : text.GetValue<string>() + (random.Chance(0.5) ? "x" : "\u0001");
        return old is JsonValue flag && flag.TryGetValue<bool>(out var isTrue) ? !isTrue : ByteMutator.Number(random);
    }

    private static void Remove(JsonNode parent, string? key, int index)
    {
        if (key is null)
            ((JsonArray)parent).RemoveAt(index);
        else
            ((JsonObject)parent).Remove(key);
    }

    private static void Set(JsonNode parent, string? key, int index, JsonNode? value)
    {
        if (key is null)
            parent[index] = value;
        else
            parent[key] = value;
    }

    private static IEnumerable<(JsonNode Parent, string? Key, int Index)> Places(JsonNode? node)
    {
        if (node is JsonObject members)
            foreach (var (key, value) in members)
            {
                yield return (node, key, 0);
                foreach (var place in Places(value))
                    yield return place;
            }
        if (node is JsonArray items)
            for (var i = 0; i < items.Count; i++)
            {
                yield return (node, null, i);
                foreach (var place in Places(items[i]))
                    yield return place;
            }
    }
}
