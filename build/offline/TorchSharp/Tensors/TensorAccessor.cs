using System.Collections;
using System.Runtime.InteropServices;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in logical order, whatever its strides.</summary>
public sealed class TensorAccessor<T> : IEnumerable<T>, IDisposable where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        this.tensor = tensor;
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        Count = shape.TotalSize();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public unsafe T this[params long[] indices]
    {
        get => Held(data => data[Offset(indices)]);
        set => Held(data => data[Offset(indices)] = value);
    }

    public T[] ToArray()
    {
        var elements = new T[Count];
        CopyTo(elements.AsSpan());
        return elements;
    }

    public Array ToNDArray()
    {
        if (shape.Length == 0)
            return ToArray();
        var elements = Array.CreateInstance(typeof(T), shape);
        CopyTo(MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(elements)), elements.Length));
        return elements;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies as many elements, from `tensorIndex` on, as there are and as the target has room for.</summary>
    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = Window(array, arrayIndex, tensorIndex);
        fixed (T* pointer = target)
        {
            var (to, count) = ((nint)pointer, target.Length);
            Held(data =>
            {
                if (contiguous)
                    Buffer.MemoryCopy(data + tensorIndex, (void*)to, (long)count * sizeof(T), (long)count * sizeof(T));
                else
                    Walk(tensorIndex, count, (i, offset) => ((T*)to)[i] = data[offset]);
                return 0;
            });
        }
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = Window(array, arrayIndex, tensorIndex);
        fixed (T* pointer = source)
        {
            var (from, count) = ((nint)pointer, source.Length);
            Held(data =>
            {
                if (contiguous)
                    Buffer.MemoryCopy((void*)from, data + tensorIndex, (long)count * sizeof(T), (long)count * sizeof(T));
                else
                    Walk(tensorIndex, count, (i, offset) => data[offset] = ((T*)from)[i]);
                return 0;
            });
        }
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets go of the tensor, which stays what it is.</summary>
    public void Dispose()
    {
    }

    private unsafe delegate TResult Reader<TResult>(T* data);

    /// <summary>Keeps the tensor alive while its memory is used, whoever disposes of it meanwhile.</summary>
    private unsafe TResult Held<TResult>(Reader<TResult> body)
    {
        tensor.Hold();
        try
        {
            return body((T*)tensor.DataPointer);
        }
        finally
        {
            tensor.LetGo();
        }
    }

    private Span<T> Window(Span<T> array, int arrayIndex, long tensorIndex) =>
        array.Slice(arrayIndex, (int)Math.Min(array.Length - arrayIndex, Remaining(tensorIndex)));

    private ReadOnlySpan<T> Window(ReadOnlySpan<T> array, int arrayIndex, long tensorIndex) =>
        array.Slice(arrayIndex, (int)Math.Min(array.Length - arrayIndex, Remaining(tensorIndex)));

    private long Remaining(long tensorIndex) =>
        tensorIndex >= 0 && tensorIndex <= Count ? Count - tensorIndex : throw new ArgumentOutOfRangeException(nameof(tensorIndex), tensorIndex, $"the tensor has {Count} elements");

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && shape.Length != 1)
            return Unravel(indices[0]).Zip(strides, (index, stride) => index * stride).Sum();
        if (indices.Length != shape.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {shape.Length} dimensions");
        var offset = 0L;
        for (var d = 0; d < indices.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= shape[d])
                throw new IndexOutOfRangeException($"index {indices[d]} is outside of dimension {d} of size {shape[d]}");
            offset += indices[d] * strides[d];
        }
        return offset;
    }

    private long[] Unravel(long flat)
    {
        if (flat < 0 || flat >= Count)
            throw new IndexOutOfRangeException($"index {flat} is outside of a tensor of {Count} elements");
        var indices = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--)
            (flat, indices[d]) = Math.DivRem(flat, shape[d]);
        return indices;
    }

    private void Walk(long start, long count, Action<long, long> visit)
    {
        if (count == 0)
            return;
        var indices = Unravel(start);
        var offset = indices.Zip(strides, (index, stride) => index * stride).Sum();
        for (var i = 0L; i < count; i++)
        {
            visit(i, offset);
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++indices[d] < shape[d])
                    break;
                offset -= strides[d] * shape[d];
                indices[d] = 0;
            }
        }
    }
}
