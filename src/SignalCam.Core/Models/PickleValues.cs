namespace SignalCam.Core.Models;

/// <summary>Values in a pickle of the state-dict subset, other than strings, integers (long), doubles, booleans and null.</summary>
internal abstract record PickleValue;

/// <summary>An allowed global: a name that is inspected, never called.</summary>
internal sealed record PickleGlobal(string Name) : PickleValue;

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items) : PickleValue;

/// <summary>A list, as other parts of a checkpoint may hold one; its items are ignored.</summary>
internal sealed record PickleList : PickleValue;

/// <summary>A dict or OrderedDict, in the order in which it was filled.</summary>
internal sealed record PickleDict : PickleValue
{
    private static readonly OrderedDictionary<object, object?> Empty = [];

    private OrderedDictionary<object, object?>? _items;

    public OrderedDictionary<object, object?> Items => _items ?? Empty;

    /// <summary>False if the key exists.</summary>
    public bool TryAdd(object key, object? value) => (_items ??= []).TryAdd(key, value);
}

/// <summary>The elements that one or several tensors share: an entry of the archive.</summary>
internal sealed record PickleStorage(TensorDType DType, string Key, long Count) : PickleValue;

/// <summary>A view of a storage.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides) : PickleValue
{
    /// <summary>Whether the elements stand in row-major order without gaps.</summary>
    public bool IsContiguous()
    {
        var expected = 1L;
        for (var i = Shape.Length - 1; i >= 0; i--)
        {
            if (Shape[i] != 1 && Strides[i] != expected)
                return false;
            expected *= Shape[i];
        }
        return true;
    }
}
