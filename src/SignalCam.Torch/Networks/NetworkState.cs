using SignalCam.Abstractions;
using SignalCam.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Networks;

/// <summary>Copies a network's weights out of torch and back in.</summary>
internal static class NetworkState
{
    /// <summary>All weights and buffers, in the order of the network's layers.</summary>
    public static IReadOnlyList<NamedTensor> Copy(EcgNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return [.. network.State.Select(pair => ToNamed(pair.Key, pair.Value))];
    }

    /// <summary>Puts weights into a network. Nothing is changed unless all of them fit.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">Weights by name; every tensor of the network must be there, and no other.</param>
    /// <param name="file">Where they come from, for messages.</param>
    /// <exception cref="ModelFormatException">A tensor is missing, unexpected or of another size; the message names it.</exception>
    public static void Load(EcgNetwork network, IReadOnlyList<NamedTensor> tensors, string file)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tensors);
        var state = network.State;
        var given = tensors.ToDictionary(t => t.Name);
        var unexpected = given.Keys.Where(name => !state.ContainsKey(name)).ToArray();
        if (unexpected.Length > 0)
            throw new ModelFormatException(file, "weights", $"tensor '{unexpected[0]}'{More(unexpected)}",
                $"only tensors of the network: {string.Join(", ", state.Keys)}");
        var missing = state.Keys.Where(name => !given.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
            throw new ModelFormatException(file, "weights", $"no tensor '{missing[0]}'{More(missing)}", "every tensor of the network");
        foreach (var (name, target) in state)
        {
            // PyTorch keeps a counter as a scalar, others as a vector of one: the same thing.
            if (given[name].Shape.Aggregate(1L, (a, b) => a * b) != target.numel()
                || (target.numel() > 1 && !given[name].Shape.SequenceEqual(target.shape)))
                throw new ModelFormatException(
                    file, $"tensor '{name}'", $"shape [{string.Join(", ", given[name].Shape)}]", $"[{string.Join(", ", target.shape)}]");
        }
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in state)
        {
            var source = target.dtype == ScalarType.Int64
                ? tensor(given[name].ToInt64s(), target.shape)
                : tensor(given[name].ToSingles(), target.shape);
            target.copy_(source);
        }
    }

    /// <summary>Puts weights into the tensors of these names alone. Nothing is changed unless all of them fit.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tensors">Weights by name; others are left out.</param>
    /// <param name="names">The network's tensors that are to be filled.</param>
    /// <param name="file">Where the weights come from, for messages.</param>
    /// <exception cref="ModelFormatException">A tensor is missing or of another size; the message names it.</exception>
    internal static void LoadPart(EcgNetwork network, IReadOnlyList<NamedTensor> tensors, IReadOnlySet<string> names, string file)
    {
        var given = tensors.Where(t => names.Contains(t.Name)).ToDictionary(t => t.Name);
        Load(network, [.. Copy(network).Select(own => !names.Contains(own.Name) ? own
            : given.GetValueOrDefault(own.Name) ?? throw new ModelFormatException(file, "weights", $"no tensor '{own.Name}'",
                "every tensor of the backbone"))], file);
    }

    private static string More(string[] names) => names.Length > 1 ? $" and {names.Length - 1} more" : "";

    /// <summary>A copy of a tensor's values.</summary>
    internal static NamedTensor ToNamed(string name, Tensor tensor)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        return values.dtype == ScalarType.Int64
            ? new NamedTensor(name, values.shape, values.data<long>().ToArray())
            : new NamedTensor(name, values.shape, values.data<float>().ToArray());
    }
}
