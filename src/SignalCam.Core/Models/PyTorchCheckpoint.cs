using System.IO.Compression;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// Imports the tensors of a PyTorch checkpoint: the zip archive that torch.save writes (since PyTorch 1.6) for a dict of tensors.
/// </summary>
/// <remarks>
/// A pickle is a program. This reader runs none of it: it knows the few opcodes and names that dicts of tensors are made of, and refuses
/// everything else by its name and position. Memory is bounded by the file's size: compressed entries are refused, every claimed size is
/// checked against the bytes that are there.
/// </remarks>
public static class PyTorchCheckpoint
{
    /// <summary>Enough for some ten thousand tensors; more would only serve to exhaust the reader.</summary>
    private const int MaxPickleBytes = 4 << 20;

    private const string PickleName = "data.pkl";

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The .pt or .pth file.</param>
    /// <param name="key">
    /// The entry that holds the state dict, such as "state_dict"; null where the checkpoint is the state dict itself.
    /// </param>
    /// <returns>The tensors in the order of the state dict, row-major whatever their strides were.</returns>
    /// <exception cref="ModelFormatException">
    /// The file cannot be read, or holds anything but tensors; the message names what and where.
    /// </exception>
    public static IReadOnlyList<NamedTensor> Load(string path, string? key = null) => Read(ModelBytes.Read(path), path, key);

    /// <summary>Reads a checkpoint that is in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="key">As for <see cref="Load"/>.</param>
    /// <exception cref="ModelFormatException">As for <see cref="Load"/>.</exception>
    public static IReadOnlyList<NamedTensor> Read(ReadOnlyMemory<byte> bytes, string name, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            using var archive = new ZipArchive(AsStream(bytes), ZipArchiveMode.Read);
            var entries = new CheckpointArchive(archive, bytes.Length, name);
            var root = new PickleReader(entries.Read(PickleName, MaxPickleBytes), name).Read();
            var tensors = Tensors(StateDict(root, key, name), entries, name);
            ModelCheck.RequireNumbers(tensors, name);
            return tensors;
        }
        // What System.IO.Compression throws for archives that contradict themselves.
        catch (Exception e)
            when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new ModelFormatException(name, null, $"no readable zip archive ({Shown.Of(e.Message)})",
                "a checkpoint as torch.save writes it since PyTorch 1.6", e);
        }
    }

    private static PickleDict StateDict(object? root, string? key, string name)
    {
        if (root is not PickleDict dict)
            throw new ModelFormatException(name, PickleName, PickleReader.Describe(root), "a dict of tensors");
        if (key is null)
            return dict;
        return dict.Items.TryGetValue(key, out var value) && value is PickleDict inner
            ? inner
            : throw new ModelFormatException(name, PickleName, $"the keys {Keys(dict)}", $"a dict under '{key}'");
    }

    private static List<NamedTensor> Tensors(PickleDict stateDict, CheckpointArchive entries, string name)
    {
        if (stateDict.Items.Count > ModelLimits.Tensors)
            throw new ModelFormatException(name, PickleName, $"{stateDict.Items.Count} tensors", $"at most {ModelLimits.Tensors}");
        var tensors = new List<NamedTensor>(stateDict.Items.Count);
        foreach (var (key, value) in stateDict.Items)
        {
            if (key is string tensorName && value is PickleTensor tensor)
                tensors.Add(new NamedTensor(tensorName, tensor.Storage.DType, tensor.Shape, entries.Elements(tensor)));
            else
                throw new ModelFormatException(name, PickleName, $"{PickleReader.Describe(value)} under '{Shown.Of($"{key}")}'",
                    value is PickleDict
                        ? $"tensors only; where that dict is the state dict, name its key (there are {Keys(stateDict)})"
                        : "tensors only");
        }
        return tensors;
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    private static string Keys(PickleDict dict) => string.Join(", ", dict.Items.Keys.Take(10).Select(k => $"'{Shown.Of($"{k}")}'"));
}
